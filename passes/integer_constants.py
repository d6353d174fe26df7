"""Integers that stand for real constants of a layer. Source: `docs/numerics.md`."""

from math import e as EULER
from math import floor, log2

from vaqf.dialects.quant import IntType
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES


def round_half_up(value: float) -> int:
    """`floor(value + 1/2)`."""
    return floor(value + 0.5)


def scaled(factor: float, shift: int) -> int:
    """The multiplier that, before a right shift by `shift`, stands for a real factor."""
    return round_half_up(factor * 2**shift)


def softmax_factor(query: IntType, key: IntType, scale: float) -> float:
    """
    The step of a sum of products of queries and keys, in the softmax's units of 2^-8 octaves.

    Args:
        query: Format of the queries.
        key: Format of the keys.
        scale: Factor on the real scores.
    """
    return EXPONENTIAL_ENTRIES * log2(EULER) * query.scale.data * key.scale.data * scale


def layer_norm_epsilon(epsilon: float, channels: int, input: IntType) -> int:
    """
    What a LayerNorm adds to the variance times `channels^2`, in squares of steps of its input.

    It is at least 1, so that the variance has a reciprocal, and at most the largest variance that
    the input can have, so that the width of the sum is bounded.
    """
    largest = channels**2 << 2 * input.bits.data - 2
    return min(max(round_half_up(epsilon * channels**2 / input.scale.data**2), 1), largest)
