"""Make the weights of encoder linears binary."""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter, PatternRewriteWalker, RewritePattern

from vaqf.dialects import vit
from vaqf.dialects.quant import BinarizeOp, DequantizeWeightOp
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
from vaqf.passes.structure import is_head, is_patch_embedding, is_real_weight


@dataclass
class BinarizeWeight(RewritePattern):
    """Put the signs of a weight, times their scales, in the place of the weight."""

    precisions: Mapping[PrecisionLayer, Precision]
    """What rules say."""

    per_tensor: bool
    """One scale for the whole weight instead of one for each output channel."""

    only_by_rule: bool
    """Whether weights of which no rule says anything stay real."""

    def becomes_binary(self, op: vit.LinearOp | vit.PatchEmbeddingOp) -> bool:
        """Whether the weight of a layer is to be binary."""
        if (bits := self.precisions.get(op, NO_RULE).weight_bits) is not None:
            return bits == 1
        if self.only_by_rule or isinstance(op, vit.PatchEmbeddingOp):
            return False
        return not is_head(op) and not is_patch_embedding(op)

    def rounded(self, weight: SSAValue, name: SSAValue) -> tuple[Operation, DequantizeWeightOp]:
        """Ops that make a weight binary; the last gives it back in real values."""
        binarize = BinarizeOp(weight, per_tensor=self.per_tensor)
        dequantize = DequantizeWeightOp(binarize.signs, binarize.scale)
        name_after(binarize.signs, name, "signs")
        name_after(binarize.scale, name, "scale")
        name_after(dequantize.weight, name, "rounded")
        return binarize, dequantize

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not isinstance(op, vit.LinearOp | vit.PatchEmbeddingOp) or not self.becomes_binary(op):
            return
        if is_real_weight(op.weight):
            replace_weight(op, self.rounded, rewriter)
        else:
            expect_width(op, self.precisions.get(op, NO_RULE).weight_bits)


@dataclass(frozen=True)
class BinarizeWeightsPass(ModulePass):
    """
    Bring the weight of every encoder linear to signs and scales.

    Heads, linears whose result or the sum of whose results is returned, are left alone, and so are
    linears on the patches of the image, unless a rule gives their weights one bit. Weights that an
    earlier pass has already brought to a number format stay as they are. The result still computes
    in float.
    """

    name = "binarize-weights"

    statistics = (Statistic("layers binarized", added="quant.binarize"),)

    per_tensor: bool = False
    """One scale for a whole weight instead of one for each output channel."""

    precision: str = ""
    """
    Rules for single layers, as in `docs/recipes.md`: a weight of `w1` becomes binary, one of
    another width stays real.
    """

    only_by_rule: bool = False
    """Whether a weight of which no rule says anything stays real."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        precisions = read_precisions(op, self.precision)
        pattern = BinarizeWeight(precisions, self.per_tensor, self.only_by_rule)
        PatternRewriteWalker(Located(pattern), apply_recursively=False).rewrite_module(op)
