"""
What the operations of the `quant` dialect mean.

A tensor of integers is an array of the same shape: `int64`, or narrower for weights (`int8`,
`int16`), which are many. A tensor of reals is an array of `float32`. The formulas are in
`interpreters/arithmetic/`.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
from xdsl.dialects.builtin import IntegerAttr
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.ir import Operation, SSAValue

from vaqf.dialects import quant
from vaqf.dialects.diagnostics import UserError, describe
from vaqf.dialects.quant.formats import Format, element_format, element_of, largest_magnitude
from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.arithmetic import (
    formats,
    layer_norm,
    layout,
    matmul,
    requantize,
    softmax,
    tables,
    weights,
)
from vaqf.interpreters.arithmetic.integers import AnyIntegers, OutOfRangeError, Reals


def bits_of(value: SSAValue) -> int:
    """Width of the elements of a quantized tensor."""
    return element_format(value).bits.data


def optional(attribute: IntegerAttr | None) -> int | None:
    """The number of an attribute that may be left out."""
    return None if attribute is None else attribute.value.data


def largest_sum(count: int, left: SSAValue, right: SSAValue) -> int:
    """What no sum of `count` products of an element of `left` by one of `right` exceeds."""
    return count * largest_magnitude(element_of(left)) * largest_magnitude(element_of(right))


def quantize_to(values: Reals, format: Format) -> AnyIntegers:
    """`quant.quantize` for either kind of format."""
    scale, bits = format.scale.data, format.bits.data
    match format:
        case quant.IntType():
            return formats.quantize(values, scale, bits)
        case quant.UnsignedType():
            return formats.quantize_unsigned(values, scale, bits)


@contextmanager
def located(op: Operation) -> Generator[None]:
    """
    Say which operation a number that does not fit belongs to.

    Raises:
        UserError: in place of any `OutOfRangeError`.
    """
    try:
        yield
    except OutOfRangeError as error:
        raise UserError(f"{describe(op)}: {error}") from error


@register_impls
class QuantFunctions(InterpreterFunctions):
    """Every value is a NumPy array in the shape of its type."""

    @impl(quant.BinarizeOp)
    def binarize(
        self, interpreter: Interpreter, op: quant.BinarizeOp, args: PythonValues
    ) -> PythonValues:
        with located(op):
            return weights.binarize(args[0], per_tensor=op.per_tensor is not None)

    @impl(quant.QuantizeWeightOp)
    def quantize_weight(
        self, interpreter: Interpreter, op: quant.QuantizeWeightOp, args: PythonValues
    ) -> PythonValues:
        with located(op):
            return weights.quantize_weight(args[0], op.integers.type.element_type.width.data)

    @impl(quant.DequantizeWeightOp)
    def dequantize_weight(
        self, interpreter: Interpreter, op: quant.DequantizeWeightOp, args: PythonValues
    ) -> PythonValues:
        integers, scale = args
        return (weights.dequantize_weight(integers, scale),)

    @impl(quant.UniformScaleOp)
    def uniform_scale(
        self, interpreter: Interpreter, op: quant.UniformScaleOp, args: PythonValues
    ) -> PythonValues:
        return (np.full(shape_of(op.scale), op.value.value.data, np.float32),)

    @impl(quant.WeightSignsOp)
    def weight_signs(
        self, interpreter: Interpreter, op: quant.WeightSignsOp, args: PythonValues
    ) -> PythonValues:
        return (weights.weight_signs(args[0]),)

    @impl(quant.RoundWeightOp)
    def round_weight(
        self, interpreter: Interpreter, op: quant.RoundWeightOp, args: PythonValues
    ) -> PythonValues:
        weight, scale = args
        with located(op):
            return (
                weights.round_weight(weight, scale, op.smallest.value.data, op.largest.value.data),
            )

    @impl(quant.RecentreWeightOp)
    def recentre_weight(
        self, interpreter: Interpreter, op: quant.RecentreWeightOp, args: PythonValues
    ) -> PythonValues:
        bits = op.integers.type.element_type.width.data
        with located(op):
            return (weights.recentre_weight(args[0], op.zero_point.value.data, bits),)

    @impl(quant.RequantizeParametersOp)
    def requantize_parameters(
        self, interpreter: Interpreter, op: quant.RequantizeParametersOp, args: PythonValues
    ) -> PythonValues:
        with located(op):
            return weights.requantize_parameters(
                args[0],
                args[1] if op.bias is not None else None,
                input_scale=op.input_scale.value.data,
                output_scale=op.output.scale.data,
                output_bits=op.output.bits.data,
                shift=op.shift.value.data,
            )

    @impl(quant.LayerNormParametersOp)
    def layer_norm_parameters(
        self, interpreter: Interpreter, op: quant.LayerNormParametersOp, args: PythonValues
    ) -> PythonValues:
        weight, bits = args[0], op.output.bits.data
        with located(op):
            return weights.layer_norm_parameters(
                weight,
                args[1] if op.bias is not None else None,
                output_scale=op.output.scale.data,
                output_bits=bits,
                shift=op.shift.value.data,
                fraction_bits=LayerNormWidths(len(weight), bits).fraction_bits,
            )

    @impl(quant.QuantizeOp)
    def quantize(
        self, interpreter: Interpreter, op: quant.QuantizeOp, args: PythonValues
    ) -> PythonValues:
        with located(op):
            return (quantize_to(args[0], element_format(op.result)),)

    @impl(quant.DequantizeOp)
    def dequantize(
        self, interpreter: Interpreter, op: quant.DequantizeOp, args: PythonValues
    ) -> PythonValues:
        return (formats.dequantize(args[0], element_format(op.input).scale.data),)

    @impl(quant.GeluTableOp)
    def gelu_table(
        self, interpreter: Interpreter, op: quant.GeluTableOp, args: PythonValues
    ) -> PythonValues:
        return (
            tables.gelu_table(
                op.input.scale.data,
                op.input.bits.data,
                op.output.scale.data,
                op.output.bits.data,
            ),
        )

    @impl(quant.LookupOp)
    def lookup(
        self, interpreter: Interpreter, op: quant.LookupOp, args: PythonValues
    ) -> PythonValues:
        values, table = args
        return (tables.lookup(values, table, bits_of(op.input), bits_of(op.result)),)

    @impl(quant.ExtractPatchesOp)
    def extract_patches(
        self, interpreter: Interpreter, op: quant.ExtractPatchesOp, args: PythonValues
    ) -> PythonValues:
        height, width = op.patch.get_values()
        return (layout.extract_patches(args[0], height, width, op.order.data),)

    @impl(quant.LinearOp)
    def linear(
        self, interpreter: Interpreter, op: quant.LinearOp, args: PythonValues
    ) -> PythonValues:
        input, weight = args
        bound = largest_sum(shape_of(op.input)[1], op.input, op.weight)
        return (matmul.exact_matmul(input, weight.T, bound),)

    @impl(quant.RequantizeOp)
    def requantize(
        self, interpreter: Interpreter, op: quant.RequantizeOp, args: PythonValues
    ) -> PythonValues:
        sums, multiplier, offset = args
        return (
            requantize.requantize(
                sums, multiplier, offset, op.shift.value.data, bits_of(op.result)
            ),
        )

    @impl(quant.RescaleOp)
    def rescale(
        self, interpreter: Interpreter, op: quant.RescaleOp, args: PythonValues
    ) -> PythonValues:
        return (
            requantize.rescale(
                args[0], op.multiplier.value.data, op.shift.value.data, bits_of(op.result)
            ),
        )

    @impl(quant.AddOp)
    def add(self, interpreter: Interpreter, op: quant.AddOp, args: PythonValues) -> PythonValues:
        left, right = args
        return (requantize.saturating_add(left, right, bits_of(op.result)),)

    @impl(quant.AttentionScoresOp)
    def attention_scores(
        self, interpreter: Interpreter, op: quant.AttentionScoresOp, args: PythonValues
    ) -> PythonValues:
        query, key = args
        heads = op.heads.value.data
        bound = largest_sum(shape_of(op.query)[1] // heads, op.query, op.key)
        return (matmul.attention_scores(query, key, heads, bound),)

    @impl(quant.ExponentialTableOp)
    def exponential_table(
        self, interpreter: Interpreter, op: quant.ExponentialTableOp, args: PythonValues
    ) -> PythonValues:
        return (tables.exponential_table(),)

    @impl(quant.SoftmaxOp)
    def softmax(
        self, interpreter: Interpreter, op: quant.SoftmaxOp, args: PythonValues
    ) -> PythonValues:
        scores, table = args
        return (
            softmax.softmax(
                scores,
                table,
                op.multiplier.value.data,
                op.shift.value.data,
                bits_of(op.result),
                probability_multiplier=optional(op.probability_multiplier) or 1,
                probability_shift=optional(op.probability_shift),
            ),
        )

    @impl(quant.AttentionValuesOp)
    def attention_values(
        self, interpreter: Interpreter, op: quant.AttentionValuesOp, args: PythonValues
    ) -> PythonValues:
        probabilities, value = args
        bound = largest_sum(shape_of(op.value)[0], op.probabilities, op.value)
        return (matmul.attention_values(probabilities, value, bound),)

    @impl(quant.LayerNormOp)
    def layer_norm(
        self, interpreter: Interpreter, op: quant.LayerNormOp, args: PythonValues
    ) -> PythonValues:
        tokens, multiplier, offset = args
        return (
            layer_norm.layer_norm(
                tokens,
                multiplier,
                offset,
                epsilon=op.epsilon.value.data,
                shift=op.shift.value.data,
                input_bits=bits_of(op.input),
                output_bits=bits_of(op.result),
            ),
        )

    @impl(quant.MeanTokensOp)
    def mean_tokens(
        self, interpreter: Interpreter, op: quant.MeanTokensOp, args: PythonValues
    ) -> PythonValues:
        return (
            requantize.mean_tokens(
                args[0], op.multiplier.value.data, op.shift.value.data, bits_of(op.result)
            ),
        )
