"""Bringing accumulators into a number format, and adding what is in one."""

import numpy as np

from vaqf.interpreters.arithmetic.integers import AnyIntegers, Integers, clamp, shift_right, sign


def scale(accumulators: AnyIntegers, multiplier: AnyIntegers, offset: AnyIntegers) -> Integers:
    """`accumulator * multiplier + offset`, with one multiplier and offset a channel."""
    return accumulators.astype(np.int64) * multiplier + offset


def round_scaled(scaled: Integers, shift: int, bits: int) -> Integers:
    """
    `clamp(scaled >> shift)`: what `scale` gives, in the signed format of `bits` bits.

    For one bit it is the sign, which a shift keeps.
    """
    return clamp(scaled >> shift, bits)


def requantize(
    accumulators: AnyIntegers, multiplier: AnyIntegers, offset: AnyIntegers, shift: int, bits: int
) -> Integers:
    """
    `clamp(accumulator * multiplier + offset >> shift)`, with one multiplier and offset a channel.

    Args:
        accumulators: ... x channels.
        multiplier: One for each channel.
        offset: One for each channel; it holds the half that makes the shift round.
        shift: Arithmetic right shift.
        bits: Width of the signed result; for one bit it is the sign, which a shift keeps.
    """
    return round_scaled(scale(accumulators, multiplier, offset), shift, bits)


def rescale(accumulators: AnyIntegers, multiplier: int, shift: int, bits: int) -> Integers:
    """
    `clamp(accumulator * multiplier + 2^(shift - 1) >> shift)`, or the sign of the accumulator for
    one bit.
    """
    if bits == 1:
        return sign(accumulators)
    return clamp(shift_right(accumulators.astype(np.int64) * multiplier, shift), bits)


def mean_tokens(tokens: AnyIntegers, multiplier: int, shift: int, bits: int) -> Integers:
    """
    `rescale` of the sum over all tokens, channel by channel.

    Args:
        tokens: Tokens x channels.
        multiplier: Over `2^shift` the step of a token over their number, in steps of the result.
        shift: Arithmetic right shift.
        bits: Width of the signed result.

    Returns:
        1 x channels.
    """
    return rescale(tokens.sum(axis=0, keepdims=True, dtype=np.int64), multiplier, shift, bits)


def saturating_add(left: AnyIntegers, right: AnyIntegers, bits: int) -> Integers:
    """`clamp(left + right)`."""
    return clamp(left.astype(np.int64) + right, bits)
