"""
LayerNorm in integers, and the steps that hardware takes one after the other.

Tokens are rows, channels the last dimension; what there is one of in a token keeps that dimension,
with length 1.
"""

from typing import NamedTuple

import numpy as np

from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.interpreters.arithmetic.integers import (
    AnyIntegers,
    Integers,
    bit_length,
    integer_root,
    shift_right,
)
from vaqf.interpreters.arithmetic.requantize import requantize


class Moments(NamedTuple):
    """What one pass over a token gathers."""

    sum: Integers
    """Sum of the channels."""

    squares: Integers
    """Sum of the squares of the channels."""


class ReciprocalRoot(NamedTuple):
    """`1 / sqrt(variance)` is `inverse / 2^(W/2 + 16 - exponent)`."""

    inverse: Integers
    """`floor(2^(W/2 + 16) / root)`, in [2^16, 2^17]."""

    exponent: Integers
    """`k`: the root was taken of `variance * 4^k`."""


def moments(tokens: AnyIntegers) -> Moments:
    """The sum and the sum of squares of each token."""
    values = tokens.astype(np.int64)
    return Moments(
        values.sum(axis=-1, keepdims=True), np.square(values).sum(axis=-1, keepdims=True)
    )


def variance(moments: Moments, channels: int, epsilon: int) -> Integers:
    """The variance times the square of the number of channels, plus `epsilon`."""
    return channels * moments.squares - np.square(moments.sum) + epsilon


def reciprocal_root(variance: Integers, widths: LayerNormWidths) -> ReciprocalRoot:
    """The reciprocal of the root of positive integers of at most `widths.variance_bits` bits."""
    exponent = (widths.variance_bits - bit_length(variance)) >> 1
    root = integer_root(variance << (2 * exponent))
    dividend = 1 << (widths.variance_bits // 2 + INVERSE_ROOT_BITS)
    return ReciprocalRoot(dividend // root, exponent)


def normalize(
    tokens: AnyIntegers, sum: Integers, root: ReciprocalRoot, widths: LayerNormWidths
) -> Integers:
    """
    Tokens with mean 0 and variance 1, with `widths.fraction_bits` fraction bits.

    Args:
        tokens: ... x any number of the channels.
        sum: ... x 1, the sum of all channels.
        root: Of the variance of all channels.
        widths: Of all channels.
    """
    centered = widths.channels * tokens.astype(np.int64) - sum
    shift = widths.variance_bits // 2 + INVERSE_ROOT_BITS - widths.fraction_bits - root.exponent
    return shift_right(centered * root.inverse, shift)


def layer_norm(
    tokens: AnyIntegers,
    multiplier: AnyIntegers,
    offset: AnyIntegers,
    *,
    epsilon: int,
    shift: int,
    input_bits: int,
    output_bits: int,
) -> Integers:
    """
    Normalize every token, and scale and shift every channel.

    Args:
        tokens: ... x channels.
        multiplier: One for each channel.
        offset: One for each channel.
        epsilon: What is added to the variance times the square of the number of channels.
        shift: Right shift after the multiplication.
        input_bits: Width of the tokens.
        output_bits: Width of the result.
    """
    widths = LayerNormWidths(tokens.shape[-1], input_bits)
    gathered = moments(tokens)
    root = reciprocal_root(variance(gathered, widths.channels, epsilon), widths)
    normalized = normalize(tokens, gathered.sum, root, widths)
    return requantize(normalized, multiplier, offset, shift, output_bits)
