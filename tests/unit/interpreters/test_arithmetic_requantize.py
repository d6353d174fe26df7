"""Bringing accumulators into a format, against Python's integers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vaqf.interpreters.arithmetic.integers import signed_bounds
from vaqf.interpreters.arithmetic.requantize import (
    mean_tokens,
    requantize,
    rescale,
    saturating_add,
)

WIDTHS = st.integers(1, 16)
SHIFTS = st.integers(1, 47)
MULTIPLIERS = st.integers(-(2**17) + 1, 2**17 - 1)
OFFSETS = st.integers(-(2**47), 2**47 - 1)


def clamped(value: int, bits: int) -> int:
    low, high = signed_bounds(bits)
    if bits == 1:
        return 1 if value >= 0 else -1
    return min(max(value, low), high)


@st.composite
def accumulators(draw: st.DrawFn) -> list[int]:
    """Of one width, up to the widest that is accepted."""
    largest = (1 << draw(st.integers(1, 45))) - 1
    return draw(st.lists(st.integers(-largest, largest), min_size=1))


@given(accumulators(), st.data(), SHIFTS, WIDTHS)
def test_requantize(values: list[int], data: st.DataObject, shift: int, bits: int):
    count = len(values)
    multiplier = data.draw(st.lists(MULTIPLIERS, min_size=count, max_size=count))
    offset = data.draw(st.lists(OFFSETS, min_size=count, max_size=count))
    expected = [
        clamped(acc * m + o if bits == 1 else (acc * m + o) // 2**shift, bits)
        for acc, m, o in zip(values, multiplier, offset, strict=True)
    ]
    two_tokens = np.array([values, values])
    actual = requantize(two_tokens, np.array(multiplier), np.array(offset), shift, bits)
    assert actual.tolist() == [expected, expected]


@given(accumulators(), st.integers(0, 2**17 - 1), SHIFTS, WIDTHS)
def test_rescale(values: list[int], multiplier: int, shift: int, bits: int):
    if bits == 1:
        expected = [clamped(acc, 1) for acc in values]
    else:
        expected = [
            clamped((acc * multiplier + 2 ** (shift - 1)) // 2**shift, bits) for acc in values
        ]
    assert rescale(np.array(values), multiplier, shift, bits).tolist() == expected


def test_one_bit_of_a_small_negative_accumulator_is_negative():
    """Rounding it first would give zero, which counts as positive."""
    assert rescale(np.array([-1]), 1, 8, bits=1).tolist() == [-1]
    assert requantize(np.array([-1]), np.array([1]), np.array([0]), 8, bits=1).tolist() == [-1]


@given(st.data(), WIDTHS)
def test_saturating_add(data: st.DataObject, bits: int):
    pairs = data.draw(st.lists(st.tuples(*[st.integers(*signed_bounds(bits))] * 2), min_size=1))
    left, right = np.array(pairs).T
    assert saturating_add(left, right, bits).tolist() == [clamped(a + b, bits) for a, b in pairs]


@given(st.data(), st.integers(1, 300), WIDTHS, st.integers(0, 2**17 - 1), SHIFTS, WIDTHS)
def test_mean_tokens(
    data: st.DataObject, tokens: int, input_bits: int, multiplier: int, shift: int, bits: int
):
    smallest, largest = signed_bounds(input_bits)
    column = st.lists(st.integers(smallest, largest), min_size=tokens, max_size=tokens)
    channels = [data.draw(column), [smallest] * tokens, [largest] * tokens]
    narrow = np.array(channels, np.int16).T
    sums = [sum(each) for each in channels]
    expected = [
        clamped(each if bits == 1 else (each * multiplier + 2 ** (shift - 1)) // 2**shift, bits)
        for each in sums
    ]
    assert mean_tokens(narrow, multiplier, shift, bits).tolist() == [expected]
