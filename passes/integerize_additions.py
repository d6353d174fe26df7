"""Add residual connections in integers."""

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.transforms.dead_code_elimination import dce

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import fail
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_values import int_format, integers_of, rounding_of
from vaqf.passes.statistics import Statistic


class IntegerizeAddition(RewritePattern):
    """`quantize(dequantize(a) + dequantize(b))` is a saturating addition in one format."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.AddOp, rewriter: PatternRewriter) -> None:
        left = integers_of(op, "left", op.left)
        right = integers_of(op, "right", op.right)
        rounding = rounding_of(op, op.result)
        expected = int_format(op, "left", left)
        for name, value in (("right", right), ("result", rounding.result)):
            if (format := int_format(op, name, value)) != expected:
                fail(op, f"'{name}' has elements {format}, expected {expected} as 'left' has")
        add = quant.AddOp(left, right)
        name_after(add.result, op.result)
        rewriter.insert(add)
        rewriter.replace(rounding, (), add.results)
        rewriter.erase(op)


class IntegerizeAdditionsPass(ModulePass):
    """Replace every addition of real values in one number format by one of integers."""

    name = "integerize-additions"

    statistics = (Statistic("additions on integers", added="quant.add"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(Located(IntegerizeAddition()), apply_recursively=False).rewrite_module(
            op
        )
        dce(op)
