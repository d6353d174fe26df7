"""Rounding, clamping and roots, against Python's integers."""

from math import floor, isqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.interpreters.arithmetic.integers import (
    bit_length,
    clamp,
    integer_root,
    round_half_up,
    shift_right,
    sign,
    signed_bounds,
)

WIDTHS = st.integers(1, 16)

POSITIVE = st.lists(st.integers(1, (1 << 62) - 1), min_size=1)


@st.composite
def near_squares(draw: st.DrawFn) -> int:
    """Numbers up to 2^62 around squares, where a rounded root is most likely wrong."""
    root = draw(st.integers(1, (1 << 31) - 1))
    return max(0, min(root * root + draw(st.integers(-2, 2)), (1 << 62) - 1))


@given(WIDTHS)
def test_signed_bounds(bits: int):
    low, high = signed_bounds(bits)
    assert (low, high) == ((-1, 1) if bits == 1 else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))


@given(st.lists(st.integers(-(1 << 62), 1 << 62)), WIDTHS)
def test_clamp(values: list[int], bits: int):
    low, high = signed_bounds(bits)
    if bits == 1:
        expected = [1 if each >= 0 else -1 for each in values]
    else:
        expected = [min(max(each, low), high) for each in values]
    assert clamp(np.array(values, np.int64), bits).tolist() == expected


def test_sign_of_zero_is_positive():
    assert sign(np.array([-1, 0, 1])).tolist() == [-1, 1, 1]
    assert sign(np.array([-0.5, -0.0, 0.5])).tolist() == [-1, 1, 1]


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, 1), (-0.5, 0), (1.5, 2), (-1.5, -1), (2.4, 2), (-2.6, -3)]
)
def test_round_half_up(value: float, expected: int):
    assert round_half_up(np.array([value])).tolist() == [expected]


@given(st.lists(st.integers(-(1 << 61), 1 << 61)), st.integers(1, 47))
def test_shift_right(values: list[int], shift: int):
    expected = [(each + 2 ** (shift - 1)) // 2**shift for each in values]
    assert shift_right(np.array(values, np.int64), shift).tolist() == expected


def test_shift_right_by_an_array():
    values, shifts = np.array([[100, -100], [100, -100]]), np.array([[3], [1]])
    assert shift_right(values, shifts).tolist() == [[13, -12], [50, -50]]


def test_shift_right_rounds_half_up():
    assert shift_right(np.array([-3, -2, -1, 0, 1, 2, 3]), 1).tolist() == [-1, -1, 0, 0, 1, 1, 2]


@given(POSITIVE)
def test_bit_length(values: list[int]):
    assert bit_length(np.array(values)).tolist() == [each.bit_length() for each in values]


def test_bit_length_around_powers_of_two():
    values = [max(1, (1 << n) + d) for n in range(62) for d in (-1, 0, 1)]
    assert bit_length(np.array(values)).tolist() == [each.bit_length() for each in values]


@given(POSITIVE)
def test_integer_root(values: list[int]):
    assert integer_root(np.array(values)).tolist() == [isqrt(each) for each in values]


@given(st.lists(near_squares(), min_size=1))
def test_integer_root_around_squares(values: list[int]):
    assert integer_root(np.array(values)).tolist() == [isqrt(each) for each in values]


def test_integer_root_at_the_ends():
    assert integer_root(np.array([0, 1, (1 << 62) - 1])).tolist() == [0, 1, (1 << 31) - 1]


@given(st.floats(-1e6, 1e6))
def test_round_half_up_in_doubles(value: float):
    assert round_half_up(np.array([value])).tolist() == [floor(value + 0.5)]
