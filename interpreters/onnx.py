"""What the operations of the `onnx` dialect mean: `float32` arithmetic on NumPy arrays."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.error_function import error_function
from vaqf.interpreters.parameters import parameter

Floats = NDArray[np.float32]


def constant_array(value: DenseIntOrFPElementsAttr) -> NDArray[np.generic]:
    """The elements of a constant: `float32`, `int64` or `bool`."""
    elements = value.get_element_type()
    dtype = np.float32 if elements == f32 else np.int64 if elements == i64 else np.bool_
    return np.array(value.get_values(), np.dtype(dtype)).reshape(value.get_shape())


def gelu(x: Floats, approximate: str) -> Floats:
    """`x / 2 * (1 + erf(x / sqrt(2)))`, or its approximation by the hyperbolic tangent."""
    if approximate == "none":
        curve: Floats = error_function(x / np.sqrt(2, dtype=np.float32))
    else:
        curve = np.tanh(np.sqrt(2 / np.pi, dtype=np.float32) * (x + np.float32(0.044715) * x**3))
    return np.multiply(x / 2, curve + 1, dtype=np.float32)


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


def convolution(
    x: Floats,
    weight: Floats,
    strides: tuple[int, ...],
    pads: tuple[int, ...],
    dilations: tuple[int, ...],
    group: int,
) -> Floats:
    """
    Convolution of `x`, batch x channels x spatial dimensions, as ONNX defines it.

    Args:
        x: the input.
        weight: output channels x input channels of a group x kernel.
        strides: step in each spatial dimension.
        pads: zeros before each spatial dimension, then after each.
        dilations: distance of the elements of the kernel in each spatial dimension.
        group: number of groups.
    """
    rank = len(strides)
    spatial = tuple(range(2, 2 + rank))
    padded = np.pad(x, [(0, 0), (0, 0), *zip(pads[:rank], pads[rank:], strict=True)])
    extents = tuple(d * (k - 1) + 1 for d, k in zip(dilations, weight.shape[2:], strict=True))
    windows = sliding_window_view(padded, extents, axis=spatial)
    steps = (slice(None, None, step) for step in (*strides, *dilations))
    windows = windows[(slice(None), slice(None), *steps)]

    # Batch x positions x output channels, one group after the other.
    kernel_axes = tuple(range(2 + rank, 2 + 2 * rank))
    weight_axes = tuple(range(1, 2 + rank))
    outputs = [
        np.tensordot(inputs, weights, axes=((1, *kernel_axes), weight_axes))
        for inputs, weights in zip(
            np.split(windows, group, axis=1), np.split(weight, group), strict=True
        )
    ]
    return np.moveaxis(np.concatenate(outputs, axis=-1), -1, 1)


@register_impls
class OnnxFunctions(InterpreterFunctions):
    """Every value is a NumPy array in the shape of its type."""

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

    @impl(onnx.MatMulOp)
    def matmul(
        self, interpreter: Interpreter, op: onnx.MatMulOp, args: PythonValues
    ) -> PythonValues:
        return (args[0] @ args[1],)

    @impl(onnx.GemmOp)
    def gemm(self, interpreter: Interpreter, op: onnx.GemmOp, args: PythonValues) -> PythonValues:
        left: Floats = args[0].T if op.trans_a.value.data else args[0]
        right: Floats = args[1].T if op.trans_b.value.data else args[1]
        alpha, beta = np.float32(op.alpha.value.data), np.float32(op.beta.value.data)
        product: Floats = alpha * (left @ right)
        if op.bias is None:
            return (product,)
        bias: Floats = args[2]
        return (product + beta * bias,)

    @impl(onnx.ConvOp)
    def conv(self, interpreter: Interpreter, op: onnx.ConvOp, args: PythonValues) -> PythonValues:
        x, weight, *bias = args
        result = convolution(
            x,
            weight,
            op.strides.get_values(),
            op.pads.get_values(),
            op.dilations.get_values(),
            op.group.value.data,
        )
        return (result + bias[0].reshape(-1, *[1] * (x.ndim - 2)) if bias else result,)

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

    @impl(onnx.ReduceMeanOp)
    def reduce_mean(
        self, interpreter: Interpreter, op: onnx.ReduceMeanOp, args: PythonValues
    ) -> PythonValues:
        return (np.mean(args[0], axis=op.dimensions, keepdims=bool(op.keepdims.value.data)),)

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
        return (np.squeeze(args[0], op.dimensions),)

    @impl(onnx.UnsqueezeOp)
    def unsqueeze(
        self, interpreter: Interpreter, op: onnx.UnsqueezeOp, args: PythonValues
    ) -> PythonValues:
        return (np.expand_dims(args[0], op.dimensions),)

    @impl(onnx.ExpandOp)
    def expand(
        self, interpreter: Interpreter, op: onnx.ExpandOp, args: PythonValues
    ) -> PythonValues:
        return (np.broadcast_to(args[0], shape_of(op.result)),)

    @impl(onnx.ConcatOp)
    def concat(
        self, interpreter: Interpreter, op: onnx.ConcatOp, args: PythonValues
    ) -> PythonValues:
        return (np.concatenate(args, axis=op.dimension),)

    @impl(onnx.SliceOp)
    def slice(self, interpreter: Interpreter, op: onnx.SliceOp, args: PythonValues) -> PythonValues:
        return (args[0][np.ix_(*op.ranges)],)

    @impl(onnx.SplitOp)
    def split(self, interpreter: Interpreter, op: onnx.SplitOp, args: PythonValues) -> PythonValues:
        *cuts, _ = accumulate(op.piece_sizes)
        return tuple(np.split(args[0], cuts, axis=op.dimension))

    @impl(onnx.GatherOp)
    def gather(
        self, interpreter: Interpreter, op: onnx.GatherOp, args: PythonValues
    ) -> PythonValues:
        return (np.take(args[0], args[1], axis=op.dimension),)
