"""Compute linear layers and the patch embedding in integers."""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter, PatternRewriteWalker, RewritePattern
from xdsl.transforms.dead_code_elimination import dce

from vaqf.compiler.model_resolution import open_parameters
from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.quant import IntType
from vaqf.dialects.quant.formats import element_of
from vaqf.dialects.shapes import shape_of
from vaqf.dialects.vit.patches import COLOURS_FIRST
from vaqf.interpreters.execute import interpreter_of
from vaqf.passes.activation_formats import WIDE_BITS
from vaqf.passes.constants import largest_magnitude
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_values import int_format, integers_of, rounding_of
from vaqf.passes.shifts import Epilogue, Group, shared_shifts
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import origin_of


@dataclass(frozen=True)
class Layer:
    """A linear layer on real values, or a patch embedding, and what it is made of in integers."""

    op: vit.LinearOp | vit.PatchEmbeddingOp
    """The op on real values."""

    input: SSAValue
    """Quantized activations."""

    input_format: IntType
    """Their format."""

    weight: quant.DequantizeWeightOp
    """Integers of the weight, and a scale for each output channel."""

    rounding: quant.QuantizeOp
    """What rounds the result."""

    output_format: IntType
    """The format of the result."""

    @staticmethod
    def of(op: vit.LinearOp | vit.PatchEmbeddingOp) -> "Layer":
        """
        Look at what surrounds `op`.

        Raises:
            PassFailedException: when its operands or its result have not been rounded.
        """
        match op:
            case vit.LinearOp():
                name, activations = "input", op.input
            case vit.PatchEmbeddingOp():
                name, activations = "image", op.image
        input = integers_of(op, name, activations)
        weight = origin_of(op.weight).owner
        if not isinstance(weight, quant.DequantizeWeightOp):
            source = describe(weight) if isinstance(weight, Operation) else "an argument"
            fail(
                op,
                f"'weight' comes from {source}, expected 'quant.dequantize_weight': "
                "run binarize-weights or quantize-weights first",
            )
        rounding = rounding_of(op, op.result)
        return Layer(
            op,
            input,
            int_format(op, name, input),
            weight,
            rounding,
            int_format(op, "result", rounding.result),
        )

    @property
    def group(self) -> Group:
        """An engine has one kind of weight, and other formats for one bit and for what is added."""
        widths = self.input_format.bits.data, self.output_format.bits.data
        kind = element_of(self.weight.integers)
        return Group((kind, widths[0] == 1, widths[1] in (1, WIDE_BITS)), widths)

    def epilogue(self, interpreter: Interpreter) -> Epilogue:
        """The real factors and offsets of the requantization."""
        step = self.output_format.scale.data
        scale = largest_magnitude(interpreter, self.weight.scale, self.op, "weight")
        bias = self.op.bias
        offset = 0.0 if bias is None else largest_magnitude(interpreter, bias, self.op, "bias")
        return Epilogue(self.input_format.scale.data * scale / step, offset / step)


@dataclass
class IntegerizeLayer(RewritePattern):
    """Sum products of integers, and requantize the sums."""

    shifts: Mapping[Operation, int]
    """The shift of the requantization of each layer."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not isinstance(op, vit.LinearOp | vit.PatchEmbeddingOp):
            return
        layer = Layer.of(op)
        matrix = layer.input
        if isinstance(op, vit.PatchEmbeddingOp):
            patches = rewriter.insert(
                quant.ExtractPatchesOp(matrix, shape_of(op.weight)[2:], COLOURS_FIRST)
            )
            name_after(patches.result, op.result, "pixels")
            matrix = patches.result
        sums = quant.LinearOp(matrix, layer.weight.integers)
        parameters = quant.RequantizeParametersOp(
            layer.weight.scale,
            op.bias,
            input_scale=layer.input_format.scale.data,
            output=layer.output_format,
            shift=self.shifts[op],
        )
        requantize = quant.RequantizeOp(
            sums.result,
            parameters.multiplier,
            parameters.offset,
            shift=self.shifts[op],
            format=layer.output_format,
        )
        name_after(sums.result, op.result, "sums")
        name_after(parameters.multiplier, op.result, "multiplier")
        name_after(parameters.offset, op.result, "offset")
        name_after(requantize.result, op.result)
        rewriter.insert((sums, parameters, requantize))
        rewriter.replace(layer.rounding, (), requantize.results)
        rewriter.erase(op)


class IntegerizeLinearsPass(ModulePass):
    """
    Replace every linear layer and patch embedding by sums of integers and their requantization.

    Layers with equal widths of input and output and the same kind of weight share one shift: the
    largest for which the multipliers and offsets of all of them fit. So do those of other widths,
    where that leaves enough of their multipliers.
    """

    name = "integerize-linears"

    statistics = (Statistic("linear layers on integers", added="quant.linear"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        interpreter = interpreter_of(op, open_parameters(op))
        layers = [
            Layer.of(each)
            for each in op.walk()
            if isinstance(each, vit.LinearOp | vit.PatchEmbeddingOp)
        ]
        shifts = shared_shifts(
            {layer.op: (layer.group, layer.epilogue(interpreter)) for layer in layers}
        )
        PatternRewriteWalker(
            Located(IntegerizeLayer(shifts)), apply_recursively=False
        ).rewrite_module(op)
        dce(op)
