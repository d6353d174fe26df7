"""Parts of tensors, and tensors of parts."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)

from vaqf.dialects import onnx


@register_impls
class OnnxSelectionFunctions(InterpreterFunctions):
    """Choices of values, whatever their elements."""

    @impl(onnx.ConcatOp)
    def concat(
        self, interpreter: Interpreter, op: onnx.ConcatOp, args: PythonValues
    ) -> PythonValues:
        return (np.concatenate(args, axis=op.dimension),)

    @impl(onnx.SliceOp)
    def slice(self, interpreter: Interpreter, op: onnx.SliceOp, args: PythonValues) -> PythonValues:
        array, *numbers = args
        ranges = op.ranges_of(array.shape, *(each.tolist() for each in numbers))
        return (array[np.ix_(*ranges)],)

    @impl(onnx.SplitOp)
    def split(self, interpreter: Interpreter, op: onnx.SplitOp, args: PythonValues) -> PythonValues:
        *cuts, _ = accumulate(op.piece_sizes)
        return tuple(np.split(args[0], cuts, axis=op.dimension))

    @impl(onnx.GatherOp)
    def gather(
        self, interpreter: Interpreter, op: onnx.GatherOp, args: PythonValues
    ) -> PythonValues:
        return (np.take(args[0], args[1], axis=op.dimension),)

    @impl(onnx.TriluOp)
    def trilu(self, interpreter: Interpreter, op: onnx.TriluOp, args: PythonValues) -> PythonValues:
        array, *diagonal = args
        triangle = np.triu if op.upper.value.data else np.tril
        return (triangle(array, int(diagonal[0]) if diagonal else 0),)
