"""
What ops cost on a Xilinx UltraScale+ device: cycles, LUTs, DSP48E2 slices, block RAMs.

LUTs of the binary array and of small memories are formulas that fit synthesised netlists. Other
LUTs (control, interfaces, vector units, adders behind multipliers) are not counted; a report must
say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2, prod

from xdsl.ir import Operation

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.multipliers import slices_of_product
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.dialects.shapes import shape_of

BURST_LATENCY = 40
"""Cycles from the request of a burst to its first word, for a DDR4 behind an AXI port."""

LOOP_OVERHEAD = 2
"""Cycles to enter and leave a pipelined loop, or an iteration of another one."""

UPDATE_LATENCY = 4
"""Cycles to read a sum from a memory (2), add to it, and write it back."""

CALL_OVERHEAD = 4
"""Cycles to start an engine and to see that it is done."""

LARGEST_LUT_MEMORY_WORDS, LARGEST_LUT_MEMORY_BITS = 64, 1024
"""A memory within one of these is made of LUTs: a block RAM would be all but empty."""

ACCUMULATOR_BITS = 24
"""Width of the accumulator in the netlists that the LUT formula was fitted to."""


@dataclass(frozen=True)
class Resources:
    """What a part of an accelerator takes of a device."""

    lut: int = 0
    """Look-up tables of the binary array and of small memories."""

    dsp: int = 0
    """DSP48E2 slices."""

    bram18: int = 0
    """Block RAMs of 18 kbit."""

    def __add__(self, other: Resources) -> Resources:
        return Resources(self.lut + other.lut, self.dsp + other.dsp, self.bram18 + other.bram18)

    def __mul__(self, count: int) -> Resources:
        return Resources(self.lut * count, self.dsp * count, self.bram18 * count)


def depth_of(op: Operation) -> int:
    """Cycles from the start of a tile op in a pipeline to its result."""
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


def binary_array_luts(tokens: int, outputs: int, inputs: int, bits: int) -> int:
    """
    LUTs of `tokens x outputs` sums of `inputs` selected activations, with their accumulators.

    Adder trees: `(N - 1) b + 2 N - log2 N - 2` and the accumulator for each, exact for powers of
    two from 2 bits on; and one tree a token for the sum of all lanes, which all outputs share.
    """
    tree = (inputs - 1) * bits + 2 * inputs - log2(inputs) - 2 + ACCUMULATOR_BITS
    return round(tokens * (outputs + 1) * tree)


def arithmetic_of(op: Operation, interval: int) -> Resources:
    """
    Arithmetic that an op needs when it starts every `interval` cycles.

    Reciprocals and roots, which are made of LUTs, are not counted.
    """
    match op:
        case accel.AccumulateOp():
            outputs, inputs = shape_of(op.weight)[-2:]
            tokens, bits = op.tokens.value.data, element_width(op.activation)
            if element_width(op.weight) == 1:
                # One bit, -1 or +1, is kept as two.
                return Resources(lut=binary_array_luts(tokens, outputs, inputs, max(2, bits)))
            products = tokens * outputs * inputs
            return Resources(dsp=products * slices_of_product(bits, element_width(op.weight)))
        case accel.ScaleOp():
            lanes = ceil(shape_of(op.scaled)[0] / interval)
            slices = slices_of_product(element_width(op.sums), element_width(op.multipliers))
            return Resources(dsp=lanes * slices)
        case accel.NormalizeOp():
            lanes = ceil(shape_of(op.scaled)[0] / interval)
            widths = LayerNormWidths(op.channels.value.data, element_width(op.matrix))
            normalizing = slices_of_product(widths.centered_bits, element_width(op.inverses))
            scaling = slices_of_product(MULTIPLIER_BITS, element_width(op.multipliers))
            return Resources(dsp=lanes * (normalizing + scaling))
        case accel.AddMomentsOp():
            lanes, width = ceil(op.lanes.value.data / interval), element_width(op.matrix)
            return Resources(dsp=lanes * slices_of_product(width, width))
        case accel.ScoreOp():
            depth, bits = shape_of(op.queries)[1], element_width(op.queries)
            return Resources(dsp=op.lanes.value.data * depth * slices_of_product(bits, bits))
        case accel.ExponentiateOp():
            slices = slices_of_product(element_width(op.scores) + 1, MULTIPLIER_BITS)
            return Resources(dsp=op.lanes.value.data * slices)
        case accel.MixOp():
            depth, bits = shape_of(op.values)[1], element_width(op.values)
            slices = slices_of_product(op.bits.value.data + 1, bits)
            normalizing = slices_of_product(
                element_width(op.exponentials), element_width(op.inverses)
            )
            return Resources(dsp=op.lanes.value.data * (depth * slices + normalizing))
        case accel.StoreRescaledOp():
            lanes = ceil(shape_of(op.values)[1] / interval)
            slices = slices_of_product(element_width(op.values), MULTIPLIER_BITS)
            return Resources(dsp=lanes * slices)
        case _:
            return Resources()


def lut_memory_luts(words: int, width: int) -> int:
    """
    LUTs of a memory with one port to write and one to read.

    Eight LUTs hold 32 words of 14 bits or 64 of 7; more words need a multiplexer a bit.
    """
    if words <= 32:
        return 8 * ceil(width / 14)
    blocks = ceil(words / 64)
    return 8 * ceil(width / 7) * blocks + width * (blocks - 1)


def block_rams(words: int, width: int) -> int:
    """Block RAMs of 18 kbit of a memory: the best of the shapes that a block can have."""
    shapes = ((512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1))
    return min(ceil(width / wide) * ceil(words / deep) for deep, wide in shapes)


def memory(words: int, width: int) -> Resources:
    """One memory; a single word is a register, which takes nothing that is counted."""
    if words == 1:
        return Resources()
    if words <= LARGEST_LUT_MEMORY_WORDS or words * width <= LARGEST_LUT_MEMORY_BITS:
        return Resources(lut=lut_memory_luts(words, width))
    return Resources(bram18=block_rams(words, width))


def array_storage(
    shape: Sequence[int], width: int, factors: Mapping[int, int], copies: int
) -> Resources:
    """
    An array that is split over memories.

    Args:
        shape: of the array.
        width: bits of an element.
        factors: for each dimension that is split, into how many parts; 0 for completely.
        copies: how many memories hold each part.
    """
    parts = [min(factors.get(dimension, 1) or size, size) for dimension, size in enumerate(shape)]
    words = prod(ceil(size / count) for size, count in zip(shape, parts, strict=True))
    return memory(words, width) * (prod(parts) * copies)


def matrix_storage(
    channels: int, width: int, *, lanes: int, channel_slots: int, token_slots: int, banks: int
) -> Resources:
    """
    A matrix of activations: words of all lanes, tokens dealt over memories.

    Args:
        channels: of the matrix.
        width: bits of an activation; one bit is kept as two.
        lanes: channels of a word.
        channel_slots: there is room for a multiple of so many channels.
        token_slots: tokens that there is room for.
        banks: memories over which the tokens are dealt.
    """
    words = ceil(channels / channel_slots) * ceil(channel_slots / lanes)
    return memory(words * ceil(token_slots / banks), lanes * max(2, width)) * banks
