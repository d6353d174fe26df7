"""Which arrays a tile op reads and writes, and which rows of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from vaqf.dialects import accel

TILE_OPS = (
    accel.FillOp,
    accel.AccumulateOp,
    accel.ScaleOp,
    accel.StoreRoundedOp,
    accel.StoreLookupOp,
    accel.AddRoundedOp,
    accel.GatherPatchOp,
    accel.AddMomentsOp,
    accel.ReciprocalRootOp,
    accel.NormalizeOp,
    accel.CopyRowOp,
    accel.ScoreOp,
    accel.ExponentiateOp,
    accel.ReciprocalOp,
    accel.MixOp,
    accel.StoreRescaledOp,
    accel.AddRowOp,
)
"""What may stand in a pipelined loop, beside index arithmetic."""


@dataclass(frozen=True)
class Use:
    """What one execution of an op does with an array."""

    array: SSAValue
    """A local array, or a matrix of activations."""

    row: SSAValue | None
    """First index of the first dimension; None when the op uses all of the array."""

    reads: bool = False
    writes: bool = False

    rows: int = 1
    """How many rows, from `row` on."""

    @property
    def name(self) -> str:
        """What messages call the array."""
        return self.array.name_hint or "an array"


def array_uses(op: Operation) -> Iterator[Use]:
    """The arrays on the device that a tile op uses, those that it reads first."""
    match op:
        case accel.LoadOp():
            yield Use(op.destination, None, writes=True)
        case accel.FillOp():
            yield Use(op.buffer, op.indices[0] if op.indices else None, writes=True)
        case accel.AccumulateOp():
            tokens = op.tokens.value.data
            yield Use(op.activation, op.token, reads=True, rows=tokens)
            yield Use(op.weight, None, reads=True)
            yield Use(op.sums, op.token, reads=True, writes=True, rows=tokens)
        case accel.ScaleOp():
            yield Use(op.sums, op.token, reads=True)
            yield Use(op.multipliers, None, reads=True)
            yield Use(op.offsets, None, reads=True)
            yield Use(op.scaled, None, writes=True)
        case accel.StoreRoundedOp():
            yield Use(op.scaled, None, reads=True)
            yield Use(op.matrix, op.row, writes=True)
        case accel.StoreLookupOp():
            yield Use(op.scaled, None, reads=True)
            yield Use(op.table, None, reads=True)
            yield Use(op.matrix, op.row, writes=True)
        case accel.AddRoundedOp():
            yield Use(op.scaled, None, reads=True)
            yield Use(op.matrix, op.row, reads=True, writes=True)
        case accel.GatherPatchOp():
            yield Use(op.image, None, reads=True)
            yield Use(op.patches, op.row, writes=True)
        case accel.AddMomentsOp():
            yield Use(op.matrix, op.row, reads=True)
            yield Use(op.sums, op.token, reads=True, writes=True)
            yield Use(op.squares, op.token, reads=True, writes=True)
        case accel.ReciprocalRootOp():
            yield Use(op.sums, op.token, reads=True)
            yield Use(op.squares, op.token, reads=True)
            yield Use(op.inverses, op.token, writes=True)
            yield Use(op.exponents, op.token, writes=True)
        case accel.NormalizeOp():
            yield Use(op.matrix, op.row, reads=True)
            yield Use(op.sums, op.token, reads=True)
            yield Use(op.inverses, op.token, reads=True)
            yield Use(op.exponents, op.token, reads=True)
            yield Use(op.multipliers, None, reads=True)
            yield Use(op.offsets, None, reads=True)
            yield Use(op.scaled, None, writes=True)
        case accel.CopyRowOp():
            yield Use(op.matrix, op.row, reads=True)
            yield Use(op.destination, op.target, writes=True)
        case accel.ScoreOp():
            yield Use(op.queries, op.query, reads=True)
            yield Use(op.keys, op.key, reads=True, rows=op.lanes.value.data)
            yield Use(op.scores, op.query, writes=True)
            yield Use(op.maxima, op.query, reads=True, writes=True)
        case accel.ExponentiateOp():
            yield Use(op.scores, op.query, reads=True)
            yield Use(op.maxima, op.query, reads=True)
            yield Use(op.table, None, reads=True)
            yield Use(op.exponentials, op.query, writes=True)
            yield Use(op.sums, op.query, reads=True, writes=True)
        case accel.ReciprocalOp():
            yield Use(op.sums, op.query, reads=True)
            yield Use(op.inverses, op.query, writes=True)
        case accel.MixOp():
            yield Use(op.exponentials, op.query, reads=True)
            yield Use(op.inverses, op.query, reads=True)
            yield Use(op.values, op.key, reads=True, rows=op.lanes.value.data)
            yield Use(op.mixed, op.query, reads=True, writes=True)
        case accel.StoreRescaledOp():
            yield Use(op.values, op.token, reads=True)
            yield Use(op.matrix, op.row, writes=True)
        case accel.AddRowOp():
            yield Use(op.matrix, op.row, reads=True)
            yield Use(op.sums, op.tile, reads=True, writes=True)
        case _:
            return
