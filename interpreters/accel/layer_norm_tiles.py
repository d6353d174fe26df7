"""What is done with one tile of a LayerNorm."""

from __future__ import annotations

from xdsl.interpreter import Interpreter, PythonValues, impl, register_impls

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.interpreters.accel.buffers import counting, defined, fitting, overlap
from vaqf.interpreters.accel.kernels import Kernel, KernelFunctions
from vaqf.interpreters.arithmetic import layer_norm, requantize
from vaqf.interpreters.arithmetic.layer_norm import Moments, ReciprocalRoot


def add_moments(op: accel.AddMomentsOp) -> Kernel:
    lanes = op.lanes.value.data
    sum_bits, squares_bits = element_width(op.sums), element_width(op.squares)
    restarts, limited = op.restart is not None, op.limit is not None

    def kernel(args: PythonValues) -> None:
        matrix, row, channel, sums, squares, token = args[:6]
        count = counting(channel, lanes, matrix.shape[1], args[-1] if limited else None)
        added = layer_norm.moments(defined(matrix[row, channel : channel + count]))
        here = slice(token, token + 1)
        starts = restarts and args[6]
        before = (0, 0) if starts else (defined(sums[here]), defined(squares[here]))
        sums[here] = fitting(before[0] + added.sum, sum_bits)
        squares[here] = fitting(before[1] + added.squares, squares_bits)

    return kernel


def reciprocal_root(op: accel.ReciprocalRootOp) -> Kernel:
    widths = LayerNormWidths(op.channels.value.data, op.bits.value.data)
    epsilon = op.epsilon.value.data
    inverse_bits, exponent_bits = element_width(op.inverses), element_width(op.exponents)

    def kernel(args: PythonValues) -> None:
        sums, squares, inverses, exponents, token = args
        here = slice(token, token + 1)
        moments = Moments(defined(sums[here]), defined(squares[here]))
        variance = layer_norm.variance(moments, widths.channels, epsilon)
        root = layer_norm.reciprocal_root(variance, widths)
        inverses[here] = fitting(root.inverse, inverse_bits)
        exponents[here] = fitting(root.exponent, exponent_bits)

    return kernel


def normalize(op: accel.NormalizeOp) -> Kernel:
    widths = LayerNormWidths(op.channels.value.data, element_width(op.matrix))
    bits = element_width(op.scaled)

    def kernel(args: PythonValues) -> None:
        matrix, row, channel, sums, inverses, exponents, token = args[:7]
        multipliers, offsets, scaled = args[7:]
        lanes, here = overlap(channel, len(scaled), matrix.shape[1]), slice(token, token + 1)
        normalized = layer_norm.normalize(
            defined(matrix[row, channel : channel + lanes]),
            defined(sums[here]),
            ReciprocalRoot(defined(inverses[here]), defined(exponents[here])),
            widths,
        )
        scaled[:lanes] = fitting(
            requantize.scale(
                fitting(normalized, MULTIPLIER_BITS),
                defined(multipliers[:lanes]),
                defined(offsets[:lanes]),
            ),
            bits,
        )

    return kernel


@register_impls
class LayerNormTileFunctions(KernelFunctions):
    """The LayerNorm engine."""

    @impl(accel.AddMomentsOp)
    def add_moments(
        self, interpreter: Interpreter, op: accel.AddMomentsOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, add_moments, args)

    @impl(accel.ReciprocalRootOp)
    def reciprocal_root(
        self, interpreter: Interpreter, op: accel.ReciprocalRootOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, reciprocal_root, args)

    @impl(accel.NormalizeOp)
    def normalize(
        self, interpreter: Interpreter, op: accel.NormalizeOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, normalize, args)
