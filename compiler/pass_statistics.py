"""What passes did, counted: operations that came and went, and attributes that were set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp


@dataclass(frozen=True)
class Census:
    """How often what is in a module."""

    operations: Counter[str]

    attributes: Counter[tuple[str, str]]
    """By the name of the operation that has it; attributes and properties."""

    @staticmethod
    def of(module: ModuleOp) -> Census:
        """That of a module."""
        operations, attributes = Counter[str](), Counter[tuple[str, str]]()
        for op in module.walk():
            operations[op.name] += 1
            attributes.update((op.name, name) for name in (*op.attributes, *op.properties))
        return Census(operations, attributes)

    def changes(self, after: Census) -> list[str]:
        """What differs from a later census, the most first; operations before attributes."""
        operations = {
            name: after.operations[name] - self.operations[name]
            for name in self.operations | after.operations
        }
        attributes = Counter[str]()
        for op, name in self.attributes | after.attributes:
            change = after.attributes[op, name] - self.attributes[op, name]
            # What each operation of a kind has came and went with it.
            if change != operations[op]:
                attributes[name] += change
        return [
            *_told(operations, "added", "removed"),
            *_told(attributes, "set", "dropped"),
        ]


def _told(changes: Mapping[str, int], came: str, went: str) -> list[str]:
    ordered = sorted(changes.items(), key=lambda each: (-abs(each[1]), each[0]))
    return [
        f"{abs(change):6} {name} {came if change > 0 else went}"
        for name, change in ordered
        if change
    ]
