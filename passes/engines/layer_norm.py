"""The LayerNorm engine."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.dialects.shapes import shape_of
from vaqf.passes.engines.code import Code
from vaqf.passes.engines.epilogues import write_epilogues
from vaqf.passes.engines.tiling import Tiling
from vaqf.passes.index_values import index_value

MOMENTS, ROOT, NORMALIZE = range(3)
"""How many units a step is behind the first one."""


def expand_layer_norm(
    code: Code, layer: accel.LayerNormOp, tiling: Tiling, *, tokens: Sequence[int]
) -> None:
    """
    Write the LayerNorm engine: one pipeline in which its three steps run side by side.

    A unit of work is some tokens. While the moments of one unit are summed, those of the unit
    before become reciprocal roots, and the unit before that is normalized. Channels change after
    all tokens of a unit have passed, so that the sums of a token are needed again only after those
    of all the others.

    Args:
        code: where to write.
        layer: the layer that it replaces; its multipliers and offsets are tiled.
        tiling: the channels of one cycle, and the tokens of a unit.
        tokens: how many tokens the engine's layers have.
    """
    channels = index_value(layer.channels)
    if channels is None:
        fail(layer, "the number of channels differs between layers, expected one")
    lanes, rows, bits = tiling.lanes, tiling.norm_tokens, element_width(layer.input)
    words, widths = -(-channels // lanes), LayerNormWidths(channels, bits)
    multipliers = code.buffer("multipliers", MULTIPLIER_BITS, words, lanes)
    offsets = code.buffer("offsets", OFFSET_BITS, words, lanes)
    scaled = code.buffer("scaled", scaled_width(MULTIPLIER_BITS), lanes)
    sums = code.buffer("sums", widths.sum_bits, 3, rows)
    squares = code.buffer("squares", widths.squares_bits + 1, 2, rows)
    inverses = code.buffer("inverses", INVERSE_ROOT_BITS + 3, 2, rows)
    exponents = code.buffer("exponents", widths.variance_bits.bit_length() + 1, 2, rows)
    limit = layer.channels if channels % lanes else None
    zero, count = code.constant(0), code.constant(words)
    code.add(accel.LoadOp(layer.multiplier, (zero,), multipliers, count))
    code.add(accel.LoadOp(layer.offset, (zero,), offsets, count))

    units = code.divided_up(layer.tokens, rows, "units")
    with (
        code.loop("unit", code.plus(units, code.constant(NORMALIZE), "turns")) as unit,
        code.loop("word", count) as word,
        code.loop("place", code.constant(rows)) as place,
    ):
        channel = code.times(word, lanes, "channel")
        is_first = code.is_equal(word, 0, "is_first")

        def now(arrays: SSAValue, number: SSAValue) -> SSAValue:
            turn = code.remainder(number, shape_of(arrays)[0], f"turn_of_{arrays.name_hint}")
            return code.slot(arrays, turn, f"{arrays.name_hint}_now")

        def token_of(number: SSAValue) -> SSAValue:
            return code.plus(code.times(number, rows, "first_token"), place, "token")

        with code.behind(unit, MOMENTS, units, NORMALIZE) as number:
            token = token_of(number)
            with code.when(code.is_less(token, layer.tokens, "is_token")):
                row = code.plus(layer.first_read, token, "row")
                code.add(
                    accel.AddMomentsOp(
                        layer.input,
                        row,
                        channel,
                        now(sums, number),
                        now(squares, number),
                        place,
                        restart=is_first,
                        limit=limit,
                        lanes=lanes,
                    )
                )
        with code.behind(unit, ROOT, units, NORMALIZE) as number:
            starts = code.is_less(token_of(number), layer.tokens, "is_token")
            with code.when(code.both(starts, is_first, "takes_root")):
                code.add(
                    accel.ReciprocalRootOp(
                        now(sums, number),
                        now(squares, number),
                        now(inverses, number),
                        now(exponents, number),
                        place,
                        channels=channels,
                        epsilon=layer.epsilon.value.data,
                        bits=bits,
                    )
                )
        with code.behind(unit, NORMALIZE, units, NORMALIZE) as number:
            token = token_of(number)
            with code.when(code.is_less(token, layer.tokens, "is_token")):
                row = code.plus(layer.first_read, token, "row")
                code.add(
                    accel.NormalizeOp(
                        layer.input,
                        row,
                        channel,
                        now(sums, number),
                        now(inverses, number),
                        now(exponents, number),
                        place,
                        code.slot(multipliers, word, "multipliers_of_word"),
                        code.slot(offsets, word, "offsets_of_word"),
                        scaled,
                        channels=channels,
                    )
                )
                written = code.plus(layer.first, token, "written")
                write_epilogues(code, layer, scaled, written, channel)
