"""Normalise in integers."""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.transforms.dead_code_elimination import dce

from vaqf.compiler.model_resolution import open_parameters
from vaqf.dialects import quant, vit
from vaqf.dialects.quant import IntType
from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.execute import interpreter_of
from vaqf.passes.constants import largest_magnitude
from vaqf.passes.integer_constants import layer_norm_epsilon
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_values import int_format, integers_of, rounding_of
from vaqf.passes.shifts import Epilogue, Group, shared_shifts
from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class Layer:
    """A LayerNorm on real values, and what surrounds it in integers."""

    op: vit.LayerNormOp
    """The op on real values."""

    input: SSAValue
    """Quantized tokens."""

    input_format: IntType
    """Their format."""

    rounding: quant.QuantizeOp
    """What rounds the result."""

    output_format: IntType
    """The format of the result."""

    @staticmethod
    def of(op: vit.LayerNormOp) -> "Layer":
        """
        Look at what surrounds `op`.

        Raises:
            PassFailedException: when its input or its result has not been rounded.
        """
        input = integers_of(op, "input", op.input)
        rounding = rounding_of(op, op.result)
        return Layer(
            op,
            input,
            int_format(op, "input", input),
            rounding,
            int_format(op, "result", rounding.result),
        )

    @property
    def widths(self) -> LayerNormWidths:
        """Widths of the integers inside."""
        return LayerNormWidths(shape_of(self.input)[1], self.input_format.bits.data)

    @property
    def group(self) -> Group:
        """An engine has one number of channels and width of input."""
        bits = self.output_format.bits.data
        return Group((self.widths, bits == 1), bits)

    def epilogue(self, interpreter: Interpreter) -> Epilogue:
        """The real factors and offsets on a normalized value."""
        step = self.output_format.scale.data
        factor = largest_magnitude(interpreter, self.op.weight, self.op, "weight")
        bias = self.op.bias
        offset = 0.0 if bias is None else largest_magnitude(interpreter, bias, self.op, "bias")
        return Epilogue(factor / step / 2**self.widths.fraction_bits, offset / step)


@dataclass
class IntegerizeLayerNorm(RewritePattern):
    """Normalise integers, and scale and shift them channel by channel."""

    shifts: Mapping[Operation, int]
    """The shift of each layer."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.LayerNormOp, rewriter: PatternRewriter) -> None:
        layer = Layer.of(op)
        parameters = quant.LayerNormParametersOp(
            op.weight, op.bias, output=layer.output_format, shift=self.shifts[op]
        )
        normalize = quant.LayerNormOp(
            layer.input,
            parameters.multiplier,
            parameters.offset,
            epsilon=layer_norm_epsilon(
                op.epsilon.value.data, layer.widths.channels, layer.input_format
            ),
            shift=self.shifts[op],
            format=layer.output_format,
        )
        name_after(parameters.multiplier, op.result, "multiplier")
        name_after(parameters.offset, op.result, "offset")
        name_after(normalize.result, op.result)
        rewriter.insert((parameters, normalize))
        rewriter.replace(layer.rounding, (), normalize.results)
        rewriter.erase(op)


class IntegerizeLayerNormsPass(ModulePass):
    """
    Replace every LayerNorm by one on integers.

    LayerNorms with equal channels and equal widths of input and output share one shift: the
    largest for which the multipliers and offsets of all of them fit. So do those with other widths
    of output, where that leaves enough of their multipliers.
    """

    name = "integerize-layer-norms"

    statistics = (Statistic("LayerNorms on integers", added="quant.layer_norm"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        interpreter = interpreter_of(op, open_parameters(op))
        layers = [Layer.of(each) for each in op.walk() if isinstance(each, vit.LayerNormOp)]
        shifts = shared_shifts(
            {layer.op: (layer.group, layer.epilogue(interpreter)) for layer in layers}
        )
        PatternRewriteWalker(
            Located(IntegerizeLayerNorm(shifts)), apply_recursively=False
        ).rewrite_module(op)
        dce(op)
