"""One number for all along some dimensions, and sums up to each element."""

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
from vaqf.dialects.onnx.reduction import Reduction

Array = NDArray[np.number]


def _axes(args: PythonValues) -> tuple[int, ...]:
    return tuple(int(axis) for axis in args[1])


def _reduced(combine: np.ufunc, op: Reduction, args: PythonValues) -> PythonValues:
    array: Array = args[0]
    keep = bool(op.keepdims.value.data)
    result = combine.reduce(array, axis=_axes(args), dtype=array.dtype, keepdims=keep)
    return (np.asarray(result, array.dtype),)


@register_impls
class OnnxReductionFunctions(InterpreterFunctions):
    """Reductions have elements like their input: sums of narrow integers do not grow."""

    @impl(onnx.ReduceMeanOp)
    def reduce_mean(
        self, interpreter: Interpreter, op: onnx.ReduceMeanOp, args: PythonValues
    ) -> PythonValues:
        keep = bool(op.keepdims.value.data)
        return (np.mean(args[0], axis=_axes(args), keepdims=keep),)

    @impl(onnx.ReduceSumOp)
    def reduce_sum(
        self, interpreter: Interpreter, op: onnx.ReduceSumOp, args: PythonValues
    ) -> PythonValues:
        return _reduced(np.add, op, args)

    @impl(onnx.ReduceProdOp)
    def reduce_prod(
        self, interpreter: Interpreter, op: onnx.ReduceProdOp, args: PythonValues
    ) -> PythonValues:
        return _reduced(np.multiply, op, args)

    @impl(onnx.ReduceMaxOp)
    def reduce_max(
        self, interpreter: Interpreter, op: onnx.ReduceMaxOp, args: PythonValues
    ) -> PythonValues:
        return _reduced(np.maximum, op, args)

    @impl(onnx.ReduceMinOp)
    def reduce_min(
        self, interpreter: Interpreter, op: onnx.ReduceMinOp, args: PythonValues
    ) -> PythonValues:
        return _reduced(np.minimum, op, args)

    @impl(onnx.CumSumOp)
    def cum_sum(
        self, interpreter: Interpreter, op: onnx.CumSumOp, args: PythonValues
    ) -> PythonValues:
        array: Array = args[0]
        axis = int(args[1])
        if op.reverse.value.data:
            array = np.flip(array, axis)
        sums = np.cumsum(array, axis, array.dtype)
        if op.exclusive.value.data:
            # The sum before the first element is exactly zero, whatever the elements are.
            first = np.zeros_like(np.take(sums, [0], axis))
            sums = np.concatenate([first, np.delete(sums, -1, axis)], axis)
        return (np.flip(sums, axis) if op.reverse.value.data else sums,)
