"""Leaving out the tokens that no result depends on."""

from collections.abc import Sequence

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


def _on_one_token(op: TokenByToken, token: int) -> Sequence[Operation]:
    """The operation on one token: the selection of its operands, then itself."""
    tokens = op.operands if isinstance(op, quant.AddOp) else op.operands[:1]
    selected = {each: vit.SelectTokenOp(each, token) for each in dict.fromkeys(tokens)}
    operands = [selected[each].result if each in selected else each for each in op.operands]
    return [*selected.values(), _like(op, operands, (1, *shape_of(op.result)[1:]))]


def _with_one_query(values: quant.AttentionValuesOp, token: int) -> Sequence[Operation]:
    """Attention of one token to all: scores, softmax and values; none when others need those."""
    softmax = values.probabilities.owner
    if not isinstance(softmax, quant.SoftmaxOp) or not softmax.result.has_one_use():
        return []
    scores = softmax.input.owner
    if not isinstance(scores, quant.AttentionScoresOp) or not scores.result.has_one_use():
        return []
    query = vit.SelectTokenOp(scores.query, token)
    one = quant.AttentionScoresOp(query.result, scores.key, scores.heads.value.data)
    shape = shape_of(one.result)
    probabilities = _like(softmax, [one.result, *softmax.operands[1:]], shape)
    row = (1, *shape_of(values.result)[1:])
    of_one = _like(values, [probabilities.results[0], *values.operands[1:]], row)
    return [query, one, probabilities, of_one]


def _like(
    op: TokenByToken | quant.SoftmaxOp | quant.AttentionValuesOp,
    operands: Sequence[SSAValue],
    shape: Sequence[int],
) -> Operation:
    """The same operation on other operands, with a result of another shape."""
    return type(op).create(
        operands=operands,
        result_types=[tensor_like(op.result, shape)],
        properties=op.properties,
        attributes=op.attributes,
    )


def _erase_unused(op: Operation, rewriter: PatternRewriter) -> None:
    """
    Erase an operation that nobody needs, and those that only it needs.

    As long as they are there, their operands seem to be needed.
    """
    if any(result.uses for result in op.results):
        return
    before = [each.owner for each in op.operands if isinstance(each.owner, Operation)]
    rewriter.erase(op)
    for each in dict.fromkeys(before):
        _erase_unused(each, rewriter)


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
                new = _on_one_token(source, token)
            case quant.AttentionValuesOp():
                new = _with_one_query(source, token)
            case _:
                return
        if not new:
            return
        rewriter.insert(new, InsertPoint.after(source))
        for use in uses:
            rewriter.replace(use, (), new[-1].results)
        _erase_unused(source, rewriter)


def compute_needed_tokens(module: ModuleOp) -> None:
    """Rewrite a module so that of the tokens only those are computed that a result depends on."""
    PatternRewriteWalker(SelectBefore()).rewrite_module(module)
