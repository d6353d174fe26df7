"""Checks that layers share."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
)
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.memory import (
    ONCHIP,
    expect_space,
)
from vaqf.dialects.quant.formats import MAXIMUM_BITS
from vaqf.dialects.shapes import expect_rank


def expect_matrix(name: str, value: SSAValue) -> None:
    """
    Check that an operand is a matrix of activations.

    Raises:
        VerifyException: for another rank or memory space.
    """
    expect_rank(name, value, 2, "tokens x channels")
    expect_space(name, value, ONCHIP)


def expect_probability_bits(name: str, bits: IntegerAttr) -> None:
    """
    Check the width of a probability.

    Raises:
        VerifyException: outside of 1 to 16.
    """
    if not 1 <= bits.value.data <= MAXIMUM_BITS:
        raise VerifyException(
            f"'{name}' is {bits.value.data}, accepted range is [1, {MAXIMUM_BITS}]"
        )


def expect_patch(patch: DenseArrayBase[IntegerType]) -> tuple[int, int]:
    """
    Check the size of a patch, and give its height and width.

    Raises:
        VerifyException: when it is not two positive numbers.
    """
    sizes = patch.get_values()
    if len(sizes) != 2 or min(sizes) < 1:
        raise VerifyException(f"'patch' is {list(sizes)}, expected a positive height and width")
    height, width = sizes
    return height, width
