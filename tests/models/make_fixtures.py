"""
Export the models that the tests use: run it once by hand, and commit what it writes.

    python tests/models/make_fixtures.py

It needs torch and timm (`pip install .[train]`). It writes, beside itself:

- `small_vit.*.onnx`: one Vision Transformer of 2 blocks, with all its weights, through both
  exporters of torch and with every kind of attention and batch that timm models have;
- `deit_*.onnx`: DeiT at full size without its weights. `full_size.py` fills them in.
"""

# The signatures of torch and timm are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn

try:
    from timm.layers.config import set_fused_attn
    from timm.models.vision_transformer import VisionTransformer
except RuntimeError:
    # timm imports torchvision, which fails when its compiled operators were built for another
    # torch. Nothing here calls those operators: it is enough to declare that they exist.
    torchvision_operators = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        torchvision_operators.define(
            f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        )
    from timm.layers.config import set_fused_attn
    from timm.models.vision_transformer import VisionTransformer

FOLDER = Path(__file__).parent

KEPT_METADATA = "pkg.torch.onnx.name_scopes"
"""The only metadata that stays: the modules that a node came from."""

LARGEST_KEPT_WEIGHT = 8
"""Values of a float tensor that stay in a model without weights: the scalars of the graph."""


def distinct_weights(model: nn.Module, spread: float) -> nn.Module:
    """
    Make every weight a value of its own, as training does.

    Exporters share or drop tensors that are equal or zero, which fresh weights often are.
    """
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * spread)
    return model.eval()


def small_vit(fused: bool) -> nn.Module:
    """
    A Vision Transformer of 2 blocks on images of 32 x 32.

    12 channels a head make the scale of attention, 12^-0.5, a number that float32 rounds.
    """
    set_fused_attn(fused)
    torch.manual_seed(0)
    model = VisionTransformer(
        img_size=32, patch_size=8, num_classes=10, embed_dim=36, depth=2, num_heads=3
    )
    set_fused_attn(True)
    return distinct_weights(model, spread=0.1)


def deit(channels: int, heads: int) -> nn.Module:
    """DeiT with patches of 16 x 16 on images of 224 x 224 (Touvron et al., 2021)."""
    torch.manual_seed(0)
    return distinct_weights(VisionTransformer(embed_dim=channels, num_heads=heads), spread=0.02)


def export(model: nn.Module, size: int, file: Path, exporter: str, batch: str) -> None:
    """Export with torch, for images of `size` x `size`, into one file or with external data."""
    images = torch.randn(2 if batch == "dynamic" else 1, 3, size, size)
    if exporter == "dynamo18":
        torch.onnx.export(
            model,
            (images,),
            file,
            input_names=["pixel_values"],
            output_names=["logits"],
            dynamo=True,
            opset_version=18,
            dynamic_shapes=({0: torch.export.Dim("batch")},) if batch == "dynamic" else None,
            external_data="external" in file.name,
            verbose=False,
        )
    else:
        dynamic = {"pixel_values": {0: "batch"}, "logits": {0: "batch"}}
        torch.onnx.export(
            model,
            (images,),
            file,
            input_names=["pixel_values"],
            output_names=["logits"],
            dynamo=False,
            opset_version=17,
            dynamic_axes=dynamic if batch == "dynamic" else None,
        )


def strip_metadata(model: onnx.ModelProto) -> None:
    """Drop what says how and where the file was made, and intermediate shapes."""
    graph = model.graph
    del graph.value_info[:]
    for item in (model, graph, *graph.initializer, *graph.input, *graph.output):
        del item.metadata_props[:]
        item.ClearField("doc_string")
    for node in graph.node:
        kept = [each for each in node.metadata_props if each.key == KEPT_METADATA]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
        node.ClearField("doc_string")


def strip_weights(model: onnx.ModelProto) -> None:
    """Replace the weights by references to a file that does not exist."""
    for tensor in model.graph.initializer:
        count = 1
        for size in tensor.dims:
            count *= size
        if tensor.data_type != onnx.TensorProto.FLOAT or count <= LARGEST_KEPT_WEIGHT:
            continue
        tensor.ClearField("raw_data")
        tensor.ClearField("float_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        del tensor.external_data[:]
        tensor.external_data.add(key="location", value="weights_are_not_included")


def make_small_model(attention: str, exporter: str, variant: str) -> None:
    file = FOLDER / f"small_vit.{attention}.{exporter}.{variant}.onnx"
    export(
        small_vit(attention == "fused"),
        32,
        file,
        exporter,
        "static" if variant == "static" else "dynamic",
    )
    model = onnx.ModelProto.FromString(file.read_bytes())
    strip_metadata(model)
    file.write_bytes(model.SerializeToString(deterministic=True))


def make_full_size_model(size: str, channels: int, heads: int, exporter: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "deit.onnx"
        export(deit(channels, heads), 224, exported, exporter, "dynamic")
        model = onnx.ModelProto.FromString(exported.read_bytes())
    strip_metadata(model)
    strip_weights(model)
    file = FOLDER / f"deit_{size}.{exporter}.onnx"
    file.write_bytes(model.SerializeToString(deterministic=True))


def main() -> None:
    warnings.simplefilter("ignore")
    for exporter in ("legacy17", "dynamo18"):
        for attention in ("fused", "unfused"):
            for batch in ("dynamic", "static"):
                make_small_model(attention, exporter, batch)
        make_full_size_model("tiny", 192, 3, exporter)
        make_full_size_model("base", 768, 12, exporter)
    make_small_model("fused", "dynamo18", "external")


if __name__ == "__main__":
    main()
