"""What the operations of the `onnx` dialect share: types, axes, broadcasting."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from xdsl.dialects.builtin import (
    I1,
    DenseArrayBase,
    Float32Type,
    IntegerAttr,
    TensorType,
    f32,
    f64,
    i32,
    i64,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import BaseAttr
from xdsl.utils.exceptions import VerifyException

FloatTensor = TensorType[Float32Type]
"""A tensor of real values."""

BooleanTensor = TensorType[I1]
"""A tensor of conditions."""

ANY_TENSOR = BaseAttr[TensorType[Attribute]](TensorType)
"""A tensor of whatever elements."""

INTEGER = IntegerAttr.constr(i64)
"""An attribute that ONNX calls `int`."""

INTEGERS = DenseArrayBase.constr(i64)
"""An attribute that ONNX calls `ints`."""


NUMBERS = (f32, f64, i32, i64)
"""Elements to compute with."""

INDICES = (i32, i64)
"""Elements that are indices, sizes or axes."""


def elements_of(value: SSAValue) -> Attribute:
    """
    The type of the elements of a tensor.

    Raises:
        VerifyException: when `value` is no tensor of known shape.
    """
    if not ANY_TENSOR.verifies(value.type):
        raise VerifyException(f"expected a tensor of known shape, got {value.type}")
    return value.type.element_type


def expect_elements(name: str, value: SSAValue, accepted: Sequence[Attribute]) -> None:
    """
    Check the type of the elements of one operand or result.

    Raises:
        VerifyException: `'name' has elements ..., accepted are ...`.
    """
    if (elements := elements_of(value)) not in accepted:
        listed = ", ".join(map(str, accepted))
        are = "is" if len(accepted) == 1 else "are"
        raise VerifyException(f"'{name}' has elements {elements}, accepted {are} {listed}")


def expect_reals(**values: SSAValue | None) -> None:
    """
    Check that some operands, those that are given, have elements `f32`.

    Raises:
        VerifyException: `'name' has elements ..., accepted is f32`.
    """
    for name, value in values.items():
        if value is not None:
            expect_elements(name, value, (f32,))


def expect_same_elements(name: str, value: SSAValue, other: SSAValue) -> None:
    """
    Check that moving values did not change what they are.

    Raises:
        VerifyException: `'name' has elements ..., expected ...`.
    """
    if (elements := elements_of(value)) != (expected := elements_of(other)):
        raise VerifyException(f"'{name}' has elements {elements}, expected {expected}")


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
