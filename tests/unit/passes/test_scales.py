"""Scales that follow from measured ranges."""

import numpy as np
import pytest

from vaqf.dialects.quant import RangeAttr
from vaqf.interpreters.arithmetic.formats import dequantize, quantize
from vaqf.passes.measurement import Measurement
from vaqf.passes.scales import activation_scale, magnitude_scale

SEEN = RangeAttr(-8.0, 4.0, 0.75, 1.0)


@pytest.mark.parametrize(
    ("bits", "scale"),
    [
        (1, 0.75),
        (2, 1.71 / 1),
        (4, 2.55 / 7),
        (7, 3.61 / 63),
        (8, 8.0 / 127),
        (11, 8.0 / 1023),
        (12, 16.0 / 2047),
        (16, 16.0 / 32767),
    ],
)
def test_scale_of_each_width(bits: int, scale: float):
    assert activation_scale(bits, SEEN) == scale


def test_clips_no_more_than_what_was_seen():
    assert activation_scale(4, RangeAttr(-2.0, 2.0, 1.5, 1.6)) == 2.0 / 7


@pytest.mark.parametrize("bits", range(1, 17))
def test_zeros_have_the_scale_one(bits: int):
    assert activation_scale(bits, RangeAttr(0.0, 0.0, 0.0, 0.0)) == 1.0


@pytest.mark.parametrize("bits", range(2, 12))
def test_largest_integer_stands_for_the_magnitude(bits: int):
    assert magnitude_scale(bits, 3.0) * ((1 << (bits - 1)) - 1) == pytest.approx(3.0)


@pytest.mark.parametrize("bits", range(12, 17))
def test_wide_formats_reach_to_twice_the_magnitude(bits: int):
    assert magnitude_scale(bits, 3.0) * ((1 << (bits - 1)) - 1) == pytest.approx(6.0)


@pytest.mark.parametrize(("bits", "excess"), [(5, 1.02), (6, 1.01), (7, 1.01)])
def test_clipping_is_good_for_a_normal_distribution(bits: int, excess: float):
    """Hardly any error is to be gained by clipping more or less."""
    values = np.random.default_rng(0).standard_normal(200_000).astype(np.float32)
    chosen = activation_scale(bits, Measurement.of(values).as_range())

    def error(scale: float) -> float:
        return float(np.square(dequantize(quantize(values, scale, bits), scale) - values).mean())

    assert error(chosen) < excess * min(error(chosen * factor) for factor in (0.9, 0.95, 1.05, 1.1))


def test_one_bit_is_the_least_squares_scale_of_a_sign():
    values = np.random.default_rng(1).standard_normal(1000).astype(np.float32)
    chosen = activation_scale(1, Measurement.of(values).as_range())

    def error(scale: float) -> float:
        return float(np.square(np.abs(values) - scale).sum())

    assert error(chosen) < min(error(0.99 * chosen), error(1.01 * chosen))
