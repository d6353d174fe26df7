"""Between real activations and integers."""

import numpy as np
from numpy.typing import NDArray

from vaqf.interpreters.arithmetic.integers import (
    AnyIntegers,
    Floats,
    Integers,
    OutOfRangeError,
    Reals,
    round_half_up,
    sign,
    signed_bounds,
)


def _in_steps(values: Reals, scale: float) -> NDArray[np.float64]:
    if np.isnan(values).any():
        raise OutOfRangeError("a value that is to be quantized is not a number (NaN)")
    return values.astype(np.float64) / scale


def quantize(values: Reals, scale: float, bits: int) -> Integers:
    """
    `clamp(floor(value / scale + 1/2))`; for one bit +1 where the value is not negative, else -1.

    Args:
        values: Real values; infinities saturate.
        scale: Real value of one step.
        bits: Width of the signed format, 1 to 16.

    Raises:
        OutOfRangeError: for a value that is not a number.
    """
    steps = _in_steps(values, scale)
    if bits == 1:
        return sign(steps)
    return np.clip(round_half_up(steps), *signed_bounds(bits)).astype(np.int64)


def quantize_unsigned(values: Reals, scale: float, bits: int) -> Integers:
    """`quantize` for the unsigned format, 0 to `2^bits - 1`."""
    steps = round_half_up(_in_steps(values, scale))
    return np.clip(steps, 0, (1 << bits) - 1).astype(np.int64)


def dequantize(integers: AnyIntegers, scale: float) -> Floats:
    """`integer * scale`, rounded once to `float32`."""
    return (integers * np.float64(scale)).astype(np.float32)
