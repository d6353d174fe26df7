"""Rounding, clamping and exact roots: what every formula is made of."""

import numpy as np
from numpy.typing import NDArray
from xdsl.utils.exceptions import DiagnosticException

Integers = NDArray[np.int64]
"""What every function here computes in: the formulas never need more than 63 bits."""

AnyIntegers = NDArray[np.integer]
"""What is stored, in any width: weights are kept in `int8` or `int16`."""

Floats = NDArray[np.float32]

Reals = NDArray[np.float32] | NDArray[np.float64]

EXACT_IN_FLOAT32 = 1 << 24
"""Integers up to here, and sums that never leave this range, are exact in `float32`."""

EXACT_IN_FLOAT64 = 1 << 53
"""Integers up to here, and sums that never leave this range, are exact in `float64`."""

EXACT_IN_INT64 = (1 << 63) - 1
"""The largest integer that anything here computes with."""


class OutOfRangeError(DiagnosticException):
    """A number that does not fit the integer that it is meant for."""


def signed_bounds(bits: int) -> tuple[int, int]:
    """The smallest and the largest integer of `!quant.int` with `bits` bits."""
    return (-1, 1) if bits == 1 else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)


def sign(values: AnyIntegers | NDArray[np.floating]) -> Integers:
    """+1 where a value is not negative, else -1."""
    return np.where(values >= 0, np.int64(1), np.int64(-1))


def clamp(values: Integers, bits: int) -> Integers:
    """Bring integers into the signed format of `bits` bits; their signs for one bit."""
    return sign(values) if bits == 1 else np.clip(values, *signed_bounds(bits))


def round_half_up(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """`floor(x + 1/2)` in doubles, still as doubles."""
    return np.floor(values + 0.5)


def shift_right(values: Integers, shift: int | Integers) -> Integers:
    """`floor(x / 2^shift + 1/2)`, for shifts of at least 1."""
    half = np.left_shift(np.int64(1), shift - 1)
    return (values + half) >> shift


def bit_length(values: Integers) -> Integers:
    """Number of bits of each positive integer: the smallest `n` with `x < 2^n`."""
    # A double rounds integers above 2^53, and may reach the next power of two.
    exponent = np.frexp(values.astype(np.float64))[1].astype(np.int64)
    return exponent - (values >> (exponent - 1) == 0)


def integer_root(values: Integers) -> Integers:
    """`floor(sqrt(x))` of each integer, exactly, for `0 <= x < 2^62`."""
    # A double rounds integers above 2^53. Its root, rounded too, is never too small: r^2 loses at
    # most a share of 2^-53, and so r half of that, which rounds back to r. It may reach r + 1.
    root = np.sqrt(values.astype(np.float64)).astype(np.int64)
    return root - (root * root > values)
