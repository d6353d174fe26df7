"""Average pooling: the whole layer, and what is done in one iteration."""

from __future__ import annotations

from xdsl.interpreter import Interpreter, PythonValues, impl, register_impls
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.interpreters.accel.buffers import defined, fitting, overlap
from vaqf.interpreters.accel.kernels import Kernel, KernelFunctions
from vaqf.interpreters.arithmetic import requantize


def mean_tokens(op: accel.MeanTokensOp) -> Kernel:
    multiplier, shift = op.multiplier.value.data, op.shift.value.data
    bits = element_width(op.result)

    def kernel(args: PythonValues) -> None:
        matrix, first, result, tokens, channels = args
        rows = defined(matrix[first : first + tokens, :channels])
        if rows.shape != (tokens, channels):
            raise InterpretationError(f"averages {rows.shape}, expected {(tokens, channels)}")
        result[:, :channels] = requantize.mean_tokens(rows, multiplier, shift, bits)

    return kernel


def add_row(op: accel.AddRowOp) -> Kernel:
    bits = element_width(op.sums)

    def kernel(args: PythonValues) -> None:
        matrix, row, channel, sums, tile = args
        lanes = overlap(channel, sums.shape[1], matrix.shape[1])
        region = sums[tile, :lanes]
        added = defined(matrix[row, channel : channel + lanes])
        region[:] = fitting(defined(region) + added, bits)

    return kernel


@register_impls
class PoolingFunctions(KernelFunctions):
    """The pooling engine."""

    @impl(accel.MeanTokensOp)
    def mean_tokens(
        self, interpreter: Interpreter, op: accel.MeanTokensOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, mean_tokens, args)

    @impl(accel.AddRowOp)
    def add_row(
        self, interpreter: Interpreter, op: accel.AddRowOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, add_row, args)
