"""The numbers of lanes of an engine, by name: what of its loops and arrays they are the size of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.shapes import shape_of


@dataclass(frozen=True)
class Lanes:
    """A number of things that an engine does in one cycle."""

    name: str
    """In camel case; constants have the name of the engine in front."""

    count: int

    comment: str

    dimensions: Sequence[tuple[SSAValue, int]] = ()
    """Buffers, and which of their dimensions have this size; negative from the last."""

    counters: Sequence[SSAValue] = ()
    """What counts in steps of this number."""


def lanes_of(op: Operation) -> Iterator[Lanes]:
    """The numbers of lanes that an op works with."""
    match op:
        case accel.AccumulateOp():
            outputs, inputs = shape_of(op.weight)[-2:]
            yield Lanes(
                "TokenLanes",
                op.tokens.value.data,
                "tokens that one weight tile serves in a cycle",
                counters=[op.token],
            )
            yield Lanes(
                "InputLanes",
                inputs,
                "input channels summed in parallel",
                [(op.weight, -1)],
                [op.channel],
            )
            yield Lanes(
                "OutputLanes",
                outputs,
                "output channels computed in parallel",
                [(op.weight, -2), (op.sums, -1)],
            )
        case accel.ScaleOp():
            yield Lanes(
                "OutputLanes",
                shape_of(op.scaled)[0],
                "output channels computed in parallel",
                [(op.sums, -1), (op.multipliers, -1), (op.offsets, -1), (op.scaled, -1)],
            )
        case accel.StoreRoundedOp() | accel.StoreLookupOp() | accel.AddRoundedOp():
            yield Lanes(
                "OutputLanes",
                shape_of(op.scaled)[0],
                "output channels computed in parallel",
                [(op.scaled, -1)],
                [op.channel],
            )
        case accel.GatherPatchOp():
            yield Lanes(
                "PixelLanes",
                op.lanes.value.data,
                "pixels collected in parallel",
                counters=[op.channel],
            )
        case accel.AddMomentsOp():
            yield Lanes(
                "ChannelLanes",
                op.lanes.value.data,
                "channels computed in parallel",
                counters=[op.channel],
            )
        case accel.AddRowOp():
            yield Lanes(
                "ChannelLanes",
                shape_of(op.sums)[1],
                "channels computed in parallel",
                [(op.sums, -1)],
            )
        case accel.NormalizeOp():
            yield Lanes(
                "ChannelLanes",
                shape_of(op.scaled)[0],
                "channels computed in parallel",
                [(op.multipliers, -1), (op.offsets, -1), (op.scaled, -1)],
                [op.channel],
            )
        case accel.ScoreOp():
            yield Lanes(
                "HeadChannels",
                shape_of(op.queries)[1],
                "channels of a head, all computed in parallel",
                [(op.queries, -1), (op.keys, -1)],
            )
            yield _keys(op.lanes.value.data, op.key)
        case accel.ExponentiateOp():
            yield _keys(op.lanes.value.data, op.key)
        case accel.MixOp():
            yield Lanes(
                "HeadChannels",
                shape_of(op.values)[1],
                "channels of a head, all computed in parallel",
                [(op.values, -1), (op.mixed, -1)],
            )
            yield _keys(op.lanes.value.data, op.key)
        case accel.CopyRowOp():
            yield Lanes(
                "HeadChannels",
                shape_of(op.destination)[1],
                "channels of a head, all computed in parallel",
                [(op.destination, -1)],
            )
        case _:
            pass


def _keys(count: int, counter: SSAValue) -> Lanes:
    return Lanes("KeyLanes", count, "keys computed in parallel", counters=[counter])
