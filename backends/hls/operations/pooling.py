"""Average pooling."""

from __future__ import annotations

from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.operations.channels import tile_of
from vaqf.dialects import accel
from vaqf.dialects.shapes import shape_of


def emit_add_row(body: Body, op: accel.AddRowOp) -> None:
    """Add some channels of one token to their sums."""
    lanes, count = body.unit.lane_names[op, "ChannelLanes"], shape_of(op.sums)[1]
    function = Function(body, op, "add_row", "Adds some channels of one token to their sums.")
    matrix = function.matrix("matrix", op.matrix, const=True)
    row = function.index("row", op.row)
    element, _ = tile_of(function, matrix, op.channel, count, lanes, "the channels of a tile")
    sums = function.local("sums", op.sums, const=False).array
    tile = function.index("tile", op.tile)
    with function.unrolled("lane", lanes) as lane:
        function.line(f"{sums[tile, lane]} += {element(row, lane)};")
    function.call()
