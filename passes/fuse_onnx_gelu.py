"""Find Gaussian error linear units that are written out, as exporters do before opset 20."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

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
from vaqf.passes.canonicalize_onnx_arithmetic import MergeConstants, MultiplyByConstantLast
from vaqf.passes.erase_onnx_identities import EraseMultiplicationByOne
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.onnx_values import combine, gelu, is_number, number_of, real_constant, same_number
from vaqf.passes.statistics import Statistic


class FactorOutOfErrorFunction(RewritePattern):
    """`erf(x) * c + c` is `(erf(x) + 1) * c`, and so with the hyperbolic tangent."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.AddOp, rewriter: PatternRewriter) -> None:
        curve, factor = _split_factor(op.left)
        if not isinstance(curve.owner, onnx.ErfOp | onnx.TanhOp) or not is_number(op.right, factor):
            return
        if factor in (0.0, 1.0) or curve.type != op.left.type:
            return
        one, last = real_constant(1), real_constant(factor, shape_of(op.right))
        name_after(one.result, op.result, "one")
        name_after(last.result, op.result, "constant")
        sum = combine(onnx.AddOp, curve, one.result)
        rewriter.replace(op, (one, sum, last, combine(onnx.MulOp, sum.result, last.result)))


class FuseErrorFunction(RewritePattern):
    """
    `x * (1 + erf(s * x))` is `2 / r * gelu(r * x)` with `r = s * sqrt(2)`.

    So is `x * (1 - erf(-s * x))`.
    """

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.MulOp, rewriter: PatternRewriter) -> None:
        for x, sum in ((op.left, op.right), (op.right, op.left)):
            if (term := _less_one(sum)) is None:
                continue
            value, sign = _split_factor(term)
            curve = value.owner
            if not isinstance(curve, onnx.ErfOp) or sign not in (-1.0, 1.0):
                continue
            argument, factor = _split_factor(curve.input)
            if argument is x and factor and x.type == op.result.type:
                _replace_by_gelu(rewriter, op, x, sign * factor * sqrt(2), "none")
                return


class FuseHyperbolicTangent(RewritePattern):
    """`x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))` is twice the approximate GELU."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.MulOp, rewriter: PatternRewriter) -> None:
        for x, sum in ((op.left, op.right), (op.right, op.left)):
            term = _less_one(sum)
            curve = None if term is None else term.owner
            if not isinstance(curve, onnx.TanhOp):
                continue
            argument, factor = _split_factor(curve.input)
            if not same_number(factor, sqrt(2 / pi)) or x.type != op.result.type:
                continue
            if _is_cubic(argument, x):
                _replace_by_gelu(rewriter, op, x, 1.0, "tanh")
                return


def _replace_by_gelu(
    rewriter: PatternRewriter, op: onnx.MulOp, x: SSAValue, ratio: float, approximate: str
) -> None:
    """Replace `op` by `2 / ratio * gelu(ratio * x)`."""
    before: tuple[Operation, ...] = ()
    if same_number(ratio, 1.0):
        ratio = 1.0
    else:
        factor = real_constant(ratio)
        name_after(factor.result, op.result, "factor")
        before = (factor, scaled := combine(onnx.MulOp, x, factor.result))
        x = scaled.result
    unit = gelu(x, approximate)
    last = real_constant(2 / ratio)
    name_after(last.result, op.result, "constant")
    rewriter.replace(op, (*before, unit, last, combine(onnx.MulOp, unit.result, last.result)))


def _split_factor(value: SSAValue) -> tuple[SSAValue, float]:
    """What a value is a multiple of, and the factor."""
    product = value.owner
    if isinstance(product, onnx.MulOp) and (factor := number_of(product.right)) is not None:
        return product.left, factor
    return value, 1.0


def _less_one(value: SSAValue) -> SSAValue | None:
    """The term that a value is one more than."""
    sum = value.owner
    return sum.left if isinstance(sum, onnx.AddOp) and is_number(sum.right, 1.0) else None


def _is_cubic(value: SSAValue, x: SSAValue) -> bool:
    """Whether a value is `x + 0.044715 * x^3`."""
    sum = value.owner
    if not isinstance(sum, onnx.AddOp):
        return False
    for first, second in ((sum.left, sum.right), (sum.right, sum.left)):
        cube, factor = _split_factor(second)
        if first is x and same_number(factor, 0.044715) and _is_power(cube, x, 3):
            return True
    return False


def _is_power(value: SSAValue, x: SSAValue, exponent: int) -> bool:
    """Whether a value is a product of `x` that many times."""
    if exponent == 1:
        return value is x
    product = value.owner
    return isinstance(product, onnx.MulOp) and any(
        first is x and _is_power(second, x, exponent - 1)
        for first, second in ((product.left, product.right), (product.right, product.left))
    )


@dataclass(frozen=True)
class FuseOnnxGeluPass(ModulePass):
    """
    Make one `onnx.Gelu` of the operations that compute it, by the error function or by the
    hyperbolic tangent.

    It takes the form of `canonicalize-onnx-arithmetic`.
    """

    name = "fuse-onnx-gelu"

    statistics = (Statistic("GELUs recognized", added="onnx.Gelu"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns: list[RewritePattern] = [
            EraseMultiplicationByOne(),
            MergeConstants(),
            MultiplyByConstantLast(),
            FactorOutOfErrorFunction(),
            FuseErrorFunction(),
            FuseHyperbolicTangent(),
        ]
        PatternRewriteWalker(Located(GreedyRewritePatternApplier(patterns))).rewrite_module(op)
