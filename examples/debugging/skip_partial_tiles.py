"""
A pass with a bug: see docs/debugging.md.

It is meant to save cycles: a loop over tiles of tokens stops after the last whole tile.
"""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr, ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from vaqf.dialects import accel
from vaqf.passes.index_values import index_value


@dataclass(frozen=True)
class SkipPartialTilesPass(ModulePass):
    """Let the loops that sum up products end with the last tile that is whole."""

    name = "skip-partial-tiles"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for loop in list(op.walk()):
            if not isinstance(loop, scf.ForOp):
                continue
            if not any(isinstance(each, accel.AccumulateOp) for each in loop.body.block.ops):
                continue
            last, step = index_value(loop.ub), index_value(loop.step)
            if last is not None and step is not None:
                whole = arith.ConstantOp(IntegerAttr(last // step * step, IndexType()))
                Rewriter.insert_op(whole, InsertPoint.before(loop))
                loop.operands[1] = whole.result
