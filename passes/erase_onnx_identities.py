"""Drop operations whose result is one of their operands."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
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
from vaqf.passes.onnx_values import condition_of, expand, list_of, number_of
from vaqf.passes.statistics import Statistic


def _erase_if_same(rewriter: PatternRewriter, op: onnx.AddOp | onnx.MulOp, neutral: float) -> None:
    """Drop `op` where one operand is all `neutral`, and does not stretch the other."""
    for value, other in ((op.left, op.right), (op.right, op.left)):
        if number_of(other) == neutral and value.type == op.result.type:
            rewriter.replace(op, (), (value,))
            return


class EraseAdditionOfZero(RewritePattern):
    """`x + 0` is `x`, such as what a mask becomes that hides nothing."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.AddOp, rewriter: PatternRewriter) -> None:
        _erase_if_same(rewriter, op, 0.0)


class EraseMultiplicationByOne(RewritePattern):
    """`x * 1` is `x`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.MulOp, rewriter: PatternRewriter) -> None:
        _erase_if_same(rewriter, op, 1.0)


class EraseCopy(RewritePattern):
    """What gives what it takes, as casts to the same type do."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: onnx.IdentityOp | onnx.DropoutOp | onnx.CastOp, rewriter: PatternRewriter
    ) -> None:
        if op.input.type == op.result.type:
            rewriter.replace(op, (), (op.input,))


class EraseReshape(RewritePattern):
    """A new shape that is the old one: these operations keep the order of the values."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self,
        op: onnx.ReshapeOp
        | onnx.FlattenOp
        | onnx.SqueezeOp
        | onnx.UnsqueezeOp
        | onnx.ExpandOp
        | onnx.TileOp,
        rewriter: PatternRewriter,
    ) -> None:
        if op.input.type == op.result.type:
            rewriter.replace(op, (), (op.input,))


class EraseTranspose(RewritePattern):
    """A permutation that leaves every dimension where it is."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.TransposeOp, rewriter: PatternRewriter) -> None:
        if list(op.perm.get_values()) == sorted(op.perm.get_values()):
            rewriter.replace(op, (), (op.input,))


class EraseSlice(RewritePattern):
    """A slice that takes everything, in order."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.SliceOp, rewriter: PatternRewriter) -> None:
        steps = list_of("steps", op.steps)
        if steps is None or min(steps, default=1) < 0:
            return
        if op.input.type == op.result.type:
            rewriter.replace(op, (), (op.input,))


class EraseConcat(RewritePattern):
    """One tensor, put after nothing."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.ConcatOp, rewriter: PatternRewriter) -> None:
        if len(op.inputs) == 1:
            rewriter.replace(op, (), op.inputs)


class EraseSplit(RewritePattern):
    """A cut into one piece."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.SplitOp, rewriter: PatternRewriter) -> None:
        if len(op.pieces) == 1:
            rewriter.replace(op, (), (op.input,))


class TakeBranch(RewritePattern):
    """A choice that always falls on one side."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.WhereOp, rewriter: PatternRewriter) -> None:
        if (condition := condition_of(op.condition)) is None:
            return
        taken = op.left if condition else op.right
        if taken.type == op.result.type:
            rewriter.replace(op, (), (taken,))
        else:
            rewriter.replace(op, expand(taken, shape_of(op.result)))


class EraseNaNGuard(RewritePattern):
    """
    `Where(IsNaN(softmax), ..., softmax)` is `softmax`.

    A softmax is no number only where its scores are infinite, or where a mask hides all of a row.
    The scores of a network are finite, and no mask but one that hides nothing is ever raised.
    """

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: onnx.WhereOp, rewriter: PatternRewriter) -> None:
        check = op.condition.owner
        if not isinstance(check, onnx.IsNaNOp) or check.input is not op.right:
            return
        if isinstance(op.right.owner, onnx.SoftmaxOp) and op.right.type == op.result.type:
            rewriter.replace(op, (), (op.right,))


@dataclass(frozen=True)
class EraseOnnxIdentitiesPass(ModulePass):
    """
    Let the users of an operation that does nothing use its operand instead.

    These are left by exporters that could not know the batch, or that write masks which hide
    nothing.
    """

    name = "erase-onnx-identities"

    statistics = (Statistic("operations erased", removed="onnx.*"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns: list[RewritePattern] = [
            EraseCopy(),
            EraseReshape(),
            EraseTranspose(),
            EraseSlice(),
            EraseConcat(),
            EraseSplit(),
            EraseAdditionOfZero(),
            EraseMultiplicationByOne(),
            TakeBranch(),
            EraseNaNGuard(),
        ]
        PatternRewriteWalker(Located(GreedyRewritePatternApplier(patterns))).rewrite_module(op)
