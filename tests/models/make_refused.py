"""
Export models that are no plain Vision Transformers: run it once by hand, and commit what it writes.

    python -m tests.models.make_refused [NAME ...]

It needs torch, timm and transformers. It writes small models without their weights to `refused/`,
each a real architecture with few channels. The tests make weights of zeros.
"""

# The signatures of torch, timm and transformers are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import numpy as np
import onnx
import torch
import transformers
from onnx import numpy_helper
from torch import nn

FOLDER = Path(__file__).parent / "refused"

LARGEST_KEPT_WEIGHT = 8
"""Values of a float tensor that stay in a model without weights: the scalars of the graph."""

KEPT_METADATA = "pkg.torch.onnx.name_scopes"
"""The only metadata that stays: the modules that a node came from."""


class Output(nn.Module):
    """A model of transformers that returns one tensor."""

    def __init__(self, model: nn.Module, output: str):
        super().__init__()
        self.model = model
        self.output = output

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        return getattr(self.model(*inputs), self.output)


class TextDecoder(nn.Module):
    """A language model without its cache."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.model(input_ids=input_ids, use_cache=False).logits


def timm_model(name: str, **options: object) -> nn.Module:
    return import_module("timm").create_model(name, pretrained=False, num_classes=10, **options)


def small_vit(**options: object) -> nn.Module:
    """timm's Vision Transformer with other blocks."""
    return timm_model(
        "vit_tiny_patch16_224",
        img_size=32,
        patch_size=8,
        embed_dim=32,
        depth=2,
        num_heads=2,
        **options,
    )


def parallel_vit() -> nn.Module:
    """A Vision Transformer whose attention and MLP read the same tokens (Dehghani et al., 2023)."""
    timm = import_module("timm.models.vision_transformer")
    return small_vit(block_fn=timm.ParallelScalingBlock)


def post_norm_vit() -> nn.Module:
    """timm's Vision Transformer with torch's post-norm encoder in the place of its blocks."""
    model = timm_model(
        "vit_tiny_patch16_224", img_size=32, patch_size=8, embed_dim=32, depth=1, num_heads=2
    )
    model.blocks = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(32, 2, 64, activation="gelu", batch_first=True),
        num_layers=2,
        enable_nested_tensor=False,
    )
    return model


def bert() -> nn.Module:
    config = transformers.BertConfig(
        vocab_size=100,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
        attn_implementation="eager",
    )
    return Output(transformers.BertModel(config, add_pooling_layer=False), "last_hidden_state")


def gpt2() -> nn.Module:
    config = transformers.GPT2Config(
        vocab_size=100, n_embd=32, n_layer=2, n_head=2, n_positions=32, attn_implementation="eager"
    )
    return TextDecoder(transformers.GPT2LMHeadModel(config))


def llama() -> nn.Module:
    config = transformers.LlamaConfig(
        vocab_size=100,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
        attn_implementation="eager",
    )
    return TextDecoder(transformers.LlamaForCausalLM(config))


def resnet() -> nn.Module:
    config = transformers.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16], depths=[2, 2], layer_type="basic", num_labels=10
    )
    return Output(transformers.ResNetForImageClassification(config), "logits")


IMAGE_MODELS: Mapping[str, tuple[Callable[[], nn.Module], int]] = {
    "swin": (
        lambda: timm_model(
            "swin_tiny_patch4_window7_224",
            img_size=32,
            window_size=4,
            embed_dim=16,
            depths=(2,),
            num_heads=(2,),
        ),
        32,
    ),
    "resnet": (resnet, 64),
    "convnext": (lambda: timm_model("convnext_atto", depths=(1, 1, 1, 1), dims=(8, 8, 16, 16)), 64),
    "efficientnet": (lambda: timm_model("efficientnet_lite0"), 64),
    "hybrid_vit": (
        lambda: timm_model(
            "vit_tiny_r_s16_p8_224", img_size=128, embed_dim=32, depth=2, num_heads=2
        ),
        128,
    ),
    "levit": (
        lambda: timm_model(
            "levit_128s", img_size=64, embed_dim=(16, 32), depth=(1, 1), num_heads=(2, 2), key_dim=8
        ),
        64,
    ),
    "cait": (
        lambda: timm_model(
            "cait_xxs24_224", img_size=32, patch_size=8, embed_dim=32, depth=2, num_heads=2
        ),
        32,
    ),
    "eva": (
        lambda: timm_model(
            "eva02_tiny_patch14_224", img_size=28, patch_size=7, embed_dim=32, depth=2, num_heads=2
        ),
        28,
    ),
    "parallel_vit": (parallel_vit, 32),
    "post_norm_vit": (post_norm_vit, 32),
    "qk_norm_vit": (lambda: small_vit(qk_norm=True), 32),
    "quick_gelu_vit": (
        lambda: timm_model(
            "vit_base_patch16_clip_quickgelu_224",
            img_size=32,
            patch_size=8,
            embed_dim=32,
            depth=2,
            num_heads=2,
        ),
        32,
    ),
}
"""Models of images, and the size of the image that each is exported for."""

TEXT_MODELS: Mapping[str, Callable[[], nn.Module]] = {"bert": bert, "gpt2": gpt2, "llama": llama}
"""Models of 16 tokens of text."""

DYNAMO = ("swin", "eva", "gpt2", "llama")
"""Models that go through torch's dynamo exporter, because the other one cannot or writes a lot."""

DYNAMIC_TEXT_MODELS: Mapping[str, Callable[[], nn.Module]] = {"bert_dynamic": bert}
"""Models of text of any length."""


def export(model: nn.Module, input: torch.Tensor, name: str, kind: str, file: Path) -> None:
    dynamo = kind in DYNAMO
    torch.onnx.export(
        distinct_weights(model),
        (input,),
        file,
        input_names=[name],
        output_names=["output"],
        dynamo=dynamo,
        opset_version=18 if dynamo else 17,
        dynamic_axes={name: {0: "batch", 1: "length"}} if kind in DYNAMIC_TEXT_MODELS else None,
        **{"external_data": False, "verbose": False} if dynamo else {},
    )


def distinct_weights(model: nn.Module) -> nn.Module:
    """Exporters share or drop tensors that are equal or zero, which fresh weights often are."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    return model.eval()


def strip_metadata(model: onnx.ModelProto) -> None:
    """Drop what says how and where the file was made, and intermediate shapes."""
    graph = model.graph
    del graph.value_info[:]
    for item in (model, graph, *graph.initializer, *graph.input, *graph.output, *graph.node):
        kept = [each for each in item.metadata_props if each.key == KEPT_METADATA]
        del item.metadata_props[:]
        item.metadata_props.extend(kept)
        item.ClearField("doc_string")


def strip_weights(model: onnx.ModelProto) -> None:
    """
    Replace the weights by references to a file that does not exist.

    Tensors of one or two different values stay: they are masks, not weights.
    """
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size <= LARGEST_KEPT_WEIGHT or len(np.unique(values)) <= 2:
            continue
        tensor.ClearField("raw_data")
        tensor.ClearField("float_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        del tensor.external_data[:]
        tensor.external_data.add(key="location", value="weights_are_not_included")


def make(name: str) -> None:
    torch.manual_seed(0)
    if name in IMAGE_MODELS:
        make_model, size = IMAGE_MODELS[name]
        input, input_name = torch.randn(1, 3, size, size), "pixel_values"
    else:
        make_model = (TEXT_MODELS | DYNAMIC_TEXT_MODELS)[name]
        input, input_name = torch.arange(16).reshape(1, 16), "input_ids"
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "model.onnx"
        export(make_model(), input, input_name, name, exported)
        model = onnx.ModelProto.FromString(exported.read_bytes())
    strip_metadata(model)
    strip_weights(model)
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


def main() -> None:
    warnings.simplefilter("ignore")
    # This makes torchvision work, which timm and transformers import.
    import_module("tests.models.export")
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or [*IMAGE_MODELS, *TEXT_MODELS, *DYNAMIC_TEXT_MODELS]:
        make(name)


if __name__ == "__main__":
    main()
