"""Cutting the image into patches."""

from __future__ import annotations

from vaqf.backends.hls.analysis import multiple_of
from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.operations.channels import tile_of
from vaqf.dialects import accel
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of


def emit_gather_patch(body: Body, op: accel.GatherPatchOp) -> None:
    """Collect the pixels of some lanes of one patch."""
    colours, rows, columns = shape_of(op.image)
    height, width = op.patch.get_values()
    if rows % height or columns % width:
        fail(op, f"cuts {rows} x {columns} pixels into patches of {height} x {width}")
    count, pixels = op.lanes.value.data, colours * height * width
    lanes = body.unit.lane_names[op, "PixelLanes"]
    function = Function(
        body,
        op,
        "gather_patch",
        "Collects neighbouring pixels of one patch, in the order colour, row, column.",
    )
    image = function.local("image", op.image, const=True)
    matrix = function.matrix("patches", op.patches, const=False)
    patch = function.index("patch", op.row)
    element, channel = tile_of(function, matrix, op.channel, count, lanes, "the pixels of a tile")
    across = columns // width
    function.assign("const int top", f"{patch} / {across} * {height}")
    function.assign("const int left", f"{patch} % {across} * {width}")
    whole_rows = count % width == 0 and multiple_of(op.channel) % count == 0
    one_colour = whole_rows and (height * width) % count == 0
    if one_colour:
        function.assign("const int colour", f"{channel} / {height * width}")
        function.assign("const int first_row", f"{channel} / {width} % {height}")
    with function.unrolled("lane", lanes) as lane:
        if one_colour:
            row, column = f"first_row + {lane} / {width}", f"{lane} % {width}"
        else:
            function.assign("const int pixel", f"{channel} + {lane}")
            function.assign("const int colour", f"pixel / {height * width}")
            row, column = f"pixel / {width} % {height}", f"pixel % {width}"
        value = image.array["colour", f"top + {row}", f"left + {column}"]
        if pixels % count:
            value = f"colour < {colours} ? {value} : {image.array.element}(0)"
        function.assign(f"{element(patch, lane)}", value)
    function.call()
