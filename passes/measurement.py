"""What calibration measures of a value, over any number of samples."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.quant import RangeAttr


@dataclass(frozen=True)
class Measurement:
    """Sums and extremes that two sets of samples can be joined by."""

    count: int = 0
    """Number of elements."""

    minimum: float = inf
    """The smallest element."""

    maximum: float = -inf
    """The largest element."""

    magnitudes: float = 0.0
    """Sum of the absolute values."""

    squares: float = 0.0
    """Sum of the squares."""

    @staticmethod
    def of(values: NDArray[np.float32]) -> Measurement:
        """
        Measure one array of any shape, summing in doubles.

        An element that is infinite or not a number makes the measurement so, too.
        """
        return Measurement(
            values.size,
            float(values.min()),
            float(values.max()),
            float(np.abs(values).sum(dtype=np.float64)),
            float(np.square(values, dtype=np.float64).sum()),
        )

    def __add__(self, other: Measurement) -> Measurement:
        return Measurement(
            self.count + other.count,
            min(self.minimum, other.minimum),
            max(self.maximum, other.maximum),
            self.magnitudes + other.magnitudes,
            self.squares + other.squares,
        )

    @property
    def is_finite(self) -> bool:
        """Whether every element was a finite number."""
        return isfinite(self.squares)

    def as_range(self) -> RangeAttr:
        """The measurement of at least one element as an attribute, in the units of the values."""
        return RangeAttr(
            self.minimum,
            self.maximum,
            self.magnitudes / self.count,
            sqrt(self.squares / self.count),
        )
