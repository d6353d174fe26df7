"""Find layer normalisations that are written out, as exporters do before opset 17."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
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
from vaqf.dialects.shapes import shape_of
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.onnx_values import (
    is_weight,
    layer_normalization,
    list_of,
    number_of,
    real_constant,
    reshape,
)
from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class Normalized:
    """`(input - mean) / sqrt(variance + epsilon)` over the last dimension."""

    input: SSAValue
    """What is normalised."""

    epsilon: float
    """What is added to the variance."""

    @staticmethod
    def match(value: SSAValue) -> Normalized | None:
        """What a value normalises; None when it is something else."""
        quotient = value.owner
        if not isinstance(quotient, onnx.DivOp):
            return None
        root = quotient.right.owner
        sum = root.input.owner if isinstance(root, onnx.SqrtOp) else None
        if not isinstance(sum, onnx.AddOp):
            return None
        input, epsilon = _centred(quotient.left), number_of(sum.right)
        if input is None or epsilon is None or epsilon < 0:
            return None
        if _variance_of(sum.left) is not input:
            return None
        return Normalized(input, epsilon)


def _mean_of(value: SSAValue) -> SSAValue | None:
    """What a value is the mean of, over the last dimension, which stays."""
    mean = value.owner
    if not isinstance(mean, onnx.ReduceMeanOp) or mean.keepdims.value.data != 1:
        return None
    axes = list_of("axes", mean.axes)
    return mean.input if axes in ((-1,), (len(shape_of(mean.input)) - 1,)) else None


def _centred(value: SSAValue) -> SSAValue | None:
    """What a value is the difference of from its own mean."""
    difference = value.owner
    if not isinstance(difference, onnx.SubOp):
        return None
    return difference.left if _mean_of(difference.right) is difference.left else None


def _variance_of(value: SSAValue) -> SSAValue | None:
    """What a value is the variance of: the mean square of differences from the mean."""
    square = mean.owner if (mean := _mean_of(value)) is not None else None
    if not isinstance(square, onnx.MulOp):
        return None
    # Some exporters subtract the mean twice.
    left, right = _centred(square.left), _centred(square.right)
    return left if left is right else None


def _vector(value: SSAValue, size: int) -> tuple[Sequence[Operation], SSAValue] | None:
    """A weight with one element for each channel as a vector, and what turns it into one."""
    shape = shape_of(value)
    if not is_weight(value) or shape[-1:] != (size,) or prod(shape) != size:
        return None
    if len(shape) == 1:
        return (), value
    moves = reshape(value, (size,))
    name_after(moves[-1].results[0], value, "vector")
    return moves, moves[-1].results[0]


class FuseNormalization(RewritePattern):
    """A normalised value; its factors are ones, as long as no weight multiplies it."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.DivOp, rewriter: PatternRewriter) -> None:
        normalized = Normalized.match(op.result)
        if normalized is None or op.result.type != normalized.input.type:
            return
        ones = real_constant(1, shape_of(op.result)[-1:])
        name_after(ones.result, op.result, "ones")
        fused = layer_normalization(normalized.input, ones.result, None, normalized.epsilon)
        rewriter.replace(op, (ones, fused))


class FuseScale(RewritePattern):
    """A weight that multiplies a layer normalisation without parameters."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.MulOp, rewriter: PatternRewriter) -> None:
        norm = op.left.owner
        if not isinstance(norm, onnx.LayerNormalizationOp) or norm.bias is not None:
            return
        if number_of(norm.scale) != 1 or op.result.type != norm.result.type:
            return
        size = shape_of(op.result)[-1]
        if shape_of(norm.scale) != (size,) or (scale := _vector(op.right, size)) is None:
            return
        moves, vector = scale
        fused = layer_normalization(norm.input, vector, None, norm.epsilon.value.data)
        rewriter.replace(op, (*moves, fused))


class FuseBias(RewritePattern):
    """A weight that is added to a layer normalisation without a bias, and to nothing else."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.AddOp, rewriter: PatternRewriter) -> None:
        norm = op.left.owner
        if not isinstance(norm, onnx.LayerNormalizationOp) or norm.bias is not None:
            return
        size = shape_of(norm.result)[-1]
        if not norm.result.has_one_use() or shape_of(norm.scale) != (size,):
            return
        if op.result.type != norm.result.type or (bias := _vector(op.right, size)) is None:
            return
        moves, vector = bias
        fused = layer_normalization(norm.input, norm.scale, vector, norm.epsilon.value.data)
        rewriter.replace(op, (*moves, fused))


@dataclass(frozen=True)
class FuseOnnxLayerNormalizationPass(ModulePass):
    """
    Make one `onnx.LayerNormalization` of the operations that compute it.

    It takes the form of `canonicalize-onnx-arithmetic`. What normalises other dimensions than the
    last one stays as it is. Where no weight follows, the factors are a constant of ones.
    """

    name = "fuse-onnx-layer-normalization"

    statistics = (Statistic("LayerNorms recognized", added="onnx.LayerNormalization"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns: list[RewritePattern] = [FuseNormalization(), FuseScale(), FuseBias()]
        PatternRewriteWalker(Located(GreedyRewritePatternApplier(patterns))).rewrite_module(op)
