"""Layer normalisation and softmax."""

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

Floats = NDArray[np.float32]


def softmax(x: Floats, dimension: int) -> Floats:
    """`exp(x) / sum(exp(x))` along one dimension."""
    # Subtracting the maximum changes nothing but keeps the exponentials from overflowing.
    exponentials = np.exp(x - x.max(axis=dimension, keepdims=True))
    return exponentials / exponentials.sum(axis=dimension, keepdims=True)


def layer_normalization(x: Floats, dimensions: tuple[int, ...], epsilon: float) -> Floats:
    """`(x - mean) / sqrt(variance + epsilon)` over some dimensions."""
    centred = x - x.mean(axis=dimensions, keepdims=True)
    variance = np.square(centred).mean(axis=dimensions, keepdims=True)
    return centred / np.sqrt(variance + np.float32(epsilon))


@register_impls
class OnnxNormalizationFunctions(InterpreterFunctions):
    """Sums along a dimension."""

    @impl(onnx.SoftmaxOp)
    def softmax(
        self, interpreter: Interpreter, op: onnx.SoftmaxOp, args: PythonValues
    ) -> PythonValues:
        return (softmax(args[0], op.dimension),)

    @impl(onnx.LayerNormalizationOp)
    def layer_normalization(
        self, interpreter: Interpreter, op: onnx.LayerNormalizationOp, args: PythonValues
    ) -> PythonValues:
        x, scale, *bias = args
        dimensions = tuple(range(op.dimension, x.ndim))
        normed = layer_normalization(x, dimensions, op.epsilon.value.data)
        return (normed * scale + bias[0] if bias else normed * scale,)
