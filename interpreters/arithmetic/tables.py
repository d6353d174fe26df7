"""Real functions as tables of integers."""

from math import erfc, sqrt

import numpy as np

from vaqf.dialects.quant.activations import (
    EXPONENTIAL_ENTRIES,
    EXPONENTIAL_FRACTION_BITS,
    MAXIMUM_GELU_SEGMENTS,
    gelu_table_entries,
)
from vaqf.interpreters.arithmetic.formats import quantize
from vaqf.interpreters.arithmetic.integers import AnyIntegers, Integers, round_half_up, shift_right


def gelu(value: float) -> float:
    """Gaussian error linear unit, `value * erfc(-value / sqrt(2)) / 2`, accurate in its tail."""
    return value * erfc(-value / sqrt(2)) / 2


def segment_bits(bits: int) -> int:
    """`k`: a segment of the GELU table stands for `2^k` values of an input of `bits` bits."""
    return max(0, bits + 1 - MAXIMUM_GELU_SEGMENTS.bit_length())


def gelu_table(
    input_scale: float, input_bits: int, output_scale: float, output_bits: int
) -> Integers:
    """
    GELU of every value of a signed format, or of the ends of the 1,024 segments of its range.

    Entries go from the smallest input to the largest. For a one-bit output an entry is the sign
    of its input, which GELU keeps.
    """
    index = np.arange(gelu_table_entries(input_bits), dtype=np.int64)
    if input_bits == 1:
        values = 2 * index - 1
    else:
        values = (index << segment_bits(input_bits)) - (1 << (input_bits - 1))
    inputs = values * np.float64(input_scale)
    if output_bits == 1:
        return quantize(inputs, output_scale, 1)
    outputs = np.array([gelu(each) for each in inputs.tolist()])
    return quantize(outputs, output_scale, output_bits)


def lookup(values: AnyIntegers, table: AnyIntegers, input_bits: int, output_bits: int) -> Integers:
    """
    Replace every value by its entry, interpolated where a segment has several values.

    A one-bit result is not interpolated: zero, where its sign changes, is the end of a segment.

    Args:
        values: Integers of the signed format of `input_bits` bits, any shape.
        table: As `gelu_table` orders it.
        input_bits: Width of the values.
        output_bits: Width of the entries.
    """
    entries, steps = table.astype(np.int64), values.astype(np.int64)
    if input_bits == 1:
        return entries[(steps + 1) >> 1]
    steps += 1 << (input_bits - 1)
    segment = segment_bits(input_bits)
    index = steps >> segment
    if segment == 0 or output_bits == 1:
        return entries[index]
    slope = np.diff(entries)[index]
    return entries[index] + shift_right(slope * (steps & ((1 << segment) - 1)), segment)


def exponential_table() -> Integers:
    """`round(2^15 * 2^(-i / 256))` for `i` of 0 to 255."""
    octave = np.arange(EXPONENTIAL_ENTRIES) / EXPONENTIAL_ENTRIES
    return round_half_up(np.exp2(EXPONENTIAL_FRACTION_BITS - octave)).astype(np.int64)
