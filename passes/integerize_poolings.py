"""Average tokens in integers."""

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
from vaqf.dialects.quant import IntType
from vaqf.dialects.shapes import shape_of
from vaqf.passes.integer_constants import scaled
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_values import int_format, integers_of, rounding_of
from vaqf.passes.shifts import Epilogue, Group, shared_shifts
from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class Layer:
    """The mean of tokens on real values, and what surrounds it in integers."""

    op: vit.MeanTokensOp
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
    def of(op: vit.MeanTokensOp) -> "Layer":
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
    def group(self) -> Group:
        """An engine has one width of input and output."""
        widths = self.input_format.bits.data, self.output_format.bits.data
        return Group(widths, widths)

    @property
    def factor(self) -> float:
        """The step of a sum over the number of tokens, in steps of the result."""
        tokens = shape_of(self.input)[0]
        return self.input_format.scale.data / (tokens * self.output_format.scale.data)


@dataclass
class IntegerizePooling(RewritePattern):
    """Sum integers, and bring the sums over the number of tokens into the format of the result."""

    shifts: Mapping[Operation, int]
    """The shift of each layer."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.MeanTokensOp, rewriter: PatternRewriter) -> None:
        layer = Layer.of(op)
        mean = quant.MeanTokensOp(
            layer.input,
            multiplier=scaled(layer.factor, self.shifts[op]),
            shift=self.shifts[op],
            format=layer.output_format,
        )
        name_after(mean.result, op.result)
        rewriter.insert(mean)
        rewriter.replace(layer.rounding, (), mean.results)
        rewriter.erase(op)


class IntegerizePoolingsPass(ModulePass):
    """
    Replace every mean of tokens by one of integers.

    Layers with equal widths of input and output share one shift: the largest for which the
    multipliers of all of them fit.
    """

    name = "integerize-poolings"

    statistics = (Statistic("poolings on integers", added="quant.mean_tokens"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        layers = [Layer.of(each) for each in op.walk() if isinstance(each, vit.MeanTokensOp)]
        shifts = shared_shifts(
            {layer.op: (layer.group, Epilogue(layer.factor)) for layer in layers}
        )
        PatternRewriteWalker(
            Located(IntegerizePooling(shifts)), apply_recursively=False
        ).rewrite_module(op)
        dce(op)
