"""The attention engine."""

from __future__ import annotations

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.quant.activations import EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import IntType, UnsignedType, accumulator_type
from vaqf.dialects.quant.widths import SoftmaxWidths
from vaqf.dialects.shapes import shape_of
from vaqf.passes.engines.code import Code
from vaqf.passes.engines.tiling import rounded_up


def expand_attention(code: Code, layer: accel.AttentionOp, lanes: int) -> None:
    """
    Write the attention engine: for each head scores, exponentials, reciprocals, mixed values.

    Each step passes all queries before the keys change, so that what belongs to a query is needed
    again only after that of all the others.

    Args:
        code: where to write.
        layer: the layer that it replaces.
        lanes: keys of one cycle.
    """
    tokens, channels = shape_of(layer.query)
    heads, bits = layer.heads.value.data, layer.probability_bits.value.data
    depth, slots = channels // heads, rounded_up(tokens, lanes)
    width = element_width(layer.query)
    activation = IntType(width, 1.0)
    score_bits = accumulator_type(depth, activation, activation).width.data
    mixed_bits = accumulator_type(tokens, UnsignedType(bits, 1.0), activation).width.data
    shift = layer.probability_shift
    softmax = SoftmaxWidths(tokens, bits, None if shift is None else shift.value.data)
    queries = code.buffer("queries", width, tokens, depth)
    keys = code.buffer("keys", width, slots, depth)
    values = code.buffer("values", width, slots, depth)
    scores = code.buffer("scores", score_bits, tokens, slots)
    maxima = code.buffer("maxima", score_bits, tokens)
    exponentials = code.buffer("exponential_rows", EXPONENTIAL_FRACTION_BITS + 2, tokens, slots)
    sums = code.buffer("sums", softmax.sum_bits + 1, tokens)
    inverses = code.buffer("inverses", softmax.inverse_bits + 1, tokens)
    mixed = code.buffer("mixed", mixed_bits, tokens, depth)
    table = code.buffer("octave", element_width(layer.exponentials), *shape_of(layer.exponentials))
    count = code.constant(tokens)
    limit = count if tokens % lanes else None
    code.add(accel.LoadOp(layer.exponentials, (), table))
    if limit is not None:
        # What no token writes is still multiplied, by probabilities of zero: it must be a number.
        nothing = 1 if width == 1 else 0
        with code.loop("slot", code.constant(slots)) as slot:
            code.add(accel.FillOp(keys, (slot,), nothing))
            code.add(accel.FillOp(values, (slot,), nothing))
    with code.loop("head", code.constant(heads)) as head:
        channel = code.times(head, depth, "channel")
        with code.loop("token", count) as token:
            code.add(accel.CopyRowOp(layer.query, token, channel, queries))
            code.add(accel.CopyRowOp(layer.key, token, channel, keys))
            code.add(accel.CopyRowOp(layer.value, token, channel, values))
            code.add(accel.FillOp(maxima, (token,), -(1 << (score_bits - 1))))
            code.add(accel.FillOp(sums, (token,), 0))
            code.add(accel.FillOp(mixed, (token,), 0))
        with code.loop("key", count, lanes) as key, code.loop("query", count) as query:
            code.add(
                accel.ScoreOp(queries, query, keys, key, scores, maxima, limit=limit, lanes=lanes)
            )
        with code.loop("key", count, lanes) as key, code.loop("query", count) as query:
            code.add(
                accel.ExponentiateOp(
                    scores,
                    query,
                    key,
                    maxima,
                    table,
                    layer.softmax_multiplier,
                    exponentials,
                    sums,
                    limit=limit,
                    lanes=lanes,
                    shift=layer.softmax_shift.value.data,
                )
            )
        with code.loop("query", count) as query:
            code.add(
                accel.ReciprocalOp(
                    sums, inverses, query, softmax.dividend_shift, layer.probability_multiplier
                )
            )
        with code.loop("key", count, lanes) as key, code.loop("query", count) as query:
            code.add(
                accel.MixOp(
                    exponentials,
                    query,
                    key,
                    inverses,
                    values,
                    mixed,
                    limit=limit,
                    lanes=lanes,
                    bits=bits,
                    shift=softmax.result_shift,
                )
            )
        with code.loop("query", count) as query:
            code.add(
                accel.StoreRescaledOp(
                    mixed,
                    query,
                    layer.value_multiplier,
                    layer.result,
                    query,
                    channel,
                    layer.value_shift.value.data,
                    layer.bits if element_width(layer.result) > 1 else None,
                )
            )
