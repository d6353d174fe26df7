"""Round every activation to its number format."""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, NameLoc, NoneAttr, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.rewriter import InsertPoint

from vaqf.compiler.model_resolution import open_parameters
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.quant import DequantizeOp, QuantizeOp
from vaqf.dialects.quant.formats import MAXIMUM_BITS, Format
from vaqf.interpreters.execute import interpreter_of
from vaqf.passes.activation_formats import activation_formats
from vaqf.passes.constants import largest_magnitude
from vaqf.passes.layer_precision import read_precisions
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.recorded_ranges import forget_ranges
from vaqf.passes.requested_widths import requested_widths
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import network_of


def round_value(
    value: SSAValue, format: Format, point: InsertPoint, rewriter: PatternRewriter
) -> tuple[QuantizeOp, DequantizeOp]:
    """Let all users of `value` see it rounded; gives the ops that do so."""
    quantize = QuantizeOp(value, format)
    dequantize = DequantizeOp(quantize.result)
    name_after(quantize.result, value, "integers")
    name_after(dequantize.result, value, "rounded")
    rewriter.insert((quantize, dequantize), point)
    rewriter.replace_uses_with_if(
        value, dequantize.result, lambda use: use.operation is not quantize
    )
    return quantize, dequantize


@dataclass
class RoundResults(RewritePattern):
    """Round the results of an op right after it."""

    formats: Mapping[SSAValue, Format]
    """The format of each value that is to be rounded."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        for result in op.results:
            if (format := self.formats.get(result)) is not None:
                round_value(result, format, InsertPoint.after(op), rewriter)


@dataclass
class RoundArguments(RewritePattern):
    """Round the arguments of a function at its start."""

    formats: Mapping[SSAValue, Format]
    """The format of each value that is to be rounded."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: FuncOp, rewriter: PatternRewriter) -> None:
        for argument, name in zip(op.args, input_names(op), strict=True):
            point = InsertPoint.at_start(op.body.block)
            if (format := self.formats.get(argument)) is None:
                continue
            for op_of_argument in round_value(argument, format, point, rewriter):
                op_of_argument.location = NameLoc(StringAttr(name), NoneAttr())


@dataclass(frozen=True)
class QuantizeActivationsPass(ModulePass):
    """
    Follow every activation by `quant.quantize` and `quant.dequantize`, in the format that
    `docs/numerics.md` assigns to it, with a scale from what calibration saw. What the model itself
    rounds keeps the format that it has there.

    The result still computes in float, on values that integers can stand for. The ranges are
    removed: the formats are what matters from here on.
    """

    name = "quantize-activations"

    statistics = (Statistic("activations quantized", added="quant.quantize"),)

    bits: int = 8
    """Width of the activations inside the encoder, 1 to 16, where no rule says it."""

    precision: str = ""
    """
    Rules for single layers, as in `docs/recipes.md`: the activations that a linear layer of `a6`
    takes have 6 bits, and so have the queries, keys and values of an attention of `a6`.
    """

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if not 1 <= self.bits <= MAXIMUM_BITS:
            raise UserError(f"bits is {self.bits}, accepted range is [1, {MAXIMUM_BITS}]")
        network = network_of(op)
        interpreter = interpreter_of(op, open_parameters(op))

        def magnitude_of_weight(value: OpResult) -> float:
            return largest_magnitude(interpreter, value, value.op, "result")

        requests = requested_widths(network, read_precisions(op, self.precision))
        formats = activation_formats(network, self.bits, magnitude_of_weight, requests)
        patterns = GreedyRewritePatternApplier([RoundResults(formats), RoundArguments(formats)])
        PatternRewriteWalker(Located(patterns), apply_recursively=False).rewrite_module(op)
        forget_ranges(network)
