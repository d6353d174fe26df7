"""Which buffers an operation writes, so that everything else can be `const`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xdsl.dialects import func, memref
from xdsl.ir import Operation, SSAValue

from vaqf.backends.hls.design import Design
from vaqf.dialects import accel


def written_by(op: Operation, design: Design) -> Iterator[SSAValue]:
    """The buffers among the operands of an op that it writes."""
    match op:
        case accel.LoadOp() | accel.CopyRowOp() | accel.StoreMatrixOp():
            yield op.destination
        case accel.FillOp():
            yield op.buffer
        case accel.AccumulateOp():
            yield op.sums
        case accel.ScaleOp() | accel.NormalizeOp():
            yield op.scaled
        case (
            accel.StoreRoundedOp()
            | accel.StoreLookupOp()
            | accel.AddRoundedOp()
            | accel.StoreRescaledOp()
            | accel.LoadMatrixOp()
        ):
            yield op.matrix
        case accel.GatherPatchOp():
            yield op.patches
        case accel.AddMomentsOp():
            yield from (op.sums, op.squares)
        case accel.ReciprocalRootOp():
            yield from (op.inverses, op.exponents)
        case accel.ScoreOp():
            yield from (op.scores, op.maxima)
        case accel.ExponentiateOp():
            yield from (op.exponentials, op.sums)
        case accel.AddRowOp():
            yield op.sums
        case accel.ReciprocalOp():
            yield op.inverses
        case accel.MixOp():
            yield op.mixed
        case func.CallOp() if op.callee.string_value() in design.engines_by_symbol:
            engine = design.engines_by_symbol[op.callee.string_value()]
            written = written_in([engine.function], design)
            for argument, value in zip(engine.arguments, op.arguments, strict=True):
                if argument in written:
                    yield value
        case _:
            pass


def source_of(value: SSAValue) -> SSAValue:
    """The buffer that a value is, or is a part of, whatever size a cast gave it."""
    match value.owner:
        case memref.CastOp(source=source):
            return source_of(source)
        case accel.ReuseOp(storage=storage):
            return source_of(storage)
        case accel.SlotOp(buffer=buffer):
            return source_of(buffer)
        case _:
            return value


def written_in(operations: Iterable[Operation], design: Design) -> set[SSAValue]:
    """The buffers that operations, and those inside of them, write."""
    return {
        source_of(value)
        for each in operations
        for op in each.walk()
        for value in written_by(op, design)
    }
