"""Where tensors come from: the model file, or the text itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, f32, i64
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)

from vaqf.dialects import onnx
from vaqf.interpreters.parameters import parameter


def constant_array(value: DenseIntOrFPElementsAttr) -> NDArray[np.generic]:
    """The elements of a constant: `float32`, `int64` or `bool`."""
    elements = value.get_element_type()
    dtype = np.float32 if elements == f32 else np.int64 if elements == i64 else np.bool_
    return np.array(value.get_values(), np.dtype(dtype)).reshape(value.get_shape())


@register_impls
class OnnxDataFunctions(InterpreterFunctions):
    """Weights and constants."""

    @impl(onnx.InitializerOp)
    def initializer(
        self, interpreter: Interpreter, op: onnx.InitializerOp, args: PythonValues
    ) -> PythonValues:
        return (parameter(interpreter, op.tensor_name.data),)

    @impl(onnx.ConstantOp)
    def constant(
        self, interpreter: Interpreter, op: onnx.ConstantOp, args: PythonValues
    ) -> PythonValues:
        return (constant_array(op.value),)
