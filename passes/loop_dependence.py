"""How soon iterations of a pipeline need what earlier ones have written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.dialects import scf
from xdsl.ir import Block, Operation, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.diagnostics import fail
from vaqf.passes.array_uses import Use, array_uses
from vaqf.passes.costs.latencies import UPDATE_LATENCY
from vaqf.passes.costs.operations import depth_of
from vaqf.passes.loop_nests import Iterations, Nest, Numbers

WHOLE = -1
"""Stands for all rows of an array."""

Row = tuple[int, ...]
"""One row of one of several equal arrays: the numbers of the array, and of the row."""

Rows = list[Row]

Pair = tuple[Operation, Operation]
"""Who writes, and who uses what was written."""


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

    def rows(self, every: Iterations) -> Sequence[Rows]:
        """
        Which rows of which array it uses in each iteration; none where a condition does not hold.

        Raises:
            PassFailedException: when that is not known.
        """
        first, count = self.use.row, self.use.rows
        happens = np.full(every.count, True)
        for condition in self.conditions:
            if condition in every.known:
                happens &= every.of(condition) != 0
        if not happens.any():
            return [[] for _ in happens]
        if any(number not in every.known for number in self.numbers):
            name = self.use.name
            fail(self.op, f"uses '{name}' by a number that depends on more than loop counters")
        if first is not None and first not in every.known:
            fail(
                self.op,
                f"the rows of '{self.use.name}' cannot be told from those of other iterations, "
                "expected row numbers that depend on loop counters alone",
            )
        numbers = [every.of(number).tolist() for number in self.numbers]
        if first is None:
            numbers.append([WHOLE] * every.count)
        else:
            numbers.append(every.of(first).tolist())
        places = list(zip(*numbers, strict=True))
        if first is None or count == 1:
            return [[place] if is_so else [] for place, is_so in zip(places, happens, strict=True)]
        return [
            [(*which, row + number) for number in range(count)] if is_so else []
            for (*which, row), is_so in zip(places, happens, strict=True)
        ]


def accesses_in(block: Block, conditions: tuple[SSAValue, ...] = ()) -> Iterator[Access]:
    """All uses of arrays by the ops of a block, in their order."""
    for op in block.ops:
        for use in array_uses(op):
            yield Access.of(op, use, conditions)
        inside = (*conditions, op.cond) if isinstance(op, scf.IfOp) else conditions
        for region in op.regions:
            for inner in region.blocks:
                yield from accesses_in(inner, inside)


def ordered(accesses: Sequence[Access]) -> dict[SSAValue, list[Access]]:
    """The uses of each array that is written, and read or used by another op: order matters."""
    every: dict[SSAValue, list[Access]] = {}
    for each in accesses:
        every.setdefault(each.array, []).append(each)
    return {
        array: uses
        for array, uses in every.items()
        if any(each.use.writes for each in uses)
        and (any(each.use.reads for each in uses) or len({each.op for each in uses}) > 1)
    }


def nearest_uses(history: Sequence[tuple[Access, Sequence[Rows]]]) -> dict[Pair, int]:
    """
    How many iterations after a write its rows are used again, at least, by writer and user.

    Args:
        history: all uses of one array in their order, with the rows in each iteration.
    """
    nearest: dict[Pair, int] = {}
    writes: dict[Row, tuple[int, Operation]] = {}
    accesses = [access for access, _ in history]
    for number, used in enumerate(zip(*(rows for _, rows in history), strict=True)):
        for access, rows in zip(accesses, used, strict=True):
            op, use = access.op, access.use
            for row in rows:
                before = writes.get(row)
                if before is not None and (use.reads or before[1] is not op):
                    distance = number - before[0]
                    if distance and distance < nearest.get((before[1], op), distance + 1):
                        nearest[before[1], op] = distance
                if use.writes:
                    writes[row] = number, op
    return nearest


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
    every = ordered(list(accesses_in(nest.innermost.body.block)))
    wanted = [
        value
        for accesses in every.values()
        for access in accesses
        for value in (*access.conditions, *access.numbers, access.use.row)
        if value is not None
    ]
    nearest: dict[tuple[SSAValue, Pair], int] = {}
    carried: dict[SSAValue, None] = {}
    for arguments in nest.distinct(calls, wanted):
        iterations = nest.iterations(arguments, wanted)
        for array, accesses in every.items():
            history = [(access, access.rows(iterations)) for access in accesses]
            uses = [access.use for access, rows in history if any(rows)]
            if any(use.reads for use in uses) and any(use.writes for use in uses):
                carried[array] = None
            for pair, distance in nearest_uses(history).items():
                nearest[array, pair] = min(distance, nearest.get((array, pair), distance))
    found = tuple(
        Dependence(array, writer, reader, distance)
        for (array, (writer, reader)), distance in nearest.items()
    )
    buffers = [array for array in carried if isinstance(array.owner, accel.BufferOp)]
    return Dependences(found, tuple(sorted(buffers, key=lambda each: each.name_hint or "")))


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
