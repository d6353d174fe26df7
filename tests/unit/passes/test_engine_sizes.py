"""How wide the sums of an engine are, and how tiles round up."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.interpreters.accel_operations import local
from vaqf.dialects.accel.memory import element_bounds
from vaqf.passes.engines.linear import accumulator_bits
from vaqf.passes.engines.tiling import rounded_up

WIDTHS = st.integers(1, 16)


@given(st.integers(1, 4096), WIDTHS, WIDTHS)
def test_accumulator(inputs: int, activation: int, weight: int):
    """The largest sum fits, and does not fit one bit less."""
    smallest = element_bounds(activation)[0]
    # Weights are symmetric: the most negative integer is none.
    largest_weight = element_bounds(weight)[1]
    largest = inputs * -smallest * largest_weight
    bits = accumulator_bits(inputs, local(activation, 1), local(weight, 1))
    assert 1 << (bits - 2) <= largest < 1 << (bits - 1)


@given(st.integers(0, 1000), st.integers(1, 100))
def test_rounded_up(value: int, step: int):
    rounded = rounded_up(value, step)
    assert rounded % step == 0 and value <= rounded < value + step
