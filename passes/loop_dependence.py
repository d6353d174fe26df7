"""How soon iterations of a pipeline need what earlier ones have written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from xdsl.dialects import scf
from xdsl.ir import Block, Operation, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.diagnostics import fail
from vaqf.passes.array_uses import Use, array_uses
from vaqf.passes.costs.latencies import UPDATE_LATENCY
from vaqf.passes.costs.operations import depth_of
from vaqf.passes.loop_nests import Nest, Numbers

WHOLE = -1
"""Stands for all rows of an array."""

Place = tuple[SSAValue, tuple[int, ...]]
"""One of several equal arrays: what holds them, and its numbers."""


@dataclass(frozen=True)
class Dependence:
    """What one op reads after another one has written it, some iterations before."""

    array: SSAValue
    writer: Operation
    reader: Operation

    distance: int
    """Iterations from the write to the read, at least."""

    @property
    def latency(self) -> int:
        """Cycles from the start of the writer's iteration until the reader can start."""
        if self.writer is self.reader:
            # Only the addition has to wait: what is added is computed ahead.
            return UPDATE_LATENCY
        return depth_of(self.writer)

    @property
    def interval(self) -> int:
        """Cycles between iterations that are enough."""
        return -(-self.latency // self.distance)

    @property
    def name(self) -> str:
        """What messages call the array."""
        return self.array.name_hint or "an array"


@dataclass(frozen=True)
class Access:
    """One use of an array by an op of a loop, ready to be followed through its iterations."""

    op: Operation
    use: Use

    conditions: tuple[SSAValue, ...]
    """Of the parts of the loop that it stands in."""

    array: SSAValue
    """What holds the array: `use.array`, or that of which it is one of several."""

    numbers: tuple[SSAValue, ...]
    """Which of the several, innermost first."""

    @staticmethod
    def of(op: Operation, use: Use, conditions: tuple[SSAValue, ...]) -> Access:
        """That of an op."""
        numbers: list[SSAValue] = []
        array = use.array
        while isinstance(slot := array.owner, accel.SlotOp):
            numbers.append(slot.index)
            array = slot.buffer
        return Access(op, use, conditions, array, tuple(numbers))

    def place(self, known: Numbers) -> Place:
        """
        Which array it means in an iteration.

        Raises:
            PassFailedException: when that is not known.
        """
        try:
            return self.array, tuple([known[each] for each in self.numbers])
        except KeyError:
            name = self.use.name
            fail(self.op, f"uses '{name}' by a number that depends on more than loop counters")

    def rows(self, known: Numbers) -> Iterable[int]:
        """
        Which rows of the array it uses in an iteration.

        Raises:
            PassFailedException: when that is not known.
        """
        first, count = self.use.row, self.use.rows
        if first is None:
            return (WHOLE,)
        if first not in known:
            fail(
                self.op,
                f"the rows of '{self.use.name}' cannot be told from those of other iterations, "
                "expected row numbers that depend on loop counters alone",
            )
        return range(known[first], known[first] + count)


def accesses_in(block: Block, conditions: tuple[SSAValue, ...] = ()) -> Iterator[Access]:
    """All uses of arrays by the ops of a block, in their order."""
    for op in block.ops:
        for use in array_uses(op):
            yield Access.of(op, use, conditions)
        inside = (*conditions, op.cond) if isinstance(op, scf.IfOp) else conditions
        for region in op.regions:
            for inner in region.blocks:
                yield from accesses_in(inner, inside)


class History:
    """Who has written what, and when."""

    def __init__(self) -> None:
        self.writes: dict[tuple[Place, int], tuple[int, Operation]] = {}
        self.read: set[SSAValue] = set()
        self.written: set[SSAValue] = set()
        self.nearest: dict[tuple[SSAValue, Operation, Operation], int] = {}

    def note(self, number: int, access: Access, known: Numbers) -> None:
        """Take down one use in iteration `number`."""
        place, op, use = access.place(known), access.op, access.use
        for row in access.rows(known):
            before = self.writes.get((place, row))
            if before is not None and (use.reads or before[1] is not op):
                distance = number - before[0]
                key = place[0], before[1], op
                if distance:
                    self.nearest[key] = min(distance, self.nearest.get(key, distance))
            if use.writes:
                self.writes[place, row] = number, op
        if use.reads:
            self.read.add(place[0])
        if use.writes:
            self.written.add(place[0])


@dataclass(frozen=True)
class Dependences:
    """What the iterations of a nest need of each other."""

    found: tuple[Dependence, ...]
    """For every pair of a writer and a reader, the nearest."""

    carried: tuple[SSAValue, ...]
    """Arrays of the engine that are both written and read."""

    @property
    def nearest(self) -> Dependence | None:
        """That which keeps iterations furthest apart; None when all are independent."""
        return max(self.found, key=lambda each: (each.interval, -each.distance), default=None)

    @property
    def interval(self) -> int:
        """Cycles between iterations that are enough."""
        return 1 if self.nearest is None else self.nearest.interval

    def distance(self, array: SSAValue) -> int | None:
        """Iterations from a write to an array to a read of it; None when there is no such read."""
        return min((each.distance for each in self.found if each.array is array), default=None)


def dependences(nest: Nest, calls: Iterable[Numbers]) -> Dependences:
    """
    What iterations of a nest of loops need of earlier ones, found by following its indices.

    Args:
        nest: the loops.
        calls: the sizes of every call of the engine; the loops are followed for each.

    Raises:
        PassFailedException: when an index depends on more than loop counters and sizes.
    """
    nearest: dict[tuple[SSAValue, Operation, Operation], int] = {}
    carried: dict[SSAValue, None] = {}
    parts = [
        (conditions, list(accesses))
        for conditions, accesses in groupby(
            accesses_in(nest.innermost.body.block), lambda each: each.conditions
        )
    ]
    wanted = [
        value
        for conditions, accesses in parts
        for access in accesses
        for value in (*conditions, *access.numbers, access.use.row)
        if value is not None
    ]
    for arguments in nest.distinct(calls, wanted):
        history = History()
        for number, known in enumerate(nest.iterations(arguments)):
            for conditions, accesses in parts:
                if not any(known.get(each) == 0 for each in conditions):
                    for access in accesses:
                        history.note(number, access, known)
        for key, distance in history.nearest.items():
            nearest[key] = min(distance, nearest.get(key, distance))
        both = history.read & history.written
        carried.update(
            (value, None)
            for value in sorted(both, key=lambda each: each.name_hint or "")
            if isinstance(value.owner, accel.BufferOp)
        )
    found = tuple(
        Dependence(array, writer, reader, distance)
        for (array, writer, reader), distance in nearest.items()
    )
    return Dependences(found, tuple(carried))


def reason(nest: Nest, found: Dependences) -> str:
    """Why iterations may start so soon after each other, in a sentence."""
    what = nest.innermost.body.block.args[0].name_hint or "iteration"
    nearest = found.nearest
    if nearest is None:
        return f"every {what} is independent"
    later = "1 iteration later" if nearest.distance == 1 else f"{nearest.distance} iterations later"
    return (
        f"what is written to {nearest.name} is needed {later}, and is there after "
        f"{nearest.latency} cycles"
    )
