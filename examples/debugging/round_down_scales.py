"""
A pass with a bug: see docs/debugging.md.

It is meant to save multipliers: scales that are powers of two are shifts.
"""

from dataclasses import dataclass
from math import floor, log2

from xdsl.context import Context
from xdsl.dialects.builtin import FloatAttr, ModuleOp, f64
from xdsl.passes import ModulePass

from vaqf.dialects import quant
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class RoundDownScalesPass(ModulePass):
    """Round the scales of the sums of one layer down to powers of two."""

    name = "round-down-scales"

    layer: str
    """The layer, such as `blocks.2.attn.proj`."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        value = self.layer.replace(".", "_") + "_multiplier"
        found = [
            each
            for each in op.walk()
            if isinstance(each, quant.RequantizeParametersOp) and each.multiplier.name_hint == value
        ]
        if not found:
            raise UserError(f"no layer is called '{self.layer}'")
        for each in found:
            scale = 2.0 ** floor(log2(each.input_scale.value.data))
            # The integers that come in still stand for multiples of the old scale.
            each.input_scale = FloatAttr(scale, f64)
