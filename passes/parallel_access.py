"""What the ops of an innermost loop do in one cycle: how often they start, and what they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from xdsl.ir import Operation, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.shapes import shape_of

COMPLETE = 0
"""Every element of a dimension in one cycle."""


@dataclass(frozen=True)
class Access:
    """One dimension of an array of which several elements are used in one cycle."""

    buffer: SSAValue
    """The array."""

    dimension: int
    """Which dimension."""

    factor: int
    """How many neighbouring elements, or `COMPLETE`."""

    reason: str
    """What is done with them."""


def lanes_of(op: Operation) -> int:
    """How many lanes an op of a vector unit works on."""
    match op:
        case accel.ScaleOp() | accel.NormalizeOp():
            return shape_of(op.scaled)[0]
        case accel.StoreRoundedOp() | accel.StoreLookupOp() | accel.AddRoundedOp():
            return shape_of(op.scaled)[0]
        case accel.StoreRescaledOp():
            return shape_of(op.values)[1]
        case accel.AddMomentsOp():
            return op.lanes.value.data
        case _:
            return 1


def interval_of(op: Operation, vector_lanes: int, root_interval: int) -> int:
    """
    Cycles between two executions of an op in a pipeline.

    Args:
        op: a tile op.
        vector_lanes: elements that a vector unit takes in one cycle.
        root_interval: cycles that the unit for reciprocal roots takes for one.
    """
    match op:
        case accel.ReciprocalRootOp():
            return root_interval
        case accel.GatherPatchOp():
            return ceil(op.lanes.value.data / op.patch.get_values()[1])
        case _:
            return ceil(lanes_of(op) / vector_lanes)


def accesses(op: Operation, vector_lanes: int) -> Iterator[Access]:
    """The dimensions of local arrays and matrices of which an op uses several elements a cycle."""
    match op:
        case accel.AccumulateOp():
            tokens = op.tokens.value.data
            outputs, inputs = shape_of(op.weight)[-2:]
            reason = f"{tokens} x {inputs} activations meet {outputs} x {inputs} weights"
            yield Access(op.activation, 0, tokens, f"{tokens} tokens are read in one cycle")
            for dimension in range(len(shape_of(op.weight))):
                yield Access(op.weight, dimension, COMPLETE, reason)
            yield Access(op.sums, 0, tokens, f"{tokens} tokens are summed in one cycle")
            yield Access(op.sums, 1, COMPLETE, f"{outputs} output channels are summed in one cycle")
        case accel.ScaleOp():
            lanes = lanes_of(op)
            for buffer in (op.multipliers, op.offsets, op.scaled):
                yield Access(buffer, 0, COMPLETE, f"{lanes} channels are requantized together")
            yield Access(op.sums, 1, COMPLETE, f"{lanes} channels are requantized together")
        case accel.NormalizeOp():
            lanes = lanes_of(op)
            for buffer in (op.multipliers, op.offsets, op.scaled):
                yield Access(buffer, 0, COMPLETE, f"{lanes} channels are normalized together")
        case accel.StoreLookupOp():
            reason = f"{vector_lanes} values are looked up in one cycle"
            yield Access(op.table, 0, COMPLETE, reason)
        case accel.StoreRescaledOp():
            yield Access(op.values, 1, COMPLETE, "a row is requantized together")
        case accel.GatherPatchOp():
            width = op.patch.get_values()[1]
            yield Access(op.image, 2, width, f"{width} pixels of a row of a patch are read at once")
        case accel.CopyRowOp():
            yield Access(op.destination, 1, COMPLETE, "a row is copied at once")
        case accel.ScoreOp():
            lanes = op.lanes.value.data
            depth = shape_of(op.queries)[1]
            yield Access(op.queries, 1, COMPLETE, f"{depth} channels are multiplied in one cycle")
            yield Access(op.keys, 0, lanes, f"{lanes} keys are compared in one cycle")
            yield Access(op.keys, 1, COMPLETE, f"{depth} channels are multiplied in one cycle")
            yield Access(op.scores, 1, lanes, f"{lanes} scores are written in one cycle")
        case accel.ExponentiateOp():
            lanes = op.lanes.value.data
            yield Access(op.scores, 1, lanes, f"{lanes} scores are read in one cycle")
            yield Access(
                op.exponentials, 1, lanes, f"{lanes} exponentials are written in one cycle"
            )
            yield Access(op.table, 0, COMPLETE, f"{lanes} exponentials are looked up in one cycle")
        case accel.MixOp():
            lanes = op.lanes.value.data
            depth = shape_of(op.values)[1]
            yield Access(op.exponentials, 1, lanes, f"{lanes} exponentials are read in one cycle")
            yield Access(op.values, 0, lanes, f"{lanes} values are mixed in one cycle")
            yield Access(op.values, 1, COMPLETE, f"{depth} channels are mixed in one cycle")
            yield Access(op.mixed, 1, COMPLETE, f"{depth} channels are mixed in one cycle")
        case _:
            return
