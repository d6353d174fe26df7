"""What passes did, counted: in their own words first, then all that came, went and was set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute

from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class Census:
    """How often what is in a module."""

    operations: Counter[str]

    types: Counter[tuple[str, tuple[Attribute, ...]]]
    """By the name of the operation and the types of its results."""

    attributes: Counter[tuple[str, str]]
    """By the name of the operation that has it; attributes and properties."""

    @staticmethod
    def of(module: ModuleOp) -> Census:
        """That of a module."""
        operations, attributes = Counter[str](), Counter[tuple[str, str]]()
        types = Counter[tuple[str, tuple[Attribute, ...]]]()
        for op in module.walk():
            operations[op.name] += 1
            types[op.name, tuple(op.result_types)] += 1
            attributes.update((op.name, name) for name in (*op.attributes, *op.properties))
        return Census(operations, types, attributes)


@dataclass(frozen=True)
class Changes:
    """The differences between two census."""

    operations: Mapping[str, int]
    """How many more there are of a name."""

    retyped: Mapping[str, int]
    """How many have results of other types, of those of a name that were there before."""

    attributes: Mapping[str, int]
    """How many more operations have an attribute, of those that were there before."""

    @staticmethod
    def between(before: Census, after: Census) -> Changes:
        """What a pass changed."""
        operations = {
            name: after.operations[name] - before.operations[name]
            for name in before.operations | after.operations
        }
        moved = Counter[str]()
        for name, types in before.types | after.types:
            moved[name] += abs(after.types[name, types] - before.types[name, types])
        attributes = Counter[str]()
        for op, name in before.attributes | after.attributes:
            change = after.attributes[op, name] - before.attributes[op, name]
            # What each operation of a kind has came and went with it.
            if change != operations[op]:
                attributes[name] += change
        retyped = {name: (count - abs(operations[name])) // 2 for name, count in moved.items()}
        return Changes(operations, retyped, attributes)

    def counted(self, statistic: Statistic) -> int:
        """How often a pass did what it counts."""
        operations, retyped, attributes = self.operations, self.retyped, self.attributes
        return sum(
            (
                sum(max(operations[name], 0) for name in _like(statistic.added, operations)),
                sum(max(-operations[name], 0) for name in _like(statistic.removed, operations)),
                sum(retyped[name] for name in _like(statistic.retyped, retyped)),
                sum(max(attributes[name], 0) for name in _like(statistic.marked, attributes)),
            )
        )

    def lines(self, statistics: Sequence[Statistic]) -> Sequence[str]:
        """
        What changed, for people: what a pass counts, then the rest, the most first; operations
        before attributes.
        """
        counts = ((self.counted(each), each.meaning) for each in statistics)
        return [
            *(f"{count:6} {meaning}" for count, meaning in counts if count),
            *_told(self.operations, "added", "removed"),
            *_told(self.retyped, "retyped", "retyped"),
            *_told(self.attributes, "set", "dropped"),
        ]


def _like(pattern: str, names: Mapping[str, int]) -> Iterator[str]:
    return (name for name in names if fnmatchcase(name, pattern))


def _told(changes: Mapping[str, int], more: str, fewer: str) -> Sequence[str]:
    ordered = sorted(changes.items(), key=lambda each: (-abs(each[1]), each[0]))
    return [
        f"{abs(change):6}   {name} {more if change > 0 else fewer}"
        for name, change in ordered
        if change
    ]
