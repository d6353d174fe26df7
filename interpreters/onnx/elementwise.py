"""Arithmetic on each element of several tensors, with broadcasting."""

from __future__ import annotations

from functools import reduce

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

Array = NDArray[np.floating | np.integer]


def divide(left: Array, right: Array) -> Array:
    """
    `left / right`; the quotient of integers is rounded towards zero.

    Raises:
        ZeroDivisionError: for integers, which have no infinity.
    """
    if np.issubdtype(left.dtype, np.floating):
        return np.divide(left, right, dtype=left.dtype)
    _expect_divisor(right)
    # NumPy rounds down.
    return np.sign(left) * np.sign(right) * (np.abs(left) // np.abs(right))


def _expect_divisor(values: Array) -> None:
    if np.issubdtype(values.dtype, np.integer) and not values.all():
        raise ZeroDivisionError("divides an integer by 0")


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
        return (divide(args[0], args[1]),)

    @impl(onnx.PowOp)
    def pow(self, interpreter: Interpreter, op: onnx.PowOp, args: PythonValues) -> PythonValues:
        base: Array = args[0]
        return (np.power(base, args[1]).astype(base.dtype),)

    @impl(onnx.ModOp)
    def mod(self, interpreter: Interpreter, op: onnx.ModOp, args: PythonValues) -> PythonValues:
        _expect_divisor(args[1])
        remainder = np.fmod if op.fmod.value.data else np.mod
        return (remainder(args[0], args[1]),)

    @impl(onnx.MaxOp)
    def max(self, interpreter: Interpreter, op: onnx.MaxOp, args: PythonValues) -> PythonValues:
        return (reduce(np.maximum, args),)

    @impl(onnx.MinOp)
    def min(self, interpreter: Interpreter, op: onnx.MinOp, args: PythonValues) -> PythonValues:
        return (reduce(np.minimum, args),)
