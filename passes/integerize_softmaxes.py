"""Compare queries with keys, and turn the scores into probabilities, in integers."""

from collections.abc import Mapping
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
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.transforms.dead_code_elimination import dce

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.quant.attention import MAXIMUM_PROBABILITY_SHIFT
from vaqf.passes.integer_constants import scaled, softmax_factor
from vaqf.passes.located import Located
from vaqf.passes.naming import name_after
from vaqf.passes.rounded_values import int_format, integers_of, probability_format, rounding_of
from vaqf.passes.shifts import Epilogue, Group, shared_shifts
from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class Layer:
    """A softmax of attention scores on real values, and what surrounds it in integers."""

    op: vit.SoftmaxOp
    """The softmax on real values."""

    scores: vit.AttentionScoresOp
    """What it is the softmax of."""

    query: SSAValue
    """Quantized queries."""

    query_format: IntType
    """Their format."""

    key: SSAValue
    """Quantized keys."""

    key_format: IntType
    """Their format."""

    rounding: quant.QuantizeOp
    """What rounds the probabilities."""

    format: UnsignedType
    """The format of the probabilities."""

    @staticmethod
    def of(op: vit.SoftmaxOp) -> "Layer":
        """
        Look at what surrounds `op`.

        Raises:
            PassFailedException: when it is no softmax of attention scores, or when queries, keys or
                probabilities have not been rounded.
        """
        scores = op.input.owner
        if not isinstance(scores, vit.AttentionScoresOp):
            source = describe(scores) if isinstance(scores, Operation) else "an argument"
            fail(op, f"'input' comes from {source}, expected 'vit.attention_scores'")
        query = integers_of(scores, "query", scores.query)
        key = integers_of(scores, "key", scores.key)
        rounding = rounding_of(op, op.result)
        return Layer(
            op,
            scores,
            query,
            int_format(scores, "query", query),
            key,
            int_format(scores, "key", key),
            rounding,
            probability_format(op, "result", rounding.result),
        )

    @property
    def group(self) -> Group:
        """An engine has one width of probabilities, and one bit is another format."""
        widths = self.query_format.bits.data, self.key_format.bits.data
        return Group((self.format.bits.data, 1 in widths), widths)

    @property
    def steps(self) -> float:
        """`2^-bits` in steps of a probability: 1 but for formats that a model gives."""
        return 2.0**-self.format.bits.data / self.format.scale.data

    @property
    def factor(self) -> float:
        """The step of a score in units of 2^-8 octaves."""
        return softmax_factor(self.query_format, self.key_format, self.scores.scale.value.data)


@dataclass
class IntegerizeSoftmax(RewritePattern):
    """Sum products of integers, and look their exponentials up."""

    table: SSAValue
    """One octave of exponentials."""

    shifts: Mapping[Operation, int]
    """The shift of each softmax."""

    probability_shifts: Mapping[Operation, int]
    """The shift of the multiplier of those with other scales of probabilities than `2^-bits`."""

    def probability(self, layer: Layer) -> tuple[int, int] | None:
        """Multiplier and shift for the scale of a layer's probabilities; None when it is usual."""
        if (shift := self.probability_shifts.get(layer.op)) is None:
            return None
        shift = min(shift, MAXIMUM_PROBABILITY_SHIFT)
        return scaled(layer.steps, shift), shift

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: vit.SoftmaxOp, rewriter: PatternRewriter) -> None:
        layer = Layer.of(op)
        scores = quant.AttentionScoresOp(layer.query, layer.key, layer.scores.heads.value.data)
        softmax = quant.SoftmaxOp(
            scores.result,
            self.table,
            multiplier=scaled(layer.factor, self.shifts[op]),
            shift=self.shifts[op],
            format=layer.format,
            probability=self.probability(layer),
        )
        scores.location = layer.scores.location
        name_after(scores.result, layer.scores.result)
        name_after(softmax.result, op.result)
        rewriter.insert((scores, softmax))
        rewriter.replace(layer.rounding, (), softmax.results)
        rewriter.erase(op)


class IntegerizeSoftmaxesPass(ModulePass):
    """
    Replace every softmax, and the attention scores that it takes, by ops on integers.

    Softmaxes with equal widths share one shift: the largest for which the multipliers of all of
    them fit. All share one table of exponentials.
    """

    name = "integerize-softmaxes"

    statistics = (
        Statistic("softmaxes on integers", added="quant.softmax"),
        Statistic("tables built", added="quant.exponential_table"),
    )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        layers = [Layer.of(each) for each in op.walk() if isinstance(each, vit.SoftmaxOp)]
        if not layers:
            return
        table = quant.ExponentialTableOp()
        table.table.name_hint = "exponentials"
        table.location = layers[0].op.location
        Rewriter.insert_op(table, InsertPoint.before(layers[0].op))
        shifts = shared_shifts(
            {layer.op: (layer.group, Epilogue(layer.factor)) for layer in layers}
        )
        scaled_layers = [layer for layer in layers if layer.steps != 1]
        probability_shifts = shared_shifts(
            {layer.op: (layer.group, Epilogue(layer.steps)) for layer in scaled_layers}
        )
        pattern = IntegerizeSoftmax(table.table, shifts, probability_shifts)
        PatternRewriteWalker(Located(pattern), apply_recursively=False).rewrite_module(op)
        dce(op)
