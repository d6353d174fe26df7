"""What operations of the domain `com.microsoft` mean, in `float32`."""

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

from vaqf.dialects.onnx.microsoft import BiasGeluOp, FusedMatMulOp, SkipLayerNormalizationOp
from vaqf.interpreters.onnx.functions import gelu
from vaqf.interpreters.onnx.normalization import layer_normalization

Floats = NDArray[np.float32]


@register_impls
class OnnxMicrosoftFunctions(InterpreterFunctions):
    """What ONNX Runtime's optimiser makes of several operations."""

    @impl(BiasGeluOp)
    def bias_gelu(
        self, interpreter: Interpreter, op: BiasGeluOp, args: PythonValues
    ) -> PythonValues:
        return (gelu(args[0] + args[1], "none"),)

    @impl(FusedMatMulOp)
    def fused_matmul(
        self, interpreter: Interpreter, op: FusedMatMulOp, args: PythonValues
    ) -> PythonValues:
        left: Floats = np.swapaxes(args[0], -1, -2) if op.trans_a.value.data else args[0]
        right: Floats = np.swapaxes(args[1], -1, -2) if op.trans_b.value.data else args[1]
        return (np.float32(op.alpha.value.data) * (left @ right),)

    @impl(SkipLayerNormalizationOp)
    def skip_layer_normalization(
        self, interpreter: Interpreter, op: SkipLayerNormalizationOp, args: PythonValues
    ) -> PythonValues:
        values = dict(zip(op.operands, args, strict=True))
        sum: Floats = values[op.input] + values[op.skip]
        if op.bias is not None:
            sum = sum + values[op.bias]
        result = layer_normalization(sum, (sum.ndim - 1,), op.epsilon.value.data)
        result = result * values[op.gamma]
        if op.beta is not None:
            result = result + values[op.beta]
        return (result,) if op.sum is None else (result, sum)
