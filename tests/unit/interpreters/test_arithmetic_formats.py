"""Quantizing and dequantizing, against the formula one element at a time."""

from math import floor, inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.interpreters.arithmetic.formats import dequantize, quantize, quantize_unsigned
from vaqf.interpreters.arithmetic.integers import OutOfRangeError, signed_bounds

WIDTHS = st.integers(1, 16)
REALS = st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False))
SCALES = st.floats(1e-6, 1e6)


def clamped(value: float, low: int, high: int) -> int:
    """Without going through an integer that the value may be too large for."""
    return low if value < low else high if value > high else floor(value)


@given(REALS, SCALES, WIDTHS)
def test_quantize(values: list[float], scale: float, bits: int):
    if bits == 1:
        expected = [1 if each >= 0 else -1 for each in values]
    else:
        expected = [clamped(each / scale + 0.5, *signed_bounds(bits)) for each in values]
    assert quantize(np.array(values, np.float32), scale, bits).tolist() == expected


@given(REALS, SCALES, WIDTHS)
def test_quantize_unsigned(values: list[float], scale: float, bits: int):
    expected = [clamped(each / scale + 0.5, 0, 2**bits - 1) for each in values]
    assert quantize_unsigned(np.array(values, np.float32), scale, bits).tolist() == expected


@given(st.data(), SCALES, WIDTHS)
def test_quantizing_what_was_dequantized(data: st.DataObject, scale: float, bits: int):
    integers = data.draw(
        st.lists(st.sampled_from((-1, 1)) if bits == 1 else st.integers(*signed_bounds(bits)))
    )
    reals = dequantize(np.array(integers, np.int64), scale)
    assert reals.dtype == np.float32
    assert reals.tolist() == [float(np.float32(each * scale)) for each in integers]
    assert quantize(reals, scale, bits).tolist() == integers


def test_rounds_half_up():
    halves = np.array([-1.5, -0.5, 0.5, 1.5], np.float32)
    assert quantize(halves, 1.0, 8).tolist() == [-1, 0, 1, 2]


def test_infinities_saturate():
    ends = np.array([-inf, inf], np.float32)
    assert quantize(ends, 0.1, 8).tolist() == [-128, 127]
    assert quantize(ends, 0.1, 1).tolist() == [-1, 1]
    assert quantize_unsigned(ends, 0.1, 8).tolist() == [0, 255]


@pytest.mark.parametrize("bits", [1, 8])
def test_what_is_not_a_number_is_refused(bits: int):
    with pytest.raises(OutOfRangeError, match=r"is not a number \(NaN\)"):
        quantize(np.array([0, nan], np.float32), 0.1, bits)
