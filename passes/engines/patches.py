"""The engine that cuts the image into patches."""

from __future__ import annotations

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.shapes import shape_of
from vaqf.passes.engines.code import Code


def expand_extract_patches(code: Code, layer: accel.ExtractPatchesOp, lanes: int) -> None:
    """
    Write the engine that cuts the image into patches: read all of it, then collect words.

    Args:
        code: where to write.
        layer: the layer that it replaces.
        lanes: pixels of one word.
    """
    patches, pixels = shape_of(layer.patches)
    image = code.buffer("pixels", element_width(layer.image), *shape_of(layer.image))
    code.add(accel.LoadOp(layer.image, (), image))
    with (
        code.loop("pixel", code.constant(pixels), lanes) as pixel,
        code.loop("patch", code.constant(patches)) as patch,
    ):
        code.add(
            accel.GatherPatchOp(
                image,
                layer.patches,
                patch,
                pixel,
                lanes=lanes,
                patch=layer.patch.get_values(),
                order=layer.order.data,
            )
        )
