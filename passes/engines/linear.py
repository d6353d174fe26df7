"""The matmul engines: binary weights in adders, integer weights in multipliers."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from vaqf.dialects import accel
from vaqf.dialects.accel.layers import GELU
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.shapes import shape_of
from vaqf.passes.engines.code import Code
from vaqf.passes.engines.epilogues import write_epilogues
from vaqf.passes.engines.tiling import MatmulTile, rounded_up


def accumulator_bits(inputs: int, activation: SSAValue, weight: SSAValue) -> int:
    """Signed width of a sum of `inputs` products, exactly as wide as it can need."""
    left, right = element_width(activation), element_width(weight)
    largest_left = 1 if left == 1 else 1 << (left - 1)
    largest_right = 1 if right == 1 else (1 << (right - 1)) - 1
    return (inputs * largest_left * largest_right).bit_length() + 1


def expand_linear(
    code: Code,
    layer: accel.LinearOp,
    tile: MatmulTile,
    *,
    form: str | None,
    tokens: Sequence[int],
    inputs: Sequence[int],
) -> None:
    """
    Write a matmul engine: for each tile of output channels, load its weights in one burst, sum over
    the tiles of input channels for all tokens, then requantize.

    All tokens pass before the weights change, so that a partial sum is needed again only after all
    the others. The iterations over output channels are stages that can overlap.

    Args:
        code: where to write.
        layer: the layer that it replaces; its weight is tiled.
        tile: products of one cycle.
        form: how sums with one-bit weights are built; None for other weights.
        tokens: how many tokens the engine's layers have.
        inputs: how many input channels they have.
    """
    names = layer.epilogue_names
    slots = rounded_up(max(tokens), tile.tokens)
    width = accumulator_bits(max(inputs), layer.activation, layer.weight)
    most_input_tiles = rounded_up(max(inputs), tile.inputs) // tile.inputs
    strip = code.buffer(
        "weights", element_width(layer.weight), most_input_tiles, tile.outputs, tile.inputs
    )
    sums = code.buffer("sums", width, slots, tile.outputs)
    multipliers = code.buffer("multipliers", MULTIPLIER_BITS, tile.outputs)
    offsets = code.buffer("offsets", OFFSET_BITS, tile.outputs)
    scaled = code.buffer("scaled", scaled_width(width), tile.outputs)
    limit = layer.inputs if any(each % tile.inputs for each in inputs) else None

    table = None
    if layer.table is not None:
        table = code.buffer("entries", element_width(layer.table), *shape_of(layer.table))
        if layer.epilogue is None:
            code.add(accel.LoadOp(layer.table, (), table))
        else:
            for number in (number for number, name in enumerate(names) if name == GELU):
                with code.when(code.is_equal(layer.epilogue, number, "is_gelu")):
                    code.add(accel.LoadOp(layer.table, (), table))

    input_tiles = code.divided_up(layer.inputs, tile.inputs, "input_tiles")
    output_tiles = code.divided_up(layer.outputs, tile.outputs, "output_tiles")
    with code.loop("output_tile", output_tiles, overlap=True) as output_tile:
        output = code.times(output_tile, tile.outputs, "output")
        first_weights = code.product(output_tile, input_tiles, "first_weights")
        code.add(accel.LoadOp(layer.weight, (first_weights,), strip, input_tiles))
        code.add(accel.LoadOp(layer.multiplier, (output_tile,), multipliers))
        code.add(accel.LoadOp(layer.offset, (output_tile,), offsets))
        with code.loop("input_tile", input_tiles) as input_tile:
            weights = code.slot(strip, input_tile, "weight_tile")
            input = code.times(input_tile, tile.inputs, "input")
            restart = code.is_equal(input_tile, 0, "is_first")
            with code.loop("token", layer.tokens, tile.tokens) as token:
                code.add(
                    accel.AccumulateOp(
                        layer.activation,
                        token,
                        input,
                        weights,
                        sums,
                        restart=restart,
                        limit=limit,
                        tokens=tile.tokens,
                        form=form,
                    )
                )
        with code.loop("token", layer.tokens) as token:
            code.add(accel.ScaleOp(sums, token, multipliers, offsets, scaled))
            row = code.plus(layer.first, token, "row")
            write_epilogues(code, layer, scaled, row, output, table)
