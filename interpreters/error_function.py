"""The Gauss error function on arrays, which NumPy does not have."""

import math

import numpy as np
from numpy.typing import NDArray

_LIMIT = 4
"""From here on the result is 1 to within 1.6e-8, a quarter of a step of float32."""

_STEPS = 4096
"""
Intervals of the table between two integers.

Linear interpolation is off by at most an eighth of the square of an interval times the largest
second derivative, 0.97: 7e-9.
"""

_TABLE = np.array([math.erf(index / _STEPS) for index in range(_LIMIT * _STEPS + 2)])


def error_function(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    `erf` of each value, to within 1e-7 of the exact one.

    Args:
        values: any shape; infinities give 1 and -1, NaN stays NaN.
    """
    position = np.abs(values, dtype=np.float64) * _STEPS
    # Of a number and NaN, `fmin` takes the number; NaN comes back at the end.
    position = np.fmin(position, float(_LIMIT * _STEPS))
    index = position.astype(np.intp)
    left = _TABLE[index]
    magnitude = left + (_TABLE[index + 1] - left) * (position - index)
    result = np.copysign(magnitude, values).astype(np.float32)
    return np.where(np.isnan(values), values, result)
