"""How the passes that round weights put a rounded one in the place of a real one."""

from collections.abc import Callable

from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.hints import isa

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant import DequantizeWeightOp
from vaqf.dialects.quant.formats import element_of
from vaqf.dialects.shapes import shape_of
from vaqf.passes.naming import name_after
from vaqf.passes.structure import origin_of

Round = Callable[[SSAValue, SSAValue], tuple[Operation, DequantizeWeightOp]]
"""
Makes the ops that round a weight (output x input channels), of which the last gives it back in real
values; named after the second value.
"""


def replace_weight(
    op: vit.LinearOp | vit.PatchEmbeddingOp, rounded: Round, rewriter: PatternRewriter
) -> None:
    """Put a rounded weight in the place of a layer's real one; a kernel is rounded row by row."""
    match op:
        case vit.LinearOp():
            *_, dequantize = rewriter.insert(rounded(op.weight, op.weight))
            weight = dequantize.results[0]
        case vit.PatchEmbeddingOp():
            channels, *patch = shape_of(op.weight)
            pixels = patch[0] * patch[1] * patch[2]
            matrix = rewriter.insert(vit.ReshapeOp(op.weight, (channels, pixels)))
            name_after(matrix.result, op.weight, "matrix")
            *_, dequantize = rewriter.insert(rounded(matrix.result, op.weight))
            kernel = rewriter.insert(vit.ReshapeOp(dequantize.results[0], (channels, *patch)))
            name_after(kernel.result, op.weight, "kernel")
            weight = kernel.result
    op.operands[1] = weight
    rewriter.notify_op_modified(op)


def expect_width(op: vit.LinearOp | vit.PatchEmbeddingOp, bits: int | None) -> None:
    """
    Check that a weight that is rounded already has the width that a rule gives it, if one does.

    Raises:
        PassFailedException: when it has another.
    """
    rounding = origin_of(op.weight).owner
    if bits is None or not isinstance(rounding, DequantizeWeightOp):
        return
    element = element_of(rounding.integers)
    found = element.width.data if isa(element, IntegerType) else 1
    if found != bits:
        fail(op, f"the weight is rounded to {found} bits already, a rule gives it {bits}")
