"""The same values in another shape or order."""

from __future__ import annotations

import numpy as np
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)

from vaqf.dialects import onnx
from vaqf.dialects.shapes import shape_of


@register_impls
class OnnxReshapingFunctions(InterpreterFunctions):
    """Moves of values, whatever their elements."""

    @impl(onnx.ReshapeOp)
    def reshape(
        self, interpreter: Interpreter, op: onnx.ReshapeOp, args: PythonValues
    ) -> PythonValues:
        return (np.reshape(args[0], shape_of(op.result)),)

    @impl(onnx.TransposeOp)
    def transpose(
        self, interpreter: Interpreter, op: onnx.TransposeOp, args: PythonValues
    ) -> PythonValues:
        return (np.transpose(args[0], op.perm.get_values()),)

    @impl(onnx.SqueezeOp)
    def squeeze(
        self, interpreter: Interpreter, op: onnx.SqueezeOp, args: PythonValues
    ) -> PythonValues:
        return (np.reshape(args[0], shape_of(op.result)),)

    @impl(onnx.UnsqueezeOp)
    def unsqueeze(
        self, interpreter: Interpreter, op: onnx.UnsqueezeOp, args: PythonValues
    ) -> PythonValues:
        return (np.reshape(args[0], shape_of(op.result)),)

    @impl(onnx.ExpandOp)
    def expand(
        self, interpreter: Interpreter, op: onnx.ExpandOp, args: PythonValues
    ) -> PythonValues:
        return (np.broadcast_to(args[0], shape_of(op.result)),)

    @impl(onnx.FlattenOp)
    def flatten(
        self, interpreter: Interpreter, op: onnx.FlattenOp, args: PythonValues
    ) -> PythonValues:
        return (np.reshape(args[0], shape_of(op.result)),)

    @impl(onnx.TileOp)
    def tile(self, interpreter: Interpreter, op: onnx.TileOp, args: PythonValues) -> PythonValues:
        return (np.tile(args[0], args[1]),)
