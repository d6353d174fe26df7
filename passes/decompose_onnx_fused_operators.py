"""Write operators that stand for several as these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from xdsl.context import Context
from xdsl.dialects.builtin import FloatAttr, ModuleOp, TensorType, f32
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from vaqf.dialects import onnx
from vaqf.dialects.onnx.base import elements_of
from vaqf.dialects.shapes import shape_of
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.onnx_values import (
    choose,
    combine,
    condition_of,
    gelu,
    is_nan,
    layer_normalization,
    multiply_matrices,
    number_of,
    real_constant,
    reshape,
    softmax,
    transpose,
)
from vaqf.passes.statistics import Statistic


class DecomposeBiasGelu(RewritePattern):
    """`BiasGelu` is a sum and a GELU."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.BiasGeluOp, rewriter: PatternRewriter) -> None:
        sum = combine(onnx.AddOp, op.input, op.bias)
        name_after(sum.result, op.result, "sum")
        rewriter.replace(op, (sum, gelu(sum.result, "none")))


class DecomposeFusedMatMul(RewritePattern):
    """`FusedMatMul` is a product of matrices that are turned before, scaled after."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.FusedMatMulOp, rewriter: PatternRewriter) -> None:
        left, right = op.left, op.right
        if op.trans_a.value.data:
            left = rewriter.insert(_turned(left)).result
        if op.trans_b.value.data:
            right = rewriter.insert(_turned(right)).result
        product = multiply_matrices(left, right)
        if op.alpha.value.data == 1:
            rewriter.replace(op, product)
            return
        name_after(product.result, op.result, "product")
        factor = real_constant(op.alpha.value.data)
        name_after(factor.result, op.result, "factor")
        rewriter.replace(op, (product, factor, combine(onnx.MulOp, product.result, factor.result)))


def _turned(value: SSAValue) -> onnx.TransposeOp:
    """The last two dimensions of a stack of matrices, swapped."""
    *stack, rows, columns = range(len(shape_of(value)))
    turned = transpose(value, (*stack, columns, rows))
    name_after(turned.result, value, "transposed")
    return turned


class DecomposeSkipLayerNormalization(RewritePattern):
    """`SkipLayerNormalization` is two sums and a layer normalisation."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: onnx.SkipLayerNormalizationOp, rewriter: PatternRewriter
    ) -> None:
        input, skip = op.input, op.skip
        if op.bias is not None:
            # The bias belongs to the product of matrices, whichever operand that is.
            if isinstance(skip.owner, onnx.MatMulOp | onnx.FusedMatMulOp):
                input, skip = skip, input
            biased = rewriter.insert(combine(onnx.AddOp, input, op.bias))
            name_after(biased.result, op.result, "biased")
            input = biased.result
        sum = rewriter.insert(combine(onnx.AddOp, input, skip))
        if op.sum is None:
            name_after(sum.result, op.result, "sum")
        norm = layer_normalization(sum.result, op.gamma, op.beta, op.epsilon.value.data)
        results = (norm.result,) if op.sum is None else (norm.result, sum.result)
        rewriter.replace(op, norm, results)


class SplitAttentionHeads(RewritePattern):
    """Heads that are channels side by side get a dimension of their own."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.AttentionOp, rewriter: PatternRewriter) -> None:
        if op.has_head_dimension:
            return
        operands = [
            _split_heads(rewriter, each, shape)
            for each, shape in zip((op.query, op.key, op.value), op.shapes, strict=True)
        ]
        batch, heads, tokens, _ = shape_of(operands[0])
        size = shape_of(operands[2])[-1]
        scale = FloatAttr(op.factor, f32)
        attention = onnx.AttentionOp.build(
            operands=[*operands, [] if op.mask is None else [op.mask]],
            properties={"scale": scale},
            result_types=[TensorType(f32, (batch, heads, tokens, size))],
        )
        by_token = transpose(rewriter.insert(attention).result, _SWAP_HEADS_AND_TOKENS)
        name_after(attention.result, op.result, "heads")
        name_after(by_token.result, op.result, "transposed")
        joined = reshape(rewriter.insert(by_token).result, (batch, tokens, heads * size))
        rewriter.replace(op, joined)


_SWAP_HEADS_AND_TOKENS = (0, 2, 1, 3)


def _split_heads(rewriter: PatternRewriter, value: SSAValue, shape: Sequence[int]) -> SSAValue:
    """Batch x heads x tokens x head size, from batch x tokens x channels."""
    batch, heads, tokens, size = shape
    sizes, split = reshape(value, (batch, tokens, heads, size))
    name_after(split.results[0], value, "split")
    rewriter.insert((sizes, split))
    by_head = rewriter.insert(transpose(split.results[0], _SWAP_HEADS_AND_TOKENS))
    name_after(by_head.result, value, "heads")
    return by_head.result


class DecomposeAttention(RewritePattern):
    """`Attention` is two products of matrices, with a mask and a softmax between them."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.AttentionOp, rewriter: PatternRewriter) -> None:
        if not op.has_head_dimension:
            return

        def append(new: Operation, role: str) -> SSAValue:
            (result,) = rewriter.insert(new).results
            name_after(result, op.result, role)
            return result

        key = rewriter.insert(_turned(op.key)).result
        scores = append(multiply_matrices(op.query, key), "scores")
        factor = append(real_constant(op.factor), "scale")
        scores = append(combine(onnx.MulOp, scores, factor), "scaled")
        if op.mask is None or condition_of(op.mask) is True or number_of(op.mask) == 0:
            probabilities = append(softmax(scores), "probabilities")
        elif elements_of(op.mask) == f32:
            masked = append(combine(onnx.AddOp, scores, op.mask), "masked")
            probabilities = append(softmax(masked), "probabilities")
        else:
            probabilities = _probabilities_where(op.mask, scores, append)
        rewriter.replace(op, multiply_matrices(probabilities, op.value))


def _probabilities_where(
    shown: SSAValue, scores: SSAValue, append: Callable[[Operation, str], SSAValue]
) -> SSAValue:
    """A softmax of those scores that are shown; zeros where none is."""
    lowest = append(real_constant(-inf), "lowest")
    masked = append(choose(shown, scores, lowest), "masked")
    probabilities = append(softmax(masked), "probabilities")
    nothing = append(real_constant(0), "nothing")
    failed = append(is_nan(probabilities), "failed")
    return append(choose(failed, nothing, probabilities), "guarded")


@dataclass(frozen=True)
class DecomposeOnnxFusedOperatorsPass(ModulePass):
    """
    Write what an optimiser has fused, and attention that is one operation, as basic operations.
    """

    name = "decompose-onnx-fused-operators"

    statistics = (Statistic("fused operators written out", removed="onnx.*"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns: list[RewritePattern] = [
            DecomposeBiasGelu(),
            DecomposeFusedMatMul(),
            DecomposeSkipLayerNormalization(),
            SplitAttentionHeads(),
            DecomposeAttention(),
        ]
        PatternRewriteWalker(Located(GreedyRewritePatternApplier(patterns))).rewrite_module(op)
