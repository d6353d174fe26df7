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
    tokens: Sequence[int],
    inputs: Sequence[int],
) -> None:
    """
    Write a matmul engine: for each tile of output channels, sum over the tiles of input channels
    for all tokens, then requantize.

    All tokens pass before the weights change, so that a weight tile is read once and a partial sum
    is needed again only after all the others.

    Args:
        code: where to write.
        layer: the layer that it replaces; its weight is tiled.
        tile: products of one cycle.
        tokens: how many tokens the engine's layers have.
        inputs: how many input channels they have.
    """
    names = layer.epilogue_names
    slots = rounded_up(max(tokens), tile.tokens)
    width = accumulator_bits(max(inputs), layer.activation, layer.weight)
    weights = code.buffer("weights", element_width(layer.weight), tile.outputs, tile.inputs)
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
    with code.loop("output", layer.outputs, tile.outputs) as output:
        output_tile = code.divided(output, tile.outputs, "output_tile")
        code.add(accel.LoadOp(layer.multiplier, (output_tile,), multipliers))
        code.add(accel.LoadOp(layer.offset, (output_tile,), offsets))
        first_weights = code.product(output_tile, input_tiles, "first_weights")
        with code.loop("input", layer.inputs, tile.inputs) as input:
            input_tile = code.divided(input, tile.inputs, "input_tile")
            number = code.plus(first_weights, input_tile, "weight_tile")
            code.add(accel.LoadOp(layer.weight, (number,), weights))
            restart = code.is_equal(input, 0, "is_first")
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
                    )
                )
        with code.loop("token", layer.tokens) as token:
            code.add(accel.ScaleOp(sums, token, multipliers, offsets, scaled))
            row = code.plus(layer.first, token, "row")
            write_epilogues(code, layer, scaled, row, output, table)
