"""What the operations of the `vit` dialect share."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    Float32Type,
    TensorType,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.shapes import is_tensor

FloatTensor = TensorType[Float32Type]
"""A tensor of real values."""


def tensor_like(value: SSAValue, shape: Sequence[int]) -> TensorType[Attribute]:
    """The type of a tensor with the elements of `value` and another shape."""
    if not is_tensor(value.type):
        raise VerifyException(f"expected a tensor, got {value.type}")
    return TensorType(value.type.element_type, shape)


def expect_same_elements(name: str, value: SSAValue, other: SSAValue) -> None:
    """
    Check that moving values did not change what they stand for.

    Raises:
        VerifyException: when the element types of the two tensors differ.
    """
    mine, expected = tensor_like(value, ()).element_type, tensor_like(other, ()).element_type
    if mine != expected:
        raise VerifyException(f"'{name}' has elements {mine}, expected {expected}")
