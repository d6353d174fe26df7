"""
Softmax in integers, and the steps that hardware takes one after the other.

Rows are the last dimension; what there is one of in a row keeps that dimension, with length 1.
"""

import numpy as np

from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES, EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.widths import SoftmaxWidths
from vaqf.interpreters.arithmetic.integers import AnyIntegers, Integers, shift_right

STEP_BITS = EXPONENTIAL_ENTRIES.bit_length() - 1
"""A step of `z` is `2^-8` octaves."""


def row_maximum(scores: AnyIntegers) -> Integers:
    """The largest score of each row."""
    return scores.max(axis=-1, keepdims=True).astype(np.int64)


def exponentials(
    scores: AnyIntegers, maximum: Integers, table: AnyIntegers, multiplier: int, shift: int
) -> Integers:
    """
    The exponential of each score, in units of `2^-15` of that of the maximum.

    Args:
        scores: ... x keys, none above `maximum`.
        maximum: ... x 1.
        table: One octave, 256 entries.
        multiplier: With `shift`, the step of a score in units of `2^-8` octaves.
        shift: Right shift after the multiplication.
    """
    steps = shift_right((maximum - scores) * multiplier, shift)
    octaves = np.minimum(steps >> STEP_BITS, EXPONENTIAL_FRACTION_BITS + 1)
    return table.astype(np.int64)[steps & (EXPONENTIAL_ENTRIES - 1)] >> octaves


def reciprocal(sums: Integers, shift: int, multiplier: int = 1) -> Integers:
    """
    `floor(multiplier * 2^shift / sum)` of the sum of the exponentials of each row.

    Args:
        sums: All positive.
        shift: `SoftmaxWidths.dividend_shift`.
        multiplier: At most 17 bits.
    """
    return (multiplier << shift) // sums


def probabilities(exponentials: Integers, inverse: Integers, shift: int, bits: int) -> Integers:
    """
    Exponentials times the reciprocal of their sum, as unsigned integers.

    Args:
        exponentials: ... x any number of the keys.
        inverse: ... x 1.
        shift: `SoftmaxWidths.result_shift`.
        bits: Width of a probability.
    """
    return np.minimum(shift_right(exponentials * inverse, shift), (1 << bits) - 1)


def softmax(
    scores: AnyIntegers,
    table: AnyIntegers,
    multiplier: int,
    shift: int,
    bits: int,
    *,
    probability_multiplier: int = 1,
    probability_shift: int | None = None,
) -> Integers:
    """
    The probability of every score in its row.

    Args:
        scores: ... x keys.
        table: One octave of exponentials, 256 entries.
        multiplier: With `shift`, the step of a score in units of `2^-8` octaves.
        shift: Right shift after the multiplication.
        bits: Width of a probability, whose unit is `2^-bits` unless there is a multiplier.
        probability_multiplier: With `probability_shift`, `2^-bits` in units of a probability.
        probability_shift: Right shift after that multiplication; None when there is no multiplier.
    """
    widths = SoftmaxWidths(scores.shape[-1], bits, probability_shift)
    powers = exponentials(scores, row_maximum(scores), table, multiplier, shift)
    sums = powers.sum(axis=-1, keepdims=True)
    inverse = reciprocal(sums, widths.dividend_shift, probability_multiplier)
    return probabilities(powers, inverse, widths.result_shift, bits)
