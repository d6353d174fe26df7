"""
Units that work on lanes of numbers: requantization, softmax, LayerNorm.

Counted are the adders, comparators and multiplexers that the formulas in `docs/numerics.md` need,
a LUT a bit of each. `tests/hardware` compares requantization, maxima, exponentials, probabilities,
moments and normalization with synthesised netlists; the others are not measured.
"""

from __future__ import annotations

from math import ceil

from vaqf.dialects.accel.multipliers import slices_of_product
from vaqf.dialects.quant.activations import EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.passes.costs.adders import tree_luts
from vaqf.passes.costs.memories import selection_luts
from vaqf.passes.costs.resources import Resources, logic

POWER_BITS = EXPONENTIAL_FRACTION_BITS + 1
"""Unsigned width of an exponential."""


def clamp_luts(width: int, bits: int) -> int:
    """
    LUTs that bring a signed number of `width` bits into `bits` bits.

    The bits above are compared with both limits; then a LUT a bit chooses. Up to three bits above
    are inputs of that choice, which takes half a LUT a bit.
    """
    if width <= bits:
        return 0
    above = width - bits + 1
    return ceil(bits / 2) if above <= 3 else 2 * ceil(above / 5) + bits


def shifted_luts(width: int, result: int, largest: int) -> int:
    """
    LUTs that shift a number right by up to `largest`, down to `result` bits.

    Stages follow each other, the one with the smallest distances first. Each chooses one of four
    positions in a LUT a bit, or one of two in half a LUT, for the bits that later ones can need.
    """
    total, bits = 0, largest.bit_length()
    for first in range(0, bits, 2):
        following = (1 << bits) - (1 << min(first + 2, bits))
        kept = min(width, result + following)
        total += kept if first + 2 <= bits else ceil(kept / 2)
    return total


def scale_lane(sum_bits: int) -> Resources:
    """`sum * multiplier + offset`: one multiplier, whose accumulator adds."""
    slices = slices_of_product(sum_bits, MULTIPLIER_BITS)
    return logic(0 if slices == 1 else OFFSET_BITS, OFFSET_BITS, slices)


def round_lane(scaled_bits: int, shift: int, bits: int) -> Resources:
    """A constant shift, and into the range of the result."""
    return logic(clamp_luts(scaled_bits - shift, bits), bits)


def add_lane(scaled_bits: int, shift: int, bits: int) -> Resources:
    """Rounding, then an addition with saturation."""
    rounded = round_lane(scaled_bits, shift, bits)
    return rounded + logic(bits + 1 + clamp_luts(bits + 1, bits), 2 * bits)


def lookup_lane(scaled_bits: int, shift: int, bits: int, interpolated: bool) -> Resources:
    """Rounding, then the port of a table; wide values lie between two entries."""
    rounded = round_lane(scaled_bits, shift, bits)
    between = logic(2 * (bits + 1), 3 * bits, 1) if interpolated else Resources()
    return rounded + logic(ceil(bits / 2), bits) + between


def rescale_lane(width: int, shift: int, bits: int) -> Resources:
    """`value * multiplier + half`, rounded."""
    slices = slices_of_product(width, MULTIPLIER_BITS)
    return logic(0, OFFSET_BITS, slices) + round_lane(width + MULTIPLIER_BITS, shift, bits)


def maximum_luts(lanes: int, width: int) -> int:
    """
    LUTs that keep the largest of some numbers.

    For each lane half a LUT a bit to compare, half to choose; as much to start again.
    """
    return (lanes + 1) * width


def exponential_lane(score_bits: int) -> Resources:
    """
    From a score to an exponential: distance, product, range, shift of the table's entry.

    Zeros that are shifted in leave inputs of LUTs for what lies beyond the range.
    """
    lut = score_bits + 1 + shifted_luts(POWER_BITS, POWER_BITS, EXPONENTIAL_FRACTION_BITS)
    return logic(lut, 2 * lut, slices_of_product(score_bits + 1, MULTIPLIER_BITS))


def exponentials(lanes: int, score_bits: int, sum_bits: int) -> Resources:
    """The exponentials of all lanes, added to the sum of their row."""
    return exponential_lane(score_bits) * lanes + logic(tree_luts(lanes, POWER_BITS) + sum_bits)


def divider(dividend_bits: int, divisor_bits: int) -> Resources:
    """A pipelined divider: a subtraction and a choice for each bit of the quotient."""
    rows = dividend_bits
    return logic(rows * (divisor_bits + 1), rows * (2 * divisor_bits + 1))


def probability_lane(inverse_bits: int, bits: int) -> Resources:
    """Exponential times reciprocal, rounded and limited."""
    slices = slices_of_product(POWER_BITS + 1, inverse_bits + 1)
    # Three bits of the product above a probability say whether it is limited: two bits a LUT.
    return logic(ceil(bits / 2), 2 * bits + OFFSET_BITS, slices)


def moments(lanes: int, widths: LayerNormWidths) -> Resources:
    """The sum and the sum of squares of the lanes of a token, added to those before."""
    square = slices_of_product(widths.bits, widths.bits)
    trees = tree_luts(lanes, widths.bits) + tree_luts(lanes, 2 * widths.bits)
    return logic(trees + widths.sum_bits + widths.squares_bits, dsp=lanes * square)


def reciprocal_root(widths: LayerNormWidths) -> Resources:
    """
    The reciprocal of a root, a token in every cycle: variance, leading zeros, root, division.

    The root has a subtraction for each of its bits; the variance two wide products.
    """
    root_bits = widths.variance_bits // 2
    products = slices_of_product(widths.squares_bits + 1, MULTIPLIER_BITS)
    products += slices_of_product(widths.sum_bits, widths.sum_bits)
    normalizing = selection_luts(root_bits, widths.variance_bits)
    root = logic(root_bits * (root_bits + 2), 2 * root_bits * root_bits)
    quotient = divider(INVERSE_ROOT_BITS + 2, root_bits)
    return logic(2 * widths.variance_bits + normalizing, dsp=products) + root + quotient


def normalize_lane(widths: LayerNormWidths) -> Resources:
    """From an activation to its normalized, scaled value: two products, a shift by the token's."""
    centered = widths.centered_bits
    largest = widths.variance_bits // 2 + INVERSE_ROOT_BITS - widths.fraction_bits
    constant = 2 * centered
    shifted = shifted_luts(centered + INVERSE_ROOT_BITS + 3, MULTIPLIER_BITS, largest)
    slices = slices_of_product(centered, INVERSE_ROOT_BITS + 3)
    scaling = slices_of_product(MULTIPLIER_BITS, MULTIPLIER_BITS)
    return logic(constant + shifted, 2 * (centered + MULTIPLIER_BITS), slices + scaling)
