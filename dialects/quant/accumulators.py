"""Sums that are as wide as they can need, and what they may be multiplied by."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IntegerType,
    TensorType,
)
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    IntType,
    accumulator_type,
    element_of,
)

MAXIMUM_ACCUMULATOR_BITS = 63 - (MULTIPLIER_BITS - 1)
"""The widest accumulator that can be multiplied: the product then has at most 63 bits."""

MAXIMUM_VARIANCE_BITS = 62
"""The widest variance inside a LayerNorm: its root is taken in 63 bits."""

IntTensor = TensorType[IntType]
AccumulatorTensor = TensorType[IntegerType]


def expect_accumulator(value: SSAValue, count: int, left: SSAValue, right: SSAValue) -> None:
    """
    Check that an accumulator has exactly the width that its sums can need.

    Raises:
        VerifyException: when it is narrower or wider.
    """
    expected = accumulator_type(count, element_of(left), element_of(right))
    if (actual := element_of(value)) != expected:
        raise VerifyException(
            f"'result' has elements {actual}, expected {expected} for {count} products"
        )


def expect_multiplier(multiplier: int) -> None:
    """
    Check a requantization multiplier that is an attribute.

    Raises:
        VerifyException: outside of 0 to 2^17 - 1.
    """
    largest = (1 << (MULTIPLIER_BITS - 1)) - 1
    if not 0 <= multiplier <= largest:
        raise VerifyException(f"'multiplier' is {multiplier}, accepted range is [0, {largest}]")


def expect_multipliable(accumulators: SSAValue) -> None:
    """
    Check that accumulators times a multiplier need no more than 63 bits.

    Raises:
        VerifyException: when they have more than 46 bits.
    """
    assert isa(accumulators.type, AccumulatorTensor)
    bits = accumulators.type.element_type.width.data
    if bits > MAXIMUM_ACCUMULATOR_BITS:
        raise VerifyException(
            f"'input' has {bits} bits, accepted range is [1, {MAXIMUM_ACCUMULATOR_BITS}]"
        )
