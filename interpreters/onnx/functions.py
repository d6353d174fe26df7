"""Functions of each element of one tensor."""

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
from vaqf.interpreters.error_function import error_function

Floats = NDArray[np.float32]


def gelu(x: Floats, approximate: str) -> Floats:
    """`x / 2 * (1 + erf(x / sqrt(2)))`, or its approximation by the hyperbolic tangent."""
    if approximate == "none":
        curve: Floats = error_function(x / np.sqrt(2, dtype=np.float32))
    else:
        curve = np.tanh(np.sqrt(2 / np.pi, dtype=np.float32) * (x + np.float32(0.044715) * x**3))
    return np.multiply(x / 2, curve + 1, dtype=np.float32)


@register_impls
class OnnxUnaryFunctions(InterpreterFunctions):
    """Functions of one tensor."""

    @impl(onnx.NegOp)
    def neg(self, interpreter: Interpreter, op: onnx.NegOp, args: PythonValues) -> PythonValues:
        return (-args[0],)

    @impl(onnx.ReciprocalOp)
    def reciprocal(
        self, interpreter: Interpreter, op: onnx.ReciprocalOp, args: PythonValues
    ) -> PythonValues:
        return (np.reciprocal(args[0]),)

    @impl(onnx.FloorOp)
    def floor(self, interpreter: Interpreter, op: onnx.FloorOp, args: PythonValues) -> PythonValues:
        return (np.floor(args[0]),)

    @impl(onnx.CeilOp)
    def ceil(self, interpreter: Interpreter, op: onnx.CeilOp, args: PythonValues) -> PythonValues:
        return (np.ceil(args[0]),)

    @impl(onnx.SqrtOp)
    def sqrt(self, interpreter: Interpreter, op: onnx.SqrtOp, args: PythonValues) -> PythonValues:
        return (np.sqrt(args[0]),)

    @impl(onnx.ExpOp)
    def exp(self, interpreter: Interpreter, op: onnx.ExpOp, args: PythonValues) -> PythonValues:
        return (np.exp(args[0]),)

    @impl(onnx.LogOp)
    def log(self, interpreter: Interpreter, op: onnx.LogOp, args: PythonValues) -> PythonValues:
        return (np.log(args[0]),)

    @impl(onnx.ErfOp)
    def erf(self, interpreter: Interpreter, op: onnx.ErfOp, args: PythonValues) -> PythonValues:
        return (error_function(args[0]),)

    @impl(onnx.TanhOp)
    def tanh(self, interpreter: Interpreter, op: onnx.TanhOp, args: PythonValues) -> PythonValues:
        return (np.tanh(args[0]),)

    @impl(onnx.GeluOp)
    def gelu(self, interpreter: Interpreter, op: onnx.GeluOp, args: PythonValues) -> PythonValues:
        return (gelu(args[0], op.approximate.data),)
