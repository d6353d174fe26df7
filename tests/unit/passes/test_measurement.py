"""Measuring activations over samples."""

import numpy as np

from vaqf.dialects.quant import RangeAttr
from vaqf.passes.measurement import Measurement


def test_measures_extremes_and_means():
    measured = Measurement.of(np.array([[1, -7], [5, 5]], np.float32))
    assert measured.as_range() == RangeAttr(-7.0, 5.0, 4.5, 5.0)


def test_samples_of_different_sizes_join_as_if_they_were_one():
    first = np.array([1, -7], np.float32)
    second = np.array([5, 5, 3, 2, 1], np.float32)
    joined = Measurement() + Measurement.of(first) + Measurement.of(second)
    assert joined == Measurement.of(np.concatenate([first, second]))


def test_sums_do_not_lose_small_values():
    ones = np.full(1 << 20, 0.1, np.float32)
    assert abs(Measurement.of(ones).as_range().mean_magnitude.data - float(np.float32(0.1))) < 1e-12


def test_squares_do_not_overflow():
    measured = Measurement.of(np.array([3e38, 3e38], np.float32))
    assert measured.is_finite


def test_notices_what_is_not_finite():
    for value in (np.nan, np.inf, -np.inf):
        assert not Measurement.of(np.array([1, value], np.float32)).is_finite
