"""How soon iterations of a pipeline need what earlier ones have written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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


def uses_in(block: Block, known: Numbers) -> Iterator[tuple[Operation, Use]]:
    """What the ops of a block do with arrays, as far as conditions are not known not to hold."""
    for op in block.ops:
        for use in array_uses(op):
            yield op, use
        if isinstance(op, scf.IfOp) and known.get(op.cond) == 0:
            continue
        for region in op.regions:
            for inner in region.blocks:
                yield from uses_in(inner, known)


def place_of(op: Operation, use: Use, known: Numbers) -> Place:
    """
    Which array a use means.

    Raises:
        PassFailedException: when that is not known.
    """
    numbers: list[int] = []
    value = use.array
    while isinstance(slot := value.owner, accel.SlotOp):
        if slot.index not in known:
            fail(op, f"uses '{use.name}' by a number that depends on more than loop counters")
        numbers.append(known[slot.index])
        value = slot.buffer
    return value, tuple(numbers)


def rows_of(op: Operation, use: Use, known: Numbers) -> Iterable[int]:
    """
    Which rows of an array are used.

    Raises:
        PassFailedException: when that is not known.
    """
    if use.row is None:
        return (WHOLE,)
    if use.row not in known:
        fail(
            op,
            f"the rows of '{use.name}' cannot be told from those of other iterations, "
            "expected row numbers that depend on loop counters alone",
        )
    return range(known[use.row], known[use.row] + use.rows)


class History:
    """Who has written what, and when."""

    def __init__(self) -> None:
        self.writes: dict[tuple[Place, int], tuple[int, Operation]] = {}
        self.read: set[SSAValue] = set()
        self.written: set[SSAValue] = set()
        self.nearest: dict[tuple[SSAValue, Operation, Operation], int] = {}

    def note(self, number: int, op: Operation, use: Use, known: Numbers) -> None:
        """Take down one use in iteration `number`."""
        place = place_of(op, use, known)
        for row in rows_of(op, use, known):
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
    for arguments in calls:
        history = History()
        for number, known in enumerate(nest.iterations(arguments)):
            for op, use in uses_in(nest.innermost.body.block, known):
                history.note(number, op, use, known)
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
