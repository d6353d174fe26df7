"""What the operations of the `onnx` dialect share: types, axes, broadcasting."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from xdsl.dialects.builtin import I1, I64, DenseArrayBase, Float32Type, IntegerAttr, TensorType, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

FloatTensor = TensorType[Float32Type]
"""A tensor of real values."""

IntegerTensor = TensorType[I64]
"""A tensor of indices, sizes or axes."""

BooleanTensor = TensorType[I1]
"""A tensor of conditions."""

INTEGER = IntegerAttr.constr(i64)
"""An attribute that ONNX calls `int`."""

INTEGERS = DenseArrayBase.constr(i64)
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


def counted_from_front(name: str, axis: int, rank: int) -> int:
    """
    The dimension that an axis of ONNX means: negative ones count from the back.

    Raises:
        VerifyException: `'name' is ..., accepted range is [-rank, rank - 1]`.
    """
    if not -rank <= axis < rank:
        raise VerifyException(f"'{name}' is {axis}, accepted range is [{-rank}, {rank - 1}]")
    return axis % rank


def distinct_dimensions(name: str, axes: Sequence[int], rank: int) -> tuple[int, ...]:
    """
    The dimensions that a list of axes means.

    Raises:
        VerifyException: when an axis is out of range or stands there twice.
    """
    dimensions = tuple(counted_from_front(name, axis, rank) for axis in axes)
    if len(set(dimensions)) != len(dimensions):
        raise VerifyException(f"'{name}' is {list(axes)}, it names a dimension twice")
    return dimensions


def broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """
    The shape of the result when tensors are stretched to match each other
    (ONNX, "Broadcasting in ONNX", multidirectional).

    Raises:
        VerifyException: when two sizes of a dimension differ and neither is one.
    """

    def size(sizes: tuple[int, ...]) -> int:
        larger = {each for each in sizes if each != 1}
        if len(larger) > 1:
            raise VerifyException(f"shapes {' and '.join(map(str, shapes))} do not broadcast")
        return larger.pop() if larger else 1

    columns = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    return tuple(reversed([size(sizes) for sizes in columns]))
