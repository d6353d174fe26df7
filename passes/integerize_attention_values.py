"""Mix the values of attention in integers."""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.transforms.dead_code_elimination import dce

from vaqf.dialects import quant, vit
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.passes.integer_constants import scaled
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_values import int_format, integers_of, probability_format, rounding_of
from vaqf.passes.shifts import Epilogue, Group, shared_shifts
from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class Layer:
    """Values mixed by their probabilities on real values, and what surrounds that in integers."""

    op: vit.AttentionValuesOp
    """The op on real values."""

    probabilities: SSAValue
    """Quantized probabilities."""

    probability_format: UnsignedType
    """Their format."""

    value: SSAValue
    """Quantized values."""

    value_format: IntType
    """Their format."""

    rounding: quant.QuantizeOp
    """What rounds the result."""

    output_format: IntType
    """The format of the result."""

    @staticmethod
    def of(op: vit.AttentionValuesOp) -> "Layer":
        """
        Look at what surrounds `op`.

        Raises:
            PassFailedException: when its operands or its result have not been rounded.
        """
        probabilities = integers_of(op, "probabilities", op.probabilities)
        value = integers_of(op, "value", op.value)
        rounding = rounding_of(op, op.result)
        return Layer(
            op,
            probabilities,
            probability_format(op, "probabilities", probabilities),
            value,
            int_format(op, "value", value),
            rounding,
            int_format(op, "result", rounding.result),
        )

    @property
    def group(self) -> Group:
        """An engine has one width of probabilities, and one bit is another format."""
        widths = self.value_format.bits.data, self.output_format.bits.data
        return Group((self.probability_format.bits.data, 1 in widths), widths)

    @property
    def factor(self) -> float:
        """The step of a sum of products in steps of the result."""
        step = self.probability_format.scale.data * self.value_format.scale.data
        return step / self.output_format.scale.data


@dataclass
class IntegerizeAttentionValues(RewritePattern):
    """Sum products of integers, and bring the sums into the format of the result."""

    shifts: Mapping[Operation, int]
    """The shift of each layer."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.AttentionValuesOp, rewriter: PatternRewriter) -> None:
        layer = Layer.of(op)
        sums = quant.AttentionValuesOp(layer.probabilities, layer.value)
        rescale = quant.RescaleOp(
            sums.result,
            multiplier=scaled(layer.factor, self.shifts[op]),
            shift=self.shifts[op],
            format=layer.output_format,
        )
        name_after(sums.result, op.result, "sums")
        name_after(rescale.result, op.result)
        rewriter.insert((sums, rescale))
        rewriter.replace(layer.rounding, (), rescale.results)
        rewriter.erase(op)


class IntegerizeAttentionValuesPass(ModulePass):
    """
    Replace every mix of attention values by sums of integers that are rescaled.

    Layers with equal widths share one shift: the largest for which the multipliers of all of them
    fit.
    """

    name = "integerize-attention-values"

    statistics = (Statistic("attention values on integers", added="quant.attention_values"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        layers = [Layer.of(each) for each in op.walk() if isinstance(each, vit.AttentionValuesOp)]
        shifts = shared_shifts(
            {layer.op: (layer.group, Epilogue(layer.factor)) for layer in layers}
        )
        PatternRewriteWalker(
            Located(IntegerizeAttentionValues(shifts)), apply_recursively=False
        ).rewrite_module(op)
        dce(op)
