"""What passes on the `onnx` level ask of values, and how they write new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose

import numpy as np
from xdsl.dialects.builtin import (
    I1,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    TensorType,
    f32,
    i1,
    i32,
    i64,
)
from xdsl.ir import Attribute, Operation, OpResult, SSAValue
from xdsl.utils.hints import isa

from vaqf.dialects import onnx
from vaqf.dialects.onnx.base import broadcast, elements_of
from vaqf.dialects.onnx.data import known_list
from vaqf.dialects.onnx.elementwise import BinaryOperation
from vaqf.dialects.shapes import shape_of
from vaqf.passes.naming import name_after

Movement = onnx.ReshapeOp | onnx.SqueezeOp | onnx.UnsqueezeOp | onnx.TransposeOp | onnx.ExpandOp
"""Operations after which every element of the result is one of the input."""

_NUMBERS: Mapping[Attribute, type[np.number]] = {f32: np.float32, i32: np.int32, i64: np.int64}
"""What constants hold numbers as."""

_LARGEST = float(np.finfo(np.float32).max)
_SMALLEST = float(np.finfo(np.float32).tiny)


def same_number(left: float, right: float) -> bool:
    """Whether two numbers differ by no more than what exporters lose by rounding to `float32`."""
    return isclose(left, right, rel_tol=1e-6)


def is_representable(number: float) -> bool:
    """Whether `float32` holds a number with all of its precision."""
    return number == 0 or _SMALLEST <= abs(number) <= _LARGEST


def before_moves(value: SSAValue) -> SSAValue:
    """The value that `value` has its elements from, if it was only moved around."""
    while isinstance(value, OpResult) and isinstance(value.op, Movement):
        value = value.op.input
    return value


def is_constant(value: SSAValue) -> bool:
    """Whether a value is a constant of the graph, perhaps moved around."""
    return isinstance(before_moves(value).owner, onnx.ConstantOp)


def is_weight(value: SSAValue) -> bool:
    """Whether a value is a tensor of the model file, perhaps moved around."""
    return isinstance(before_moves(value).owner, onnx.InitializerOp)


def number_of(value: SSAValue, accepted: Sequence[Attribute] = (f32,)) -> float | None:
    """
    The number that every element of a value equals.

    None for values that are not constants, whose elements differ, or are not of an accepted type.
    """
    constant = before_moves(value).owner
    if not isinstance(constant, onnx.ConstantOp):
        return None
    held = constant.elements
    elements = held.get_element_type()
    if elements not in accepted or elements not in _NUMBERS or not held.data.data:
        return None
    array = np.frombuffer(held.data.data, _NUMBERS[elements])
    return float(array[0]) if (array == array[0]).all() else None


def condition_of(value: SSAValue) -> bool | None:
    """What every element of a condition is; None unless it is a constant of equal elements."""
    constant = before_moves(value).owner
    if not isinstance(constant, onnx.ConstantOp):
        return None
    elements = constant.elements
    if not isa(elements, DenseIntOrFPElementsAttr[I1]) or not elements.data.data:
        return None
    array = np.frombuffer(elements.data.data, np.uint8)
    return bool(array[0]) if (array == array[0]).all() else None


def list_of(name: str, value: SSAValue) -> tuple[int, ...] | None:
    """
    The elements of a list, such as axes; None when they are computed.

    Raises:
        PassFailedException: when the text that the constant was read from leaves them out.
    """
    if isinstance(value.owner, onnx.ConstantOp):
        _ = value.owner.elements
    return known_list(name, value)


def is_number(value: SSAValue, number: float) -> bool:
    """Whether every element of a value equals `number`, but for rounding to `float32`."""
    return (found := number_of(value)) is not None and same_number(found, number)


def real_constant(number: float, shape: Sequence[int] = ()) -> onnx.ConstantOp:
    """A constant whose elements are all `number`."""
    type = TensorType(f32, shape)
    return onnx.ConstantOp(DenseIntOrFPElementsAttr.from_list(type, [number]))


def integer_constant(numbers: Sequence[int]) -> onnx.ConstantOp:
    """A constant that is a list, such as a shape or axes."""
    type = TensorType(i64, [len(numbers)])
    return onnx.ConstantOp(DenseIntOrFPElementsAttr.from_list(type, numbers))


def combine(kind: type[BinaryOperation], left: SSAValue, right: SSAValue) -> BinaryOperation:
    """An operation of that kind on the elements of two values."""
    type = TensorType(elements_of(left), broadcast(shape_of(left), shape_of(right)))
    return kind.build(operands=[left, right], result_types=[type])


def _move(
    kind: type[onnx.ReshapeOp | onnx.ExpandOp], value: SSAValue, shape: Sequence[int]
) -> tuple[Operation, Operation]:
    sizes = integer_constant(shape)
    name_after(sizes.result, value, "shape")
    type = TensorType(elements_of(value), shape)
    return sizes, kind.build(operands=[value, sizes.result], result_types=[type])


def reshape(value: SSAValue, shape: Sequence[int]) -> tuple[Operation, Operation]:
    """The operations that give a tensor another shape of as many elements."""
    return _move(onnx.ReshapeOp, value, shape)


def expand(value: SSAValue, shape: Sequence[int]) -> tuple[Operation, Operation]:
    """The operations that stretch a tensor to a shape that it broadcasts to."""
    return _move(onnx.ExpandOp, value, shape)


def transpose(value: SSAValue, order: Sequence[int]) -> onnx.TransposeOp:
    """The operation that permutes the dimensions of a tensor."""
    shape = shape_of(value)
    return onnx.TransposeOp.build(
        operands=[value],
        properties={"perm": DenseArrayBase.from_list(i64, order)},
        result_types=[TensorType(elements_of(value), [shape[source] for source in order])],
    )


def multiply_matrices(left: SSAValue, right: SSAValue) -> onnx.MatMulOp:
    """The operation that multiplies stacks of matrices."""
    (*left_stack, rows, _), (*right_stack, _, columns) = shape_of(left), shape_of(right)
    shape = (*broadcast(tuple(left_stack), tuple(right_stack)), rows, columns)
    return onnx.MatMulOp.build(operands=[left, right], result_types=[TensorType(f32, shape)])


def gelu(value: SSAValue, approximate: str) -> onnx.GeluOp:
    """The operation that applies a GELU to each element."""
    return onnx.GeluOp.build(
        operands=[value],
        properties={"approximate": StringAttr(approximate)},
        result_types=[value.type],
    )


def choose(condition: SSAValue, left: SSAValue, right: SSAValue) -> onnx.WhereOp:
    """The operation that takes `left` where a condition holds, else `right`."""
    shape = broadcast(*(shape_of(each) for each in (condition, left, right)))
    return onnx.WhereOp.build(
        operands=[condition, left, right], result_types=[TensorType(elements_of(left), shape)]
    )


def is_nan(value: SSAValue) -> onnx.IsNaNOp:
    """The operation that tells which elements are no numbers."""
    type = TensorType(i1, shape_of(value))
    return onnx.IsNaNOp.build(operands=[value], result_types=[type])


def softmax(value: SSAValue) -> onnx.SoftmaxOp:
    """The operation that makes probabilities of the last dimension."""
    return onnx.SoftmaxOp.build(
        operands=[value],
        properties={"axis": IntegerAttr(-1, i64)},
        result_types=[value.type],
    )


def layer_normalization(
    value: SSAValue, scale: SSAValue, bias: SSAValue | None, epsilon: float
) -> onnx.LayerNormalizationOp:
    """The operation that normalises over the last dimension."""
    return onnx.LayerNormalizationOp.build(
        operands=[value, scale, [] if bias is None else [bias]],
        properties={"axis": IntegerAttr(-1, i64), "epsilon": FloatAttr(epsilon, f32)},
        result_types=[value.type],
    )
