"""Round the weights that are still real to integers."""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter, PatternRewriteWalker, RewritePattern

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import UserError, fail
from vaqf.dialects.quant import DequantizeWeightOp, QuantizeWeightOp
from vaqf.dialects.quant.formats import MAXIMUM_BITS
from vaqf.passes.layer_precision import (
    NO_RULE,
    Precision,
    PrecisionLayer,
    read_precisions,
)
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_weights import expect_width, replace_weight
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import is_real_weight


@dataclass
class QuantizeWeight(RewritePattern):
    """Put a rounded weight in the place of a real one."""

    precisions: Mapping[PrecisionLayer, Precision]
    """What rules say."""

    bits: int
    """Width of the integers where no rule says it."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not isinstance(op, vit.LinearOp | vit.PatchEmbeddingOp):
            return
        ruled = self.precisions.get(op, NO_RULE).weight_bits
        if not is_real_weight(op.weight):
            expect_width(op, ruled)
            return
        if ruled == 1:
            fail(op, "the weight is real, a rule gives it 1 bit: run binarize-weights first")
        bits = self.bits if ruled is None else ruled

        def rounded(weight: SSAValue, name: SSAValue) -> tuple[Operation, DequantizeWeightOp]:
            quantize = QuantizeWeightOp(weight, bits)
            dequantize = DequantizeWeightOp(quantize.integers, quantize.scale)
            name_after(quantize.integers, name, "integers")
            name_after(quantize.scale, name, "scale")
            name_after(dequantize.weight, name, "rounded")
            return quantize, dequantize

        replace_weight(op, rounded, rewriter)


@dataclass(frozen=True)
class QuantizeWeightsPass(ModulePass):
    """
    Bring the weight of every linear and patch embedding to integers and scales.

    Weights that an earlier pass has already brought to a number format are left alone. The result
    still computes in float.
    """

    name = "quantize-weights"

    statistics = (Statistic("weights quantized", added="quant.quantize_weight"),)

    bits: int = 8
    """Width of the integers, 2 to 16, where no rule says it."""

    precision: str = ""
    """Rules for single layers, as in `docs/recipes.md`: a weight of `w16` has 16 bits."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if not 2 <= self.bits <= MAXIMUM_BITS:
            raise UserError(f"bits is {self.bits}, accepted range is [2, {MAXIMUM_BITS}]")
        pattern = QuantizeWeight(read_precisions(op, self.precision), self.bits)
        PatternRewriteWalker(Located(pattern), apply_recursively=False).rewrite_module(op)
