"""Compute GELU by tables."""

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
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_values import int_format, integers_of, rounding_of
from vaqf.passes.statistics import Statistic


class IntegerizeGelu(RewritePattern):
    """Look every integer up in a table of its own."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.GeluOp, rewriter: PatternRewriter) -> None:
        input = integers_of(op, "input", op.input)
        rounding = rounding_of(op, op.result)
        output = int_format(op, "result", rounding.result)
        table = quant.GeluTableOp(int_format(op, "input", input), output)
        lookup = quant.LookupOp(input, table.table, output)
        name_after(table.table, op.result, "table")
        name_after(lookup.result, op.result)
        rewriter.insert((table, lookup))
        rewriter.replace(rounding, (), lookup.results)
        rewriter.erase(op)


class IntegerizeGelusPass(ModulePass):
    """Replace every GELU by a lookup in a table for the number formats around it."""

    name = "integerize-gelus"

    statistics = (
        Statistic("GELUs on integers", added="quant.lookup"),
        Statistic("tables built", added="quant.gelu_table"),
    )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(Located(IntegerizeGelu()), apply_recursively=False).rewrite_module(op)
        dce(op)
