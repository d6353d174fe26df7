"""Round values where they are computed, not after they were moved about."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, NameLoc, NoneAttr, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.quant import DequantizeOp, QuantizeOp
from vaqf.dialects.quant.formats import element_format
from vaqf.passes.naming import name_after
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import Move, Rounding, network_of

Exact = Move | vit.ExtractPatchesOp
"""An op that gives values of its input, which may be rounded before as well as after."""


@dataclass
class Uses:
    """What takes a value, perhaps after it was moved."""

    rounding: list[QuantizeOp] = field(default_factory=list[QuantizeOp])
    """What rounds it."""

    real: list[Operation] = field(default_factory=list[Operation])
    """What takes it as it is."""

    @staticmethod
    def of(value: SSAValue) -> Uses:
        """Look for everything that takes a value."""
        uses = Uses()
        values = [value]
        while values:
            for use in values.pop().uses:
                match use.operation:
                    case QuantizeOp() as op:
                        uses.rounding.append(op)
                    case op if isinstance(op, Exact):
                        values += op.results
                    case op:
                        uses.real.append(op)
        return uses


def hoist(value: SSAValue, network: FuncOp) -> None:
    """
    Round a value right after it is computed, if what takes it rounds it.

    Raises:
        PassFailedException: when it is rounded to several formats, or only by some of its users.
    """
    uses = Uses.of(value)
    if not uses.rounding:
        return
    first, *others = uses.rounding
    producer = value.op if isinstance(value, OpResult) else network
    format = element_format(first.result)
    for other in others:
        if (second := element_format(other.result)) != format:
            fail(
                producer,
                f"the result is rounded to {format} by {describe(first)} and to {second} by "
                f"{describe(other)}, expected one format for a value: let both share a quantizer",
            )
    if uses.real:
        fail(
            producer,
            f"the result is rounded to {format} by {describe(first)}, but {describe(uses.real[0])} "
            "takes it as it is, expected a value that is rounded for all that take it",
        )
    if first.input is value and not others:
        return
    quantize = QuantizeOp(value, format)
    dequantize = DequantizeOp(quantize.result)
    for op in (quantize, dequantize):
        op.location = first.location
    name_after(quantize.result, value, "integers")
    name_after(dequantize.result, value, "rounded")
    point = (
        InsertPoint.after(value.op)
        if isinstance(value, OpResult)
        else InsertPoint.at_start(network.body.block)
    )
    Rewriter.insert_op((quantize, dequantize), point)
    value.replace_uses_with_if(dequantize.result, lambda use: use.operation is not quantize)
    for rounding in uses.rounding:
        for use in tuple(rounding.result.uses):
            if isinstance(use.operation, DequantizeOp):
                Rewriter.replace_op(use.operation, (), (rounding.input,))
        if not rounding.result.uses:
            Rewriter.erase_op(rounding)
    if not isinstance(value, OpResult):
        name = input_names(network)[network.args.index(value)]
        for op in (quantize, dequantize):
            op.location = NameLoc(StringAttr(name), NoneAttr())


@dataclass(frozen=True)
class HoistRoundingPass(ModulePass):
    """
    Move each `quant.quantize` of a model up to the op that computes the value.

    Rounding and moving commute. Afterwards a value is rounded right where it arises and everybody
    takes it rounded, as after `quantize-activations`, or nobody does.
    """

    name = "hoist-rounding"

    statistics = (Statistic("roundings moved", retyped="quant.quantize"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        network = network_of(op)
        computed = (result for each in network.body.block.ops for result in each.results)
        for value in (*network.args, *computed):
            if not isinstance(value.owner, Exact | Rounding):
                hoist(value, network)
