"""Static shapes of values whose types the constraints of an op have already checked."""

from typing import TypeGuard

from xdsl.dialects.builtin import MemRefType, ShapedType, TensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import VerifyException


def is_tensor(type: Attribute) -> TypeGuard[TensorType[Attribute]]:
    """Whether a type is a tensor of anything; faster than `isa`, which reads constraints."""
    return isinstance(type, TensorType)


def is_memref(type: Attribute) -> TypeGuard[MemRefType[Attribute]]:
    """Whether a type is a buffer of anything."""
    return isinstance(type, MemRefType)


def shape_of(value: SSAValue) -> tuple[int, ...]:
    """
    The shape of a tensor or buffer.

    Raises:
        VerifyException: when the type of `value` has no shape.
    """
    if not isinstance(value.type, ShapedType):
        raise VerifyException(f"expected a shaped type, got {value.type}")
    return value.type.get_shape()


def expect_shape(name: str, value: SSAValue, expected: tuple[int, ...]) -> None:
    """
    Check the shape of one operand or result of an op.

    Raises:
        VerifyException: `'name' has shape ..., expected ...`.
    """
    if (shape := shape_of(value)) != expected:
        raise VerifyException(f"'{name}' has shape {shape}, expected {expected}")


def expect_rank(name: str, value: SSAValue, rank: int, meaning: str) -> tuple[int, ...]:
    """
    Check the rank of one operand or result, and give its shape.

    Raises:
        VerifyException: `'name' has rank ..., expected ... (meaning)`.
    """
    shape = shape_of(value)
    if len(shape) != rank:
        raise VerifyException(f"'{name}' has rank {len(shape)}, expected {rank} ({meaning})")
    return shape
