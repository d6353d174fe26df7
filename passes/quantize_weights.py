"""Round the weights that are still real to integers."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.quant import DequantizeWeightOp, QuantizeWeightOp
from vaqf.dialects.quant.formats import MAXIMUM_BITS
from vaqf.dialects.shapes import shape_of
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.structure import is_real_weight


def rounded(weight: SSAValue, name: SSAValue, bits: int) -> Sequence[Operation]:
    """Ops that round a weight (output x input channels); the last gives it back in real values."""
    quantize = QuantizeWeightOp(weight, bits)
    dequantize = DequantizeWeightOp(quantize.integers, quantize.scale)
    name_after(quantize.integers, name, "integers")
    name_after(quantize.scale, name, "scale")
    name_after(dequantize.weight, name, "rounded")
    return quantize, dequantize


@dataclass
class QuantizeLinearWeight(RewritePattern):
    """Put a rounded weight in the place of a linear layer's real one."""

    bits: int
    """Width of the integers."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.LinearOp, rewriter: PatternRewriter) -> None:
        if not is_real_weight(op.weight):
            return
        *_, dequantize = rewriter.insert(rounded(op.weight, op.weight, self.bits))
        op.operands[1] = dequantize.results[0]
        rewriter.notify_op_modified(op)


@dataclass
class QuantizePatchWeight(RewritePattern):
    """Put a rounded kernel in the place of a patch embedding's real one, row by row."""

    bits: int
    """Width of the integers."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.PatchEmbeddingOp, rewriter: PatternRewriter) -> None:
        if not is_real_weight(op.weight):
            return
        channels, *patch = shape_of(op.weight)
        pixels = patch[0] * patch[1] * patch[2]
        matrix = rewriter.insert(vit.ReshapeOp(op.weight, (channels, pixels)))
        name_after(matrix.result, op.weight, "matrix")
        *_, dequantize = rewriter.insert(rounded(matrix.result, op.weight, self.bits))
        kernel = rewriter.insert(vit.ReshapeOp(dequantize.results[0], (channels, *patch)))
        name_after(kernel.result, op.weight, "kernel")
        op.operands[1] = kernel.result
        rewriter.notify_op_modified(op)


@dataclass(frozen=True)
class QuantizeWeightsPass(ModulePass):
    """
    Bring the weight of every linear and patch embedding to integers and scales.

    Weights that an earlier pass has already brought to a number format are left alone. The result
    still computes in float.
    """

    name = "quantize-weights"

    bits: int = 8
    """Width of the integers, 2 to 16."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if not 2 <= self.bits <= MAXIMUM_BITS:
            raise UserError(f"bits is {self.bits}, accepted range is [2, {MAXIMUM_BITS}]")
        for pattern in (QuantizeLinearWeight(self.bits), QuantizePatchWeight(self.bits)):
            PatternRewriteWalker(Located(pattern), apply_recursively=False).rewrite_module(op)
