"""Move integers about, instead of the real values that they stand for."""

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.transforms.dead_code_elimination import dce

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant import DequantizeOp, QuantizeOp
from vaqf.dialects.shapes import shape_of
from vaqf.dialects.vit import tensor_like
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import Move


class SinkDequantize(RewritePattern):
    """`move(dequantize(x))` becomes `dequantize(move(x))`."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not isinstance(op, Move | vit.ConcatenateOp):
            return
        producers = [operand.owner for operand in op.operands]
        dequantizes = [each for each in producers if isinstance(each, DequantizeOp)]
        if not dequantizes:
            return
        if len(dequantizes) < len(producers):
            fail(op, "some inputs are rounded and some are not, expected all or none")
        formats = {tensor_like(each.input, ()).element_type for each in dequantizes}
        if len(formats) > 1:
            names = " and ".join(sorted(map(str, formats)))
            fail(op, f"the inputs have formats {names}, expected one format")
        moved = op.create(
            operands=[each.input for each in dequantizes],
            result_types=[tensor_like(dequantizes[0].input, shape_of(op.result))],
            properties=op.properties,
            attributes=op.attributes,
        )
        dequantize = DequantizeOp(moved.results[0])
        name_after(moved.results[0], op.result)
        name_after(dequantize.result, op.result, "rounded")
        rewriter.replace(op, (moved, dequantize))


class FoldRounding(RewritePattern):
    """`quantize(dequantize(x))` is `x`, when the format is the same."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: QuantizeOp, rewriter: PatternRewriter) -> None:
        if (
            isinstance(before := op.input.owner, DequantizeOp)
            and before.input.type == op.result.type
        ):
            rewriter.replace(op, (), (before.input,))


class SinkDequantizeOfImage(RewritePattern):
    """The patches of a rounded image are patches of its integers."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.ExtractPatchesOp, rewriter: PatternRewriter) -> None:
        if not isinstance(producer := op.image.owner, DequantizeOp):
            return
        patches = quant.ExtractPatchesOp(producer.input, op.patch.get_values(), op.order.data)
        dequantize = DequantizeOp(patches.result)
        name_after(patches.result, op.result)
        name_after(dequantize.result, op.result, "rounded")
        rewriter.replace(op, (patches, dequantize))


class SinkDequantizePass(ModulePass):
    """
    Reshape, select, cut and put together quantized values before they become real again, not after.

    Afterwards every op that computes has its `quant.dequantize` right before it, and what is in a
    number format is not rounded to it again.
    """

    name = "sink-dequantize"

    statistics = (Statistic("movements on integers", retyped="vit.*"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        sink = GreedyRewritePatternApplier([SinkDequantize(), SinkDequantizeOfImage()])
        for pattern in (sink, FoldRounding()):
            PatternRewriteWalker(Located(pattern), apply_recursively=False).rewrite_module(op)
        dce(op)
