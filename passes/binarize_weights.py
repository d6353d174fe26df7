"""Make the weights of encoder linears binary."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from vaqf.dialects import vit
from vaqf.dialects.quant import BinarizeOp, DequantizeWeightOp
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.structure import is_head, is_patch_embedding, is_real_weight


@dataclass
class BinarizeWeight(RewritePattern):
    """Put the signs of a weight, times their scales, in the place of the weight."""

    per_tensor: bool
    """One scale for the whole weight instead of one for each output channel."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.LinearOp, rewriter: PatternRewriter) -> None:
        if is_head(op) or is_patch_embedding(op) or not is_real_weight(op.weight):
            return
        binarize = BinarizeOp(op.weight, per_tensor=self.per_tensor)
        dequantize = DequantizeWeightOp(binarize.signs, binarize.scale)
        name_after(binarize.signs, op.weight, "signs")
        name_after(binarize.scale, op.weight, "scale")
        name_after(dequantize.weight, op.weight, "rounded")
        rewriter.insert((binarize, dequantize))
        op.operands[1] = dequantize.weight
        rewriter.notify_op_modified(op)


@dataclass(frozen=True)
class BinarizeWeightsPass(ModulePass):
    """
    Bring the weight of every encoder linear to signs and scales.

    Heads, linears whose result or the sum of whose results is returned, are left alone, and so are
    linears on the patches of the image. Weights that an earlier pass has already brought to a
    number format stay as they are. The result still computes in float.
    """

    name = "binarize-weights"

    per_tensor: bool = False
    """One scale for a whole weight instead of one for each output channel."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(
            Located(BinarizeWeight(self.per_tensor)), apply_recursively=False
        ).rewrite_module(op)
