"""Widths and checks that tile ops share."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IntegerAttr,
)
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.memory import (
    LOCAL,
    expect_space,
    expect_width,
)
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.shapes import expect_rank, expect_shape


def sum_width(*widths: int) -> int:
    """Signed width of a sum of signed integers of these widths."""
    return max(widths) + (len(widths) - 1).bit_length()


def scaled_width(width: int) -> int:
    """Signed width of `value * multiplier + offset` for values of `width` bits."""
    return sum_width(width + MULTIPLIER_BITS, OFFSET_BITS)


def expect_local(name: str, value: SSAValue, rank: int, meaning: str) -> tuple[int, ...]:
    """
    Check that an operand is an array inside of an engine, and give its shape.

    Raises:
        VerifyException: for another rank or memory space.
    """
    shape = expect_rank(name, value, rank, meaning)
    expect_space(name, value, LOCAL)
    return shape


def expect_array(name: str, value: SSAValue, shape: tuple[int, ...]) -> None:
    """
    Check that an operand is an array of some shape inside of an engine.

    Raises:
        VerifyException: for another shape or memory space.
    """
    expect_shape(name, value, shape)
    expect_space(name, value, LOCAL)


def expect_positive(name: str, number: IntegerAttr) -> None:
    """
    Check a count.

    Raises:
        VerifyException: `'name' is ..., it must be positive`.
    """
    if number.value.data < 1:
        raise VerifyException(f"'{name}' is {number.value.data}, it must be positive")


def expect_parameters(multipliers: SSAValue, offsets: SSAValue, lanes: int) -> None:
    """
    Check the multipliers and offsets of the lanes.

    Raises:
        VerifyException: for another shape, width or memory space.
    """
    for name, value, width in (
        ("multipliers", multipliers, MULTIPLIER_BITS),
        ("offsets", offsets, OFFSET_BITS),
    ):
        expect_array(name, value, (lanes,))
        expect_width(name, value, width)
