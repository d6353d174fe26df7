"""Factors on activations: how weights take them, and why some stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from vaqf.dialects import quant, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.structure import activations_of

Scaling = vit.ScaleOp | vit.ScaleChannelsOp
"""What multiplies activations."""

Layer = vit.LinearOp | vit.PatchEmbeddingOp
"""What has a weight to multiply instead: output channels first."""

_ACCEPTED = "accepted are factors that a linear layer before or behind them can take"


def _scaled(value: SSAValue, scaling: Scaling) -> Operation:
    """A weight, a bias, or a term of a sum, times the factor of `scaling`."""
    match scaling:
        case vit.ScaleOp():
            scaled = vit.ScaleOp(value, scaling.factor.value.data)
        case vit.ScaleChannelsOp():
            scaled = vit.ScaleRowsOp(value, scaling.factor)
    name_after(scaled.result, value, "scaled")
    return scaled


def _scaled_weight(weight: SSAValue, scaling: Scaling) -> Sequence[Operation]:
    """
    The operations that multiply a weight; the last gives it.

    Integers stay as they are, and their scales are multiplied.
    """
    match weight.owner:
        case quant.DequantizeWeightOp() as rounded:
            scale = _scaled(rounded.scale, scaling)
            again = quant.DequantizeWeightOp(rounded.integers, scale.results[0])
            name_after(again.weight, weight)
            return scale, again
        case vit.ReshapeOp() as kernel if isinstance(kernel.input.owner, quant.DequantizeWeightOp):
            *ops, matrix = _scaled_weight(kernel.input, scaling)
            again = vit.ReshapeOp(matrix.results[0], shape_of(weight))
            name_after(again.result, weight)
            return *ops, matrix, again
        case _:
            return (_scaled(weight, scaling),)


def _layer_with(
    layer: Layer, input: SSAValue, weight: SSAValue, bias: SSAValue | None
) -> Operation:
    new = type(layer)(input, weight, bias)
    new.location = layer.location
    name_after(new.result, layer.result)
    return new


class FoldIntoLayerBefore(RewritePattern):
    """`(W x + b) * c` is `(W * c) x + b * c`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: Scaling, rewriter: PatternRewriter) -> None:
        layer = op.input.owner
        if not isinstance(layer, Layer) or not op.input.has_one_use():
            return
        weights = _scaled_weight(layer.weight, op)
        biases = [] if layer.bias is None else [_scaled(layer.bias, op)]
        bias = biases[0].results[0] if biases else None
        new = _layer_with(layer, layer.operands[0], weights[-1].results[0], bias)
        rewriter.replace(op, (*weights, *biases, new))
        rewriter.erase(layer)


class ScaleTerms(RewritePattern):
    """`(x + y) * c` is `x * c + y * c`, such as the mean of two heads."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.ScaleOp, rewriter: PatternRewriter) -> None:
        sum = op.input.owner
        if not isinstance(sum, vit.AddOp) or not op.input.has_one_use():
            return
        terms = [_scaled(term, op) for term in sum.operands]
        new = vit.AddOp(*(term.results[0] for term in terms))
        new.location = sum.location
        name_after(new.result, sum.result)
        rewriter.replace(op, (*terms, new))
        rewriter.erase(sum)


class FoldIntoLayerBehind(RewritePattern):
    """`W (x * c) + b` is `(W * c) x + b`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: Layer, rewriter: PatternRewriter) -> None:
        scaling = op.operands[0].owner
        if isinstance(scaling, vit.ScaleOp):
            weights = _scaled_weight(op.weight, scaling)
            new = _layer_with(op, scaling.input, weights[-1].results[0], op.bias)
            rewriter.replace(op, (*weights, new))
            if not scaling.result.uses:
                rewriter.erase(scaling)


_RESULTS: Mapping[type[Operation], str] = {
    vit.AddOp: "a sum",
    vit.AttentionScoresOp: "attention scores",
    vit.AttentionValuesOp: "attention",
    vit.ConcatenateOp: "concatenated tokens",
    vit.ExtractPatchesOp: "the patches of an image",
    vit.GeluOp: "a GELU",
    vit.LayerNormOp: "a layer norm",
    vit.LinearOp: "a linear layer",
    vit.MeanTokensOp: "the mean of tokens",
    vit.PatchEmbeddingOp: "a patch embedding",
    vit.SelectTokenOp: "a token",
    vit.SliceOp: "some of the tokens",
    vit.SoftmaxOp: "a softmax",
    quant.DequantizeOp: "rounded activations",
}
"""What gives the activations that a factor multiplies."""


def fold_scales(module: ModuleOp) -> None:
    """Move factors on activations into weights and biases, as far as there are any to take them."""
    before: list[RewritePattern] = [FoldIntoLayerBefore(), ScaleTerms()]
    behind: list[RewritePattern] = [FoldIntoLayerBehind()]
    for patterns in (before, behind):
        PatternRewriteWalker(Located(GreedyRewritePatternApplier(patterns))).rewrite_module(module)


def stuck_scales(network: FuncOp) -> Iterator[tuple[Scaling, str]]:
    """The factors on activations that `fold_scales` left in a network, and why."""
    activations = activations_of(network)
    for op in network.body.block.ops:
        if isinstance(op, Scaling) and op.input in activations:
            yield op, _why_stuck(op)


def _why_stuck(scaling: Scaling) -> str:
    producer = scaling.input.owner
    if isinstance(producer, Block):
        return f"it multiplies an input, {_ACCEPTED}"
    source = _RESULTS.get(type(producer), f"'{producer.name}'")
    if isinstance(producer, Layer | vit.AddOp) and not scaling.input.has_one_use():
        return f"the result of {source} is used without this factor as well, {_ACCEPTED}"
    return f"it multiplies {source}, {_ACCEPTED}"
