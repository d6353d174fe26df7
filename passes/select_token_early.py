"""Normalise only the token that is used."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import OpResult
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from vaqf.dialects import vit


class SelectBeforeLayerNorm(RewritePattern):
    """A layer norm of tokens that are all selected: each token is normalised alone."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.SelectTokenOp, rewriter: PatternRewriter) -> None:
        if not isinstance(op.input, OpResult) or not isinstance(op.input.op, vit.LayerNormOp):
            return
        norm = op.input.op
        if not all(isinstance(use.operation, vit.SelectTokenOp) for use in norm.result.uses):
            return
        select = vit.SelectTokenOp(norm.input, op.token.value.data)
        norm_of_token = vit.LayerNormOp(
            select.result, norm.weight, norm.bias, norm.epsilon.value.data
        )
        for new, old in ((select, op), (norm_of_token, norm)):
            new.location = old.location
            new.result.name_hint = old.result.name_hint
        rewriter.replace(op, (select, norm_of_token))
        if not norm.result.uses:
            rewriter.erase(norm)


@dataclass(frozen=True)
class SelectTokenEarlyPass(ModulePass):
    """Move the selection of a token in front of the layer norm before it."""

    name = "select-token-early"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(SelectBeforeLayerNorm()).rewrite_module(op)
