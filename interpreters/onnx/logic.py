"""Conditions: where they come from, and choices by them."""

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


@register_impls
class OnnxLogicFunctions(InterpreterFunctions):
    """Conditions are arrays of `bool`."""

    @impl(onnx.EqualOp)
    def equal(self, interpreter: Interpreter, op: onnx.EqualOp, args: PythonValues) -> PythonValues:
        return (np.equal(args[0], args[1]),)

    @impl(onnx.GreaterOp)
    def greater(
        self, interpreter: Interpreter, op: onnx.GreaterOp, args: PythonValues
    ) -> PythonValues:
        return (np.greater(args[0], args[1]),)

    @impl(onnx.GreaterOrEqualOp)
    def greater_or_equal(
        self, interpreter: Interpreter, op: onnx.GreaterOrEqualOp, args: PythonValues
    ) -> PythonValues:
        return (np.greater_equal(args[0], args[1]),)

    @impl(onnx.LessOp)
    def less(self, interpreter: Interpreter, op: onnx.LessOp, args: PythonValues) -> PythonValues:
        return (np.less(args[0], args[1]),)

    @impl(onnx.LessOrEqualOp)
    def less_or_equal(
        self, interpreter: Interpreter, op: onnx.LessOrEqualOp, args: PythonValues
    ) -> PythonValues:
        return (np.less_equal(args[0], args[1]),)

    @impl(onnx.AndOp)
    def both(self, interpreter: Interpreter, op: onnx.AndOp, args: PythonValues) -> PythonValues:
        return (np.logical_and(args[0], args[1]),)

    @impl(onnx.OrOp)
    def either(self, interpreter: Interpreter, op: onnx.OrOp, args: PythonValues) -> PythonValues:
        return (np.logical_or(args[0], args[1]),)

    @impl(onnx.NotOp)
    def negation(
        self, interpreter: Interpreter, op: onnx.NotOp, args: PythonValues
    ) -> PythonValues:
        return (np.logical_not(args[0]),)

    @impl(onnx.IsNaNOp)
    def is_nan(
        self, interpreter: Interpreter, op: onnx.IsNaNOp, args: PythonValues
    ) -> PythonValues:
        return (np.isnan(args[0]),)

    @impl(onnx.WhereOp)
    def where(self, interpreter: Interpreter, op: onnx.WhereOp, args: PythonValues) -> PythonValues:
        condition: NDArray[np.bool_] = args[0]
        left: NDArray[np.generic] = args[1]
        right: NDArray[np.generic] = args[2]
        return (np.where(condition, left, right),)
