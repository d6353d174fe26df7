"""The engine for average pooling."""

from __future__ import annotations

from collections.abc import Sequence

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, IntType, sum_bits
from vaqf.passes.engines.code import Code
from vaqf.passes.index_values import index_value


def expand_mean_tokens(
    code: Code, layer: accel.MeanTokensOp, lanes: int, *, tokens: Sequence[int]
) -> None:
    """
    Write the engine for average pooling: sums of all channels, then their multiple.

    All channels of a token pass before the next token, so that a sum is needed again only after all
    the others.

    Args:
        code: where to write.
        layer: the layer that it replaces.
        lanes: channels of one cycle.
        tokens: how many tokens the engine's layers have.
    """
    channels = index_value(layer.channels)
    if channels is None:
        fail(layer, "the number of channels differs between layers, expected one")
    width = sum_bits(max(tokens), IntType(element_width(layer.input), 1.0))
    tiles = -(-channels // lanes)
    sums = code.buffer("sums", width, tiles, lanes)
    multiplier = code.number("multiplier", layer.multiplier.value.data, MULTIPLIER_BITS)
    with code.loop("tile", code.constant(tiles)) as tile:
        code.add(accel.FillOp(sums, (tile,), 0))
    with code.loop("token", layer.tokens) as token:
        row = code.plus(layer.first, token, "row")
        with code.loop("tile", code.constant(tiles)) as tile:
            channel = code.times(tile, lanes, "channel")
            code.add(accel.AddRowOp(layer.input, row, channel, sums, tile))
    with code.loop("tile", code.constant(tiles)) as tile:
        channel = code.times(tile, lanes, "channel")
        code.add(
            accel.StoreRescaledOp(
                sums,
                tile,
                multiplier,
                layer.result,
                code.constant(0),
                channel,
                layer.shift.value.data,
            )
        )
