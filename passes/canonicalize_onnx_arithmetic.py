"""Write sums, products and powers in one way, so that later patterns need to know only that one."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import FloatAttr, ModuleOp, f32, i32, i64
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from vaqf.dialects import onnx
from vaqf.dialects.onnx.base import broadcast, elements_of
from vaqf.dialects.onnx.elementwise import BinaryOperation
from vaqf.dialects.onnx.functions import UnaryOperation
from vaqf.dialects.shapes import shape_of
from vaqf.passes.erase_onnx_identities import EraseAdditionOfZero, EraseMultiplicationByOne
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.onnx_values import (
    combine,
    is_constant,
    is_representable,
    is_weight,
    number_of,
    real_constant,
)
from vaqf.passes.statistics import Statistic


def _combine_with(
    rewriter: PatternRewriter,
    op: BinaryOperation,
    kind: type[onnx.AddOp | onnx.MulOp],
    value: SSAValue,
    number: float,
    shape: tuple[int, ...],
) -> None:
    """Replace `op` by a sum or product of a value and a number that is stretched to `shape`."""
    if is_representable(number):
        constant = _constant_for(op, number, shape)
        rewriter.replace(op, (constant, combine(kind, value, constant.result)))


def _constant_for(
    op: BinaryOperation | UnaryOperation | onnx.GemmOp, number: float, shape: tuple[int, ...] = ()
) -> onnx.ConstantOp:
    """A constant that is needed to rewrite `op`."""
    constant = real_constant(number, shape)
    name_after(constant.result, op.result, "constant")
    return constant


class OrderOperands(RewritePattern):
    """Activations stand on the left, then weights, then constants."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.AddOp | onnx.MulOp, rewriter: PatternRewriter) -> None:
        left, right = ((is_constant(each), is_weight(each)) for each in (op.left, op.right))
        if left > right:
            rewriter.replace(op, combine(type(op), op.right, op.left))


class Negate(RewritePattern):
    """`-x` is `x * (-1)`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.NegOp, rewriter: PatternRewriter) -> None:
        if elements_of(op.input) == f32:
            minus_one = _constant_for(op, -1)
            rewriter.replace(op, (minus_one, combine(onnx.MulOp, op.input, minus_one.result)))


class DivideOne(RewritePattern):
    """The reciprocal of `x` is `1 / x`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.ReciprocalOp, rewriter: PatternRewriter) -> None:
        if elements_of(op.input) == f32:
            one = _constant_for(op, 1)
            rewriter.replace(op, (one, combine(onnx.DivOp, one.result, op.input)))


class SubtractConstant(RewritePattern):
    """`x - c` is `x + (-c)`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.SubOp, rewriter: PatternRewriter) -> None:
        if (number := number_of(op.right)) is not None:
            _combine_with(rewriter, op, onnx.AddOp, op.left, -number, shape_of(op.right))


class SubtractFromConstant(RewritePattern):
    """`c - x` is `x * (-1) + c`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.SubOp, rewriter: PatternRewriter) -> None:
        if number_of(op.left) is None:
            return
        minus_one = _constant_for(op, -1)
        negated = combine(onnx.MulOp, op.right, minus_one.result)
        rewriter.replace(op, (minus_one, negated, combine(onnx.AddOp, negated.result, op.left)))


class DivideByConstant(RewritePattern):
    """`x / c` is `x * (1 / c)`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.DivOp, rewriter: PatternRewriter) -> None:
        if number := number_of(op.right):
            _combine_with(rewriter, op, onnx.MulOp, op.left, 1 / number, shape_of(op.right))


class DivideLast(RewritePattern):
    """`x * (c / y)` is `x / y * c`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.MulOp, rewriter: PatternRewriter) -> None:
        for value, other in ((op.left, op.right), (op.right, op.left)):
            quotient = other.owner
            if not isinstance(quotient, onnx.DivOp) or number_of(value) is not None:
                continue
            if number_of(quotient.left) is not None:
                divided = combine(onnx.DivOp, value, quotient.right)
                product = combine(onnx.MulOp, divided.result, quotient.left)
                rewriter.replace(op, (divided, product))
                return


class ExpandPower(RewritePattern):
    """Powers that exporters write for squares, cubes, roots and reciprocals."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.PowOp, rewriter: PatternRewriter) -> None:
        exponent, base = number_of(op.right, (f32, i32, i64)), op.left
        if op.result.type != base.type or elements_of(base) != f32:
            return
        match exponent:
            case 1.0:
                rewriter.replace(op, (), (base,))
            case 2.0:
                rewriter.replace(op, combine(onnx.MulOp, base, base))
            case 3.0:
                square = combine(onnx.MulOp, base, base)
                rewriter.replace(op, (square, combine(onnx.MulOp, square.result, base)))
            case 0.5:
                rewriter.replace(op, _root(base))
            case -0.5:
                one, root = _constant_for(op, 1), _root(base)
                rewriter.replace(op, (one, root, combine(onnx.DivOp, one.result, root.result)))
            case -1.0:
                one = _constant_for(op, 1)
                rewriter.replace(op, (one, combine(onnx.DivOp, one.result, base)))
            case _:
                return


def _root(value: SSAValue) -> onnx.SqrtOp:
    return onnx.SqrtOp.build(operands=[value], result_types=[value.type])


class MergeConstants(RewritePattern):
    """`x + c + d` and `x * c * d` have one constant."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.AddOp | onnx.MulOp, rewriter: PatternRewriter) -> None:
        inner = op.left.owner
        if not isinstance(inner, type(op)):
            return
        first, second = number_of(inner.right), number_of(op.right)
        if first is None or second is None:
            return
        number = first + second if isinstance(op, onnx.AddOp) else first * second
        shape = broadcast(shape_of(inner.right), shape_of(op.right))
        _combine_with(rewriter, op, type(op), inner.left, number, shape)


class MultiplyByConstantLast(RewritePattern):
    """`x * (y * c)` and `x * c * y` are `x * y * c`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.MulOp, rewriter: PatternRewriter) -> None:
        for value, other in ((op.left, op.right), (op.right, op.left)):
            scaled = value.owner
            if not isinstance(scaled, onnx.MulOp) or number_of(scaled.right) is None:
                continue
            if number_of(other) is None:
                product = combine(onnx.MulOp, scaled.left, other)
                rewriter.replace(op, (product, combine(onnx.MulOp, product.result, scaled.right)))
                return


class ScaleAfterGemm(RewritePattern):
    """`alpha * (x w + bias)` multiplies last, as do products without a bias."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.GemmOp, rewriter: PatternRewriter) -> None:
        alpha, beta = op.alpha.value.data, op.beta.value.data
        bias = None if beta == 0 else op.bias
        if bias is None:
            beta = alpha
        if alpha != beta or (alpha == 1 and bias is op.bias):
            return
        product = onnx.GemmOp.build(
            operands=[op.left, op.right, [] if bias is None else [bias]],
            properties=op.properties | {"alpha": FloatAttr(1.0, f32), "beta": FloatAttr(1.0, f32)},
            result_types=[op.result.type],
        )
        factor = _constant_for(op, alpha)
        rewriter.replace(op, (product, factor, combine(onnx.MulOp, product.result, factor.result)))


@dataclass(frozen=True)
class CanonicalizeOnnxArithmeticPass(ModulePass):
    """
    Bring arithmetic into one form.

    Weights and constants stand on the right, constant factors last, and neighbouring constants are
    one.
    Differences from a constant are sums, quotients by one are products, small powers are written
    out. Weights are not computed with.
    """

    name = "canonicalize-onnx-arithmetic"

    statistics = (Statistic("operations rewritten", removed="onnx.*"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns: list[RewritePattern] = [
            EraseAdditionOfZero(),
            EraseMultiplicationByOne(),
            OrderOperands(),
            Negate(),
            SubtractConstant(),
            SubtractFromConstant(),
            DivideOne(),
            DivideByConstant(),
            DivideLast(),
            ExpandPower(),
            MergeConstants(),
            MultiplyByConstantLast(),
            ScaleAfterGemm(),
        ]
        PatternRewriteWalker(Located(GreedyRewritePatternApplier(patterns))).rewrite_module(op)
