"""Arithmetic on each element, in `float32`."""

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
class OnnxElementwiseFunctions(InterpreterFunctions):
    """Arithmetic, with broadcasting."""

    @impl(onnx.AddOp)
    def add(self, interpreter: Interpreter, op: onnx.AddOp, args: PythonValues) -> PythonValues:
        return (args[0] + args[1],)

    @impl(onnx.SubOp)
    def sub(self, interpreter: Interpreter, op: onnx.SubOp, args: PythonValues) -> PythonValues:
        return (args[0] - args[1],)

    @impl(onnx.MulOp)
    def mul(self, interpreter: Interpreter, op: onnx.MulOp, args: PythonValues) -> PythonValues:
        return (args[0] * args[1],)

    @impl(onnx.DivOp)
    def div(self, interpreter: Interpreter, op: onnx.DivOp, args: PythonValues) -> PythonValues:
        return (args[0] / args[1],)

    @impl(onnx.PowOp)
    def pow(self, interpreter: Interpreter, op: onnx.PowOp, args: PythonValues) -> PythonValues:
        return (np.power(args[0], args[1]),)

    @impl(onnx.SqrtOp)
    def sqrt(self, interpreter: Interpreter, op: onnx.SqrtOp, args: PythonValues) -> PythonValues:
        return (np.sqrt(args[0]),)

    @impl(onnx.ErfOp)
    def erf(self, interpreter: Interpreter, op: onnx.ErfOp, args: PythonValues) -> PythonValues:
        return (error_function(args[0]),)

    @impl(onnx.GeluOp)
    def gelu(self, interpreter: Interpreter, op: onnx.GeluOp, args: PythonValues) -> PythonValues:
        return (gelu(args[0], op.approximate.data),)

    @impl(onnx.WhereOp)
    def where(self, interpreter: Interpreter, op: onnx.WhereOp, args: PythonValues) -> PythonValues:
        condition: NDArray[np.bool_] = args[0]
        left: Floats = args[1]
        right: Floats = args[2]
        return (np.where(condition, left, right),)
