"""Shapes as values, and tensors made from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)

from vaqf.dialects import onnx
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.onnx.data import constant_array


@register_impls
class OnnxSizeFunctions(InterpreterFunctions):
    """Sizes are those of the types: all shapes are static."""

    @impl(onnx.ShapeOp)
    def shape(self, interpreter: Interpreter, op: onnx.ShapeOp, args: PythonValues) -> PythonValues:
        return (np.array(op.sizes, np.int64),)

    @impl(onnx.SizeOp)
    def size(self, interpreter: Interpreter, op: onnx.SizeOp, args: PythonValues) -> PythonValues:
        return (np.array(op.count, np.int64),)

    @impl(onnx.ConstantOfShapeOp)
    def constant_of_shape(
        self, interpreter: Interpreter, op: onnx.ConstantOfShapeOp, args: PythonValues
    ) -> PythonValues:
        element = constant_array(op.value)
        return (np.full(shape_of(op.result), element.flat[0], element.dtype),)

    @impl(onnx.RangeOp)
    def range(self, interpreter: Interpreter, op: onnx.RangeOp, args: PythonValues) -> PythonValues:
        (count,) = shape_of(op.result)
        start: NDArray[np.number] = args[0]
        delta: NDArray[np.number] = args[2]
        return ((start + np.arange(count) * delta).astype(start.dtype),)
