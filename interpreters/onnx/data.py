"""Where tensors come from: the model file, or the text itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import DTypeLike, NDArray
from xdsl.dialects.builtin import (
    AnyFloat,
    DenseIntOrFPElementsAttr,
    IntegerType,
    Signedness,
    TensorType,
    f16,
    f32,
    f64,
    i1,
    i8,
    i16,
    i32,
    i64,
)
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.ir import Attribute
from xdsl.utils.hints import isa

from vaqf.dialects import onnx
from vaqf.dialects.diagnostics import UserError, name_of_location
from vaqf.dialects.onnx.data import MAXIMUM_CONSTANT_ELEMENTS
from vaqf.interpreters.parameters import integer_parameter, parameter

EVALUATION_FAILURES = (ArithmeticError, IndexError, ValueError)
"""What NumPy raises for values that do not fit an operation."""

LARGEST_EVALUATED = 1 << 16
"""Most elements of a value that is computed before the network runs, such as a mask."""

_DTYPES: Mapping[Attribute, DTypeLike] = {
    f16: np.float16,
    f32: np.float32,
    f64: np.float64,
    i1: np.bool_,
    i8: np.int8,
    i16: np.int16,
    i32: np.int32,
    i64: np.int64,
    **{
        IntegerType(dtype(0).itemsize * 8, Signedness.UNSIGNED): dtype
        for dtype in (np.uint8, np.uint16, np.uint32, np.uint64)
    },
}
"""How NumPy holds each type of elements."""


def dtype_of(elements: Attribute) -> np.dtype[np.generic]:
    """
    How NumPy holds elements of a type.

    Raises:
        UserError: when it has no such numbers.
    """
    if elements not in _DTYPES:
        raise UserError(f"elements {elements} cannot be computed with")
    return np.dtype(_DTYPES[elements])


def constant_array(value: DenseIntOrFPElementsAttr) -> NDArray[np.generic]:
    """The elements of a constant, in its shape."""
    elements = np.array(value.get_values(), dtype_of(value.get_element_type()))
    return elements.reshape(value.get_shape())


def _are_equal(array: NDArray[np.generic]) -> bool:
    return array.size > 0 and bool((array == array.flat[0]).all())


def is_constant(array: NDArray[np.generic]) -> bool:
    """Whether an `onnx.constant` can hold an array: it is small, or its elements are all equal."""
    return array.size <= MAXIMUM_CONSTANT_ELEMENTS or _are_equal(array)


def constant_value(
    array: NDArray[np.generic], elements: Attribute
) -> DenseIntOrFPElementsAttr | None:
    """An array as the elements of a constant; None when there are too many different ones."""
    if not is_constant(array):
        return None
    values = array.flat[:1] if _are_equal(array) else array.flat[:]
    if isinstance(elements, AnyFloat):
        reals: list[float] = values.astype(np.float64).tolist()
        return DenseIntOrFPElementsAttr.from_list(TensorType(elements, array.shape), reals)
    assert isa(elements, IntegerType)
    integers: list[int] = values.astype(np.int64).tolist()
    return DenseIntOrFPElementsAttr.from_list(TensorType(elements, array.shape), integers)


@register_impls
class OnnxDataFunctions(InterpreterFunctions):
    """Weights and constants."""

    @impl(onnx.InitializerOp)
    def initializer(
        self, interpreter: Interpreter, op: onnx.InitializerOp, args: PythonValues
    ) -> PythonValues:
        is_real = isa(op.value.type, TensorType[AnyFloat])
        read = parameter if is_real else integer_parameter
        return (read(interpreter, op.tensor_name.data),)

    @impl(onnx.ConstantOp)
    def constant(
        self, interpreter: Interpreter, op: onnx.ConstantOp, args: PythonValues
    ) -> PythonValues:
        return (constant_array(op.elements),)

    @impl(onnx.OpaqueOp)
    def opaque(
        self, interpreter: Interpreter, op: onnx.OpaqueOp, args: PythonValues
    ) -> PythonValues:
        node = name_of_location(op.location) or "a node"
        why = "" if op.reason is None else f": {op.reason.data}"
        raise UserError(f"{node} ({op.operator}) has no operation to execute{why}")
