"""
What ops cost on a Xilinx UltraScale+ device: cycles, LUTs, DSP48E2 slices, block RAMs.

LUTs of the binary array are a formula fitted to synthesised netlists. Other LUTs (control,
interfaces, vector units) are not counted; a report must say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2, prod

from xdsl.ir import Operation

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.shapes import shape_of

BURST_LATENCY = 40
"""Cycles from the request of a burst to its first word, for a DDR4 behind an AXI port."""

LOOP_OVERHEAD = 2
"""Cycles to enter and leave an iteration of a loop that is not pipelined."""

CALL_OVERHEAD = 4
"""Cycles to start an engine and to see that it is done."""

ACCUMULATOR_BITS = 24
"""Width of the accumulator in the netlists that the LUT formula was fitted to."""


@dataclass(frozen=True)
class Resources:
    """What a part of an accelerator takes of a device."""

    lut: int = 0
    """Look-up tables of the binary array."""

    dsp: int = 0
    """DSP48E2 slices."""

    bram18: int = 0
    """Block RAMs of 18 kbit."""

    def __add__(self, other: Resources) -> Resources:
        return Resources(self.lut + other.lut, self.dsp + other.dsp, self.bram18 + other.bram18)


def depth_of(op: Operation) -> int:
    """Cycles from the start of an op in a pipeline to its result."""
    match op:
        case accel.AccumulateOp():
            return 4 + ceil(log2(max(2, shape_of(op.weight)[-1])))
        case accel.ScoreOp():
            return 6 + ceil(log2(max(2, shape_of(op.queries)[1])))
        case accel.MixOp():
            return 10 + ceil(log2(max(2, op.lanes.value.data)))
        case accel.ReciprocalRootOp() | accel.ReciprocalOp():
            return 60
        case accel.ScaleOp() | accel.NormalizeOp() | accel.ExponentiateOp():
            return 8
        case _:
            return 3


def multiplier_slices(left: int, right: int) -> int:
    """DSP48E2 slices (27 x 18, signed) for one product of these widths."""
    wide, narrow = max(left, right), min(left, right)
    return ceil(max(1, wide - 1) / 26) * ceil(max(1, narrow - 1) / 17)


def binary_array_luts(tokens: int, outputs: int, inputs: int, bits: int) -> int:
    """
    LUTs of `tokens x outputs` sums of `inputs` selected activations, with their accumulators.

    Adder trees: `(N - 1) b + 2 N - log2 N - 2` and the accumulator for each, exact for powers of
    two from 2 bits on; and one tree a token for the sum of all lanes, which all outputs share.
    """
    tree = (inputs - 1) * bits + 2 * inputs - log2(inputs) - 2 + ACCUMULATOR_BITS
    return round(tokens * (outputs + 1) * tree)


def arithmetic_of(op: Operation, interval: int) -> Resources:
    """Arithmetic that an op needs when it starts every `interval` cycles."""
    match op:
        case accel.AccumulateOp():
            outputs, inputs = shape_of(op.weight)[-2:]
            tokens, bits = op.tokens.value.data, element_width(op.activation)
            if element_width(op.weight) == 1:
                return Resources(lut=binary_array_luts(tokens, outputs, inputs, max(2, bits)))
            products = tokens * outputs * inputs
            return Resources(dsp=products * multiplier_slices(bits, element_width(op.weight)))
        case accel.ScaleOp():
            lanes = ceil(shape_of(op.scaled)[0] / interval)
            slices = multiplier_slices(element_width(op.sums), element_width(op.multipliers))
            return Resources(dsp=lanes * slices)
        case accel.NormalizeOp():
            lanes = ceil(shape_of(op.scaled)[0] / interval)
            centered = element_width(op.matrix) + op.channels.value.data.bit_length() + 1
            slices = multiplier_slices(centered, element_width(op.inverses))
            return Resources(dsp=lanes * (slices + 1))
        case accel.AddMomentsOp():
            return Resources(dsp=ceil(op.lanes.value.data / interval))
        case accel.ScoreOp():
            depth, bits = shape_of(op.queries)[1], element_width(op.queries)
            return Resources(dsp=op.lanes.value.data * depth * multiplier_slices(bits, bits))
        case accel.ExponentiateOp():
            slices = multiplier_slices(element_width(op.scores) + 1, 18)
            return Resources(dsp=op.lanes.value.data * slices)
        case accel.MixOp():
            depth, bits = shape_of(op.values)[1], element_width(op.values)
            slices = multiplier_slices(op.bits.value.data + 1, bits)
            normalizing = multiplier_slices(
                element_width(op.exponentials), element_width(op.inverses)
            )
            return Resources(dsp=op.lanes.value.data * (depth * slices + normalizing))
        case accel.StoreRescaledOp():
            lanes = ceil(shape_of(op.values)[1] / interval)
            return Resources(dsp=lanes * multiplier_slices(element_width(op.values), 18))
        case _:
            return Resources()


def bram18_of_bank(depth: int, width: int) -> int:
    """
    Block RAMs of 18 kbit for one bank: the best of the shapes that a block can have.

    Banks of at most 64 words, or 1,024 bits, go to LUTs or registers instead.
    """
    if depth <= 64 or depth * width <= 1024:
        return 0
    shapes = ((512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1))
    return min(ceil(width / wide) * ceil(depth / deep) for deep, wide in shapes)


def bram18_of_array(shape: tuple[int, ...], width: int, factors: dict[int, int]) -> int:
    """
    Block RAMs of an array that is split over banks.

    Args:
        shape: of the array.
        width: bits of an element.
        factors: for each dimension that is split, into how many parts; 0 for completely.
    """
    banks, words = 1, 1
    for dimension, size in enumerate(shape):
        parts = factors.get(dimension, 1) or size
        parts = min(parts, size)
        banks *= parts
        words *= ceil(size / parts)
    return banks * bram18_of_bank(words, width)


def bram18_of_matrix(
    shape: tuple[int, int], width: int, *, lanes: int, token_slots: int, banks: int
) -> int:
    """Block RAMs of a matrix of activations: words of all lanes, tokens dealt over `banks`."""
    words = ceil(shape[1] / lanes) * ceil(token_slots / banks)
    return banks * bram18_of_bank(words, prod((lanes, width)))
