"""Tables, against the real functions and against interpolation in Python's integers."""

from fractions import Fraction
from math import erf, erfc, floor, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.interpreters.arithmetic.integers import signed_bounds
from vaqf.interpreters.arithmetic.tables import exponential_table, gelu, gelu_table, lookup

WIDTHS = st.integers(1, 16)
SCALES = st.floats(1e-4, 1.0)


def inputs_of(bits: int) -> list[int]:
    """All integers of a format."""
    low, high = signed_bounds(bits)
    return [-1, 1] if bits == 1 else list(range(low, high + 1))


def entry(input: float, output_scale: float, output_bits: int) -> int:
    low, high = signed_bounds(output_bits)
    if output_bits == 1:
        return 1 if input >= 0 else -1
    value = input * erfc(-input / sqrt(2)) / 2
    return min(max(floor(value / output_scale + 0.5), low), high)


@given(st.floats(-5, 5))
def test_gelu(value: float):
    assert gelu(value) == pytest.approx(value / 2 * (1 + erf(value / sqrt(2))), abs=1e-15)


@given(st.integers(1, 10), WIDTHS, SCALES, SCALES)
def test_a_table_with_an_entry_for_each_input(
    input_bits: int, output_bits: int, input_scale: float, output_scale: float
):
    table = gelu_table(input_scale, input_bits, output_scale, output_bits)
    inputs = inputs_of(input_bits)
    expected = [entry(each * input_scale, output_scale, output_bits) for each in inputs]
    assert table.tolist() == expected
    assert lookup(np.array(inputs), table, input_bits, output_bits).tolist() == expected


@given(st.integers(11, 16), WIDTHS, SCALES, SCALES)
def test_an_interpolated_table(
    input_bits: int, output_bits: int, input_scale: float, output_scale: float
):
    table = gelu_table(input_scale, input_bits, output_scale, output_bits)
    segment = 2 ** (input_bits - 10)
    ends = [index * segment - 2 ** (input_bits - 1) for index in range(1025)]
    assert table.tolist() == [entry(each * input_scale, output_scale, output_bits) for each in ends]
    inputs = inputs_of(input_bits)[::37]
    expected: list[int] = []
    for each in inputs:
        index, fraction = divmod(each + 2 ** (input_bits - 1), segment)
        low, high = int(table[index]), int(table[index + 1])
        between = Fraction((high - low) * fraction, segment) if output_bits > 1 else 0
        expected.append(low + floor(between + Fraction(1, 2)))
    assert lookup(np.array(inputs), table, input_bits, output_bits).tolist() == expected


@pytest.mark.parametrize("bits", range(11, 17))
def test_interpolation_stays_near_gelu(bits: int):
    """Within one step: half from the table, half from the interpolation, and a curve of its own."""
    input_scale = 8 / 2 ** (bits - 1)
    table = gelu_table(input_scale, bits, input_scale, bits)
    inputs = np.array(inputs_of(bits))
    outputs = lookup(inputs, table, bits, bits)
    exact = np.array([gelu(each) for each in (inputs * input_scale).tolist()]) / input_scale
    segment = 2 ** (bits - 10) * input_scale
    assert np.abs(outputs - exact).max() <= 1 + 0.8 * segment**2 / 8 / input_scale


@pytest.mark.parametrize("bits", range(1, 17))
def test_one_bit_of_gelu_is_the_sign_of_its_input(bits: int):
    # The largest inputs are so negative that GELU itself is no longer a double.
    table = gelu_table(100 / 2 ** (bits - 1), bits, 1.0, 1)
    inputs = inputs_of(bits)
    expected = [1 if each >= 0 else -1 for each in inputs]
    assert lookup(np.array(inputs), table, bits, 1).tolist() == expected


def test_exponential_table():
    table = exponential_table()
    assert table[0] == 2**15
    assert table.tolist() == [floor(2.0 ** (15 - index / 256) + 0.5) for index in range(256)]
    assert table.min() > 2**14
