"""What the operations of the `onnx` dialect share: tensor types, constants, axes, broadcasting."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I1,
    I64,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    Float32Type,
    IntegerAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, OpResult, SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from vaqf.dialects.shapes import shape_of

FloatTensor = TensorType[Float32Type]
"""A tensor of real values."""

IntegerTensor = TensorType[I64]
"""A tensor of indices, sizes or axes."""

BooleanTensor = TensorType[I1]
"""A tensor of conditions."""

Integer = IntegerAttr.constr(i64)
"""An attribute that ONNX calls `int`."""

Integers = DenseArrayBase.constr(i64)
"""An attribute that ONNX calls `ints`."""


def expect_same_elements(name: str, value: SSAValue, other: SSAValue) -> None:
    """
    Check that moving values did not change what they are.

    Raises:
        VerifyException: `'name' has elements ..., expected ...`.
    """
    if not isa(value.type, TensorType[Attribute]) or not isa(other.type, TensorType[Attribute]):
        raise VerifyException(f"expected tensors, got {value.type} and {other.type}")
    if value.type.element_type != other.type.element_type:
        raise VerifyException(
            f"'{name}' has elements {value.type.element_type}, expected {other.type.element_type}"
        )


def constant_attribute(value: SSAValue) -> DenseIntOrFPElementsAttr | None:
    """The elements of a value that an `onnx.constant` defines; None for any other value."""
    from vaqf.dialects.onnx.data import ConstantOp  # noqa: PLC0415

    if isinstance(value, OpResult) and isinstance(value.op, ConstantOp):
        return value.op.value
    return None
