"""DeiT at full size without its weights: `full_size.py` makes some up."""

from dataclasses import replace
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx

from tests.models.export.families import FAMILIES, TINY
from tests.models.export.writers import WRITERS, Writer

LARGEST_KEPT_WEIGHT = 8
"""Values of a float tensor that stay in a model without weights: the scalars of the graph."""

SIZES = {"deit_tiny": (192, 3), "deit_base": (768, 12)}
"""Channels and heads of what DeiT calls tiny and base (Touvron et al., 2021)."""


def write_models_without_weights(folder: Path) -> None:
    """Write DeiT of all sizes, through both exporters, into a folder."""
    for writer in WRITERS:
        if writer.name in ("legacy17", "dynamo18"):
            for name in SIZES:
                _write(name, writer, folder)


def _write(name: str, writer: Writer, folder: Path) -> None:
    channels, heads = SIZES[name]
    (family,) = (each for each in FAMILIES if each.name == "timm_fused")
    size = replace(TINY, channels=channels, heads=heads, hidden=4 * channels)
    with TemporaryDirectory() as scratch:
        exported = Path(scratch) / "deit.onnx"
        writer.export.write(family.model(size), size, family.output, exported)
        model = onnx.ModelProto.FromString(exported.read_bytes())
    _strip_weights(model)
    writer.save(model, folder / f"{name}.{writer.name}.onnx")


def _strip_weights(model: onnx.ModelProto) -> None:
    """Replace the weights by references to a file that does not exist."""
    for tensor in model.graph.initializer:
        count = prod(tensor.dims)
        if tensor.data_type != onnx.TensorProto.FLOAT or count <= LARGEST_KEPT_WEIGHT:
            continue
        tensor.ClearField("raw_data")
        tensor.ClearField("float_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        del tensor.external_data[:]
        tensor.external_data.add(key="location", value="weights_are_not_included")
