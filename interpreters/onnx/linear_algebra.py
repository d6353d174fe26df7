"""Products of matrices, and convolution."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
class OnnxLinearAlgebraFunctions(InterpreterFunctions):
    """Products of matrices, and convolution."""

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
