"""The LayerNorm engine."""

from __future__ import annotations

from collections.abc import Sequence

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.passes.engines.code import Code
from vaqf.passes.engines.epilogues import write_epilogues
from vaqf.passes.roll_layers import index_value


def expand_layer_norm(
    code: Code, layer: accel.LayerNormOp, lanes: int, *, tokens: Sequence[int]
) -> None:
    """
    Write the LayerNorm engine: moments of all tokens, their reciprocal roots, then the values.

    All tokens pass before the channels change, so that the sums of a token are needed again only
    after those of all the others, and the roots follow each other in a pipeline.

    Args:
        code: where to write.
        layer: the layer that it replaces; its multipliers and offsets are tiled.
        lanes: channels of one cycle.
        tokens: how many tokens the engine's layers have.
    """
    channels = index_value(layer.channels)
    if channels is None:
        fail(layer, "the number of channels differs between layers, expected one")
    bits = element_width(layer.input)
    widths = LayerNormWidths(channels, bits)
    slots = max(tokens)
    sums = code.buffer("sums", widths.sum_bits, slots)
    squares = code.buffer("squares", widths.squares_bits + 1, slots)
    inverses = code.buffer("inverses", INVERSE_ROOT_BITS + 3, slots)
    exponents = code.buffer("exponents", widths.variance_bits.bit_length() + 1, slots)
    multipliers = code.buffer("multipliers", MULTIPLIER_BITS, lanes)
    offsets = code.buffer("offsets", OFFSET_BITS, lanes)
    scaled = code.buffer("scaled", scaled_width(MULTIPLIER_BITS), lanes)
    limit = layer.channels if channels % lanes else None

    with code.loop("token", layer.tokens) as token:
        code.add(accel.FillOp(sums, (token,), 0))
        code.add(accel.FillOp(squares, (token,), 0))
    with (
        code.loop("channel", layer.channels, lanes) as channel,
        code.loop("token", layer.tokens) as token,
    ):
        row = code.plus(layer.first_read, token, "row")
        code.add(
            accel.AddMomentsOp(
                layer.input, row, channel, sums, squares, token, limit=limit, lanes=lanes
            )
        )
    with code.loop("token", layer.tokens) as token:
        code.add(
            accel.ReciprocalRootOp(
                sums,
                squares,
                inverses,
                exponents,
                token,
                channels=channels,
                epsilon=layer.epsilon.value.data,
                bits=bits,
            )
        )
    with code.loop("channel", layer.channels, lanes) as channel:
        channel_tile = code.divided(channel, lanes, "channel_tile")
        code.add(accel.LoadOp(layer.multiplier, (channel_tile,), multipliers))
        code.add(accel.LoadOp(layer.offset, (channel_tile,), offsets))
        with code.loop("token", layer.tokens) as token:
            row = code.plus(layer.first_read, token, "row")
            code.add(
                accel.NormalizeOp(
                    layer.input,
                    row,
                    channel,
                    sums,
                    inverses,
                    exponents,
                    token,
                    multipliers,
                    offsets,
                    scaled,
                    channels=channels,
                )
            )
            written = code.plus(layer.first, token, "written")
            write_epilogues(code, layer, scaled, written, channel)
