"""How far apart two tensors are that should be one."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import nlargest
from math import inf, log10, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]

WORST_VALUES = 10
"""How many single values are kept of a layer."""


@dataclass(frozen=True)
class WorstValue:
    """A value, where it is, and what it should be."""

    sample: int
    """In which sample, from 0."""

    index: tuple[int, ...]
    """Its place in the tensor of the reference."""

    reference: float
    """What it should be."""

    other: float
    """What it is."""

    error: float
    """The distance of the two; infinite where one of them alone is no finite number."""


@dataclass
class Measure:
    """
    The distance of two tensors over all samples, in real units.

    Numbers that are not finite count as equal where both are the same, NaN included; elsewhere
    their error is infinite.
    """

    count: int = 0
    """Number of values."""

    differing: int = 0
    """Number of values of which any bit differs."""

    maximum: float = 0.0
    """The largest error."""

    magnitude: float = 0.0
    """The largest magnitude of the reference."""

    signal: float = 0.0
    """Sum of the squares of the reference."""

    noise: float = 0.0
    """Sum of the squares of the errors."""

    other_signal: float = 0.0
    """Sum of the squares of the other side."""

    product: float = 0.0
    """Sum of the products of both sides."""

    worst: list[WorstValue] = field(default_factory=list[WorstValue])
    """The largest errors, the largest first."""

    def add(self, sample: int, reference: Array, other: Array) -> None:
        """
        Count the values of a sample.

        Args:
            sample: its number.
            reference: what they should be.
            other: what they are; as many, in the same order.
        """
        shape = reference.shape
        reference, other = reference.reshape(-1), other.reshape(-1)
        self.differing += int(_differs(reference, other).sum())
        self.count += reference.size
        real, found = reference.astype(np.float64), other.astype(np.float64)
        same = (real == found) | (np.isnan(real) & np.isnan(found))
        with np.errstate(invalid="ignore", over="ignore"):
            error = np.where(same, 0.0, np.abs(real - found))
        error[~np.isfinite(error)] = inf
        self._note_worst(sample, shape, real, found, error)
        real[~np.isfinite(real)] = 0
        found[~np.isfinite(found)] = 0
        self.maximum = max(self.maximum, float(error.max(initial=0)))
        self.magnitude = max(self.magnitude, float(np.abs(real).max(initial=0)))
        self.signal += float(real @ real)
        self.other_signal += float(found @ found)
        self.product += float(real @ found)
        self.noise += float(error @ error)

    def _note_worst(
        self,
        sample: int,
        shape: tuple[int, ...],
        real: NDArray[np.float64],
        found: NDArray[np.float64],
        error: NDArray[np.float64],
    ) -> None:
        count = min(WORST_VALUES, error.size)
        places = np.argpartition(-error, count - 1)[:count] if count else ()
        new = [
            WorstValue(
                sample,
                tuple(int(each) for each in np.unravel_index(place, shape)),
                float(real[place]),
                float(found[place]),
                float(error[place]),
            )
            for place in sorted(int(each) for each in places)
            if error[place] > 0
        ]
        self.worst = nlargest(WORST_VALUES, [*self.worst, *new], key=lambda each: each.error)

    @property
    def relative(self) -> float:
        """
        The largest error, as a part of the largest magnitude of the reference.

        Infinite where the reference is 0 everywhere, and the other side is not.
        """
        if self.maximum == 0:
            return 0.0
        return self.maximum / self.magnitude if self.magnitude else inf

    @property
    def sqnr(self) -> float:
        """Signal to quantization noise in dB: of the squares of the reference and the errors."""
        if self.noise == 0:
            return inf
        if self.signal == 0 or self.noise == inf:
            return -inf
        return 10 * log10(self.signal / self.noise)

    @property
    def cosine(self) -> float:
        """The cosine of the angle between both sides; 1 where both are 0, 0 where one is."""
        if self.signal == 0 or self.other_signal == 0:
            return float(self.signal == self.other_signal)
        return self.product / (sqrt(self.signal) * sqrt(self.other_signal))


def _differs(reference: Array, other: Array) -> NDArray[np.bool_]:
    """Which values differ in any bit; integers and reals of other types by their values."""
    if reference.dtype == np.float32 and other.dtype == np.float32:
        return reference.view(np.uint32) != other.view(np.uint32)
    return reference != other
