"""Leaving out the tokens that no result depends on."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.rewriter import InsertPoint

from vaqf.dialects import quant, vit
from vaqf.dialects.shapes import shape_of
from vaqf.dialects.vit.base import tensor_like

TokenByToken = (
    quant.LinearOp
    | quant.RequantizeOp
    | quant.RescaleOp
    | quant.LookupOp
    | quant.AddOp
    | quant.LayerNormOp
)
"""Operations of which a token of the result depends on that token of the operands alone."""


def _of_one(op: TokenByToken, tokens: dict[SSAValue, SSAValue]) -> Operation:
    """The same operation on one token of each operand that has tokens."""
    return type(op).create(
        operands=[tokens.get(each, each) for each in op.operands],
        result_types=[tensor_like(op.result, (1, *shape_of(op.result)[1:]))],
        properties=op.properties,
        attributes=op.attributes,
    )


class SelectBefore(RewritePattern):
    """
    Where one token of a result is used and no other, only that is computed.

    It goes from the class token that a classifier takes up through the last block; keys and values
    are of all tokens.
    """

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.SelectTokenOp, rewriter: PatternRewriter) -> None:
        source, token = op.input.owner, op.token.value.data
        uses = [use.operation for use in op.input.uses]
        if not all(
            isinstance(use, vit.SelectTokenOp) and use.token.value.data == token for use in uses
        ):
            return
        match source:
            case (
                quant.LinearOp()
                | quant.RequantizeOp()
                | quant.RescaleOp()
                | quant.LookupOp()
                | quant.AddOp()
                | quant.LayerNormOp()
            ):
                operands = [source.operands[0]]
                if isinstance(source, quant.AddOp):
                    operands = list(source.operands)
                selected = {each: vit.SelectTokenOp(each, token) for each in operands}
                one = _of_one(source, {each: new.result for each, new in selected.items()})
                new = [*selected.values(), one]
            case quant.AttentionValuesOp():
                softmax = source.probabilities.owner
                if not isinstance(softmax, quant.SoftmaxOp) or not _is_used_once(softmax.result):
                    return
                scores = softmax.input.owner
                if not isinstance(scores, quant.AttentionScoresOp) or not _is_used_once(
                    scores.result
                ):
                    return
                query = vit.SelectTokenOp(scores.query, token)
                some = quant.AttentionScoresOp(query.result, scores.key, scores.heads.value.data)
                some_probabilities = type(softmax).create(
                    operands=[some.result, *softmax.operands[1:]],
                    result_types=[tensor_like(softmax.result, shape_of(some.result))],
                    properties=softmax.properties,
                    attributes=softmax.attributes,
                )
                one = quant.AttentionValuesOp(some_probabilities.results[0], source.value)
                new = [query, some, some_probabilities, one]
            case _:
                return
        rewriter.insert(new, InsertPoint.after(source))
        for use in uses:
            rewriter.replace(use, (), one.results)


def _is_used_once(value: SSAValue) -> bool:
    return len(list(value.uses)) == 1


def compute_needed_tokens(module: ModuleOp) -> None:
    """Rewrite a module so that of the tokens only those are computed that a result depends on."""
    PatternRewriteWalker(SelectBefore()).rewrite_module(module)
