"""Attention: scores, softmax and values together."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.ir import Operation, SSAValue

from vaqf.dialects import accel, quant
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, UnsignedType, element_of
from vaqf.passes.lower_vit_to_accel.forward import Forward


def emit_multiplier(forward: Forward, value: int, role: str, source: Operation) -> SSAValue:
    """A requantization multiplier that each layer has of its own."""
    constant = arith.ConstantOp.from_int_and_width(value, MULTIPLIER_BITS)
    constant.result.name_hint = f"{role}_multiplier"
    forward.emit(constant, source)
    return constant.result


def lower_rescale(forward: Forward, op: quant.RescaleOp) -> None:
    """
    Emit the attention that ends with `op`.

    Raises:
        PassFailedException: when it ends something else.
    """
    values = op.input.owner
    softmax = values.probabilities.owner if isinstance(values, quant.AttentionValuesOp) else None
    scores = softmax.input.owner if isinstance(softmax, quant.SoftmaxOp) else None
    if not (
        isinstance(values, quant.AttentionValuesOp)
        and isinstance(softmax, quant.SoftmaxOp)
        and isinstance(scores, quant.AttentionScoresOp)
    ):
        fail(op, "expected attention values of a softmax of attention scores")
    softmax_multiplier = emit_multiplier(forward, softmax.multiplier.value.data, "softmax", op)
    value_multiplier = emit_multiplier(forward, op.multiplier.value.data, "value", op)
    probability_multiplier = None
    if softmax.probability_multiplier is not None:
        value = softmax.probability_multiplier.value.data
        probability_multiplier = emit_multiplier(forward, value, "probability", op)
    probability_shift = softmax.probability_shift
    probability = element_of(softmax.result)
    assert isinstance(probability, UnsignedType)
    forward.emit(
        accel.AttentionOp(
            forward.whole_matrix(scores, scores.query),
            forward.whole_matrix(scores, scores.key),
            forward.whole_matrix(values, values.value),
            forward.parameters.buffer(op, softmax.table, "exponentials"),
            softmax_multiplier,
            value_multiplier,
            forward.new_buffer(op.result, "mixed"),
            probability_multiplier,
            heads=scores.heads.value.data,
            probability_bits=probability.bits.data,
            softmax_shift=softmax.shift.value.data,
            value_shift=op.shift.value.data,
            probability_shift=None if probability_shift is None else probability_shift.value.data,
        ),
        scores,
    )
    forward.trace("mixed", op.result)
