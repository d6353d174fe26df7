"""Normalise only the tokens that are used."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from vaqf.dialects import vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.statistics import Statistic

Selection = vit.SelectTokenOp | vit.SliceOp
"""What takes some tokens: one for a head, or those of the patches for their mean."""


def _selection_of(tokens: SSAValue, like: Selection) -> Selection:
    """Of other tokens, those that `like` takes."""
    match like:
        case vit.SelectTokenOp():
            return vit.SelectTokenOp(tokens, like.token.value.data)
        case vit.SliceOp():
            return vit.SliceOp(tokens, like.first.value.data, shape_of(like.result)[0])


class SelectBeforeLayerNorm(RewritePattern):
    """A layer norm of which only some tokens are used: each token is normalised alone."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: Selection, rewriter: PatternRewriter) -> None:
        norm = op.input.owner
        if not isinstance(norm, vit.LayerNormOp):
            return
        if not all(isinstance(use.operation, Selection) for use in norm.result.uses):
            return
        select = _selection_of(norm.input, op)
        norm_of_some = vit.LayerNormOp(
            select.result, norm.weight, norm.bias, norm.epsilon.value.data
        )
        for new, old in ((select, op), (norm_of_some, norm)):
            new.location = old.location
            new.result.name_hint = old.result.name_hint
        rewriter.replace(op, (select, norm_of_some))
        if not norm.result.uses:
            rewriter.erase(norm)


@dataclass(frozen=True)
class SelectTokenEarlyPass(ModulePass):
    """Move the selection of one or some tokens in front of the layer norm before it."""

    name = "select-token-early"

    statistics = (Statistic("LayerNorms of fewer tokens", retyped="vit.layer_norm"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(SelectBeforeLayerNorm()).rewrite_module(op)
