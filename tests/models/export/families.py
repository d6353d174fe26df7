"""Families of Vision Transformers: the libraries and variants that users export from."""

# The signatures of torch and the libraries of models are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import timm.models.deit
import timm.models.vision_transformer
import torch
import transformers
import vit_pytorch
from timm.layers.config import set_fused_attn
from torch import Tensor, nn


@dataclass(frozen=True)
class Size:
    """How large a model is."""

    blocks: int = 2
    channels: int = 20
    heads: int = 2
    """10 channels a head make the scale of attention, 10^-0.5, a number that float32 rounds."""
    hidden: int = 40
    """Channels between the two linears of a multilayer perceptron."""
    classes: int = 7
    colours: int = 3
    image: tuple[int, int] = (16, 16)
    """Height and width, in pixels."""
    patch: int = 4
    """Height and width of a patch, in pixels."""
    spread: float = 0.1
    """Standard deviation of what is added to fresh weights."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Colours x height x width."""
        return self.colours, *self.image

    @property
    def tokens(self) -> int:
        """Patches in an image."""
        return self.image[0] // self.patch * (self.image[1] // self.patch)


SMALL = Size()
"""A model that a test reads, compiles and simulates in seconds."""

TINY = Size(12, 192, 3, 768, 1000, image=(224, 224), patch=16, spread=0.02)
"""As large as DeiT-tiny (Touvron et al., 2021)."""

Library = Literal["timm", "transformers", "torch", "vit-pytorch"]


@dataclass(frozen=True)
class Family:
    """Models that one piece of code makes, of any size."""

    name: str
    """In the names of files."""
    title: str
    """For readers."""
    library: Library
    """The package that the model is from."""
    build: Callable[[Size], nn.Module]
    """Makes a model with fresh weights."""
    small: Size = SMALL
    tiny: Size = TINY
    output: str = "logits"
    is_size: bool = False
    """Whether only the sizes differ from another family, so that a few writers tell all."""

    def model(self, size: Size) -> nn.Module:
        """A model in which every weight has a value of its own, as after training."""
        torch.manual_seed(0)
        return _distinct_weights(self.build(size), size.spread)


def _distinct_weights(model: nn.Module, spread: float) -> nn.Module:
    """Exporters share or drop tensors that are equal or zero, which fresh weights often are."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * spread)
    return model.eval()


def _timm(
    size: Size,
    *,
    fused: bool = True,
    architecture: type[nn.Module] = timm.models.vision_transformer.VisionTransformer,
    **options: object,
) -> nn.Module:
    defaults: dict[str, object] = {
        "img_size": size.image,
        "patch_size": size.patch,
        "in_chans": size.colours,
        "num_classes": size.classes,
        "embed_dim": size.channels,
        "depth": size.blocks,
        "num_heads": size.heads,
        "mlp_ratio": size.hidden / size.channels,
    }
    set_fused_attn(fused)
    model = architecture(**(defaults | options))
    set_fused_attn(True)
    return model


class _Logits(nn.Module):
    """Of a model of transformers, which gives a record, only the logits or the last tokens."""

    def __init__(self, model: nn.Module, field: str):
        super().__init__()
        self.model = model
        self.field = field

    def forward(self, pixel_values: Tensor) -> Tensor:
        return getattr(self.model(pixel_values=pixel_values), self.field)


def _transformers(
    size: Size,
    architecture: type[nn.Module],
    attention: Literal["sdpa", "eager"] = "sdpa",
    field: str = "logits",
    **options: object,
) -> nn.Module:
    is_deit = architecture.__name__.startswith("DeiT")
    config = (transformers.DeiTConfig if is_deit else transformers.ViTConfig)(
        hidden_size=size.channels,
        num_hidden_layers=size.blocks,
        num_attention_heads=size.heads,
        intermediate_size=size.hidden,
        num_labels=size.classes,
        image_size=size.image,
        patch_size=size.patch,
        num_channels=size.colours,
        attn_implementation=attention,
    )
    return _Logits(architecture(config, **options), field)


class _TorchEncoder(nn.Module):
    """A Vision Transformer around `torch.nn.TransformerEncoder`, as tutorials write it."""

    def __init__(self, size: Size):
        super().__init__()
        self.patches = nn.Conv2d(size.colours, size.channels, size.patch, size.patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, size.channels))
        self.position = nn.Parameter(torch.zeros(1, size.tokens + 1, size.channels))
        layer = nn.TransformerEncoderLayer(
            size.channels,
            size.heads,
            size.hidden,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.encoder = nn.TransformerEncoder(
            layer, size.blocks, nn.LayerNorm(size.channels), enable_nested_tensor=False
        )
        self.head = nn.Linear(size.channels, size.classes)

    def forward(self, pixel_values: Tensor) -> Tensor:
        tokens = self.patches(pixel_values).flatten(2).transpose(1, 2)
        class_token = self.class_token.expand(tokens.shape[0], -1, -1)
        tokens = torch.cat([class_token, tokens], 1) + self.position
        return self.head(self.encoder(tokens)[:, 0])


def _vit_pytorch(size: Size, architecture: type[nn.Module]) -> nn.Module:
    return architecture(
        image_size=size.image,
        patch_size=size.patch,
        num_classes=size.classes,
        dim=size.channels,
        depth=size.blocks,
        heads=size.heads,
        mlp_dim=size.hidden,
        channels=size.colours,
        dim_head=size.channels // size.heads,
    )


def _timm_family(name: str, title: str, **options: object) -> Family:
    return Family(f"timm_{name}", f"timm, {title}", "timm", partial(_timm, **options))


def _timm_size(name: str, title: str, small: Size, tiny: Size) -> Family:
    return Family(f"timm_{name}", f"timm, {title}", "timm", _timm, small, tiny, is_size=True)


def _transformers_family(
    name: str, title: str, architecture: str, output: str = "logits", **options: object
) -> Family:
    build = partial(_transformers, architecture=getattr(transformers, architecture), **options)
    return Family(f"hf_{name}", f"transformers, {title}", "transformers", build, output=output)


FAMILIES = (
    _timm_family("fused", "fused attention"),
    _timm_family("unfused", "attention written out", fused=False),
    _timm_family(
        "distilled",
        "distilled DeiT: two tokens, two heads",
        architecture=timm.models.deit.VisionTransformerDistilled,
    ),
    _timm_family("average", "class token, yet average pooling", global_pool="avg", fc_norm=False),
    _timm_family(
        "average_no_class", "no class token, average pooling", global_pool="avg", class_token=False
    ),
    _timm_family("deit3", "DeiT III: LayerScale", init_values=1e-6, no_embed_class=True),
    replace(
        _timm_family("dinov2", "DINOv2: LayerScale, patches of 14", init_values=1e-5),
        small=replace(SMALL, image=(28, 28), patch=14),
        tiny=replace(TINY, patch=14),
    ),
    replace(
        _timm_family(
            "dinov2_registers",
            "DINOv2 with register tokens",
            init_values=1e-5,
            reg_tokens=4,
            no_embed_class=True,
        ),
        tiny=replace(TINY, patch=14),
    ),
    replace(_timm_family("features", "without a head", num_classes=0), output="features"),
    _timm_size(
        "patch8",
        "patches of 8",
        Size(2, 36, 3, 144, 10, image=(32, 32), patch=8),
        replace(TINY, patch=8),
    ),
    _timm_size(
        "patch16",
        "patches of 16",
        replace(SMALL, image=(32, 32), patch=16),
        replace(TINY, image=(384, 384)),
    ),
    _timm_size(
        "patch32",
        "patches of 32, gray images",
        replace(SMALL, image=(64, 64), patch=32, colours=1),
        replace(TINY, patch=32, colours=1),
    ),
    _timm_size(
        "wide", "wide images", replace(SMALL, image=(12, 20)), replace(TINY, image=(160, 288))
    ),
    _transformers_family("vit", "ViT", "ViTForImageClassification"),
    _transformers_family(
        "vit_eager", "ViT, eager attention", "ViTForImageClassification", attention="eager"
    ),
    _transformers_family("deit", "DeiT", "DeiTForImageClassification"),
    _transformers_family(
        "deit_eager", "DeiT, eager attention", "DeiTForImageClassification", attention="eager"
    ),
    _transformers_family(
        "deit_teacher",
        "DeiT with teacher: two tokens, two heads",
        "DeiTForImageClassificationWithTeacher",
    ),
    _transformers_family(
        "vit_features",
        "ViT without a head: all tokens",
        "ViTModel",
        output="features",
        field="last_hidden_state",
        add_pooling_layer=False,
    ),
    Family("torch_encoder", "torch.nn.TransformerEncoder", "torch", _TorchEncoder),
    Family(
        "vit_pytorch",
        "vit-pytorch, ViT",
        "vit-pytorch",
        partial(_vit_pytorch, architecture=vit_pytorch.ViT),
    ),
    Family(
        "simple_vit",
        "vit-pytorch, SimpleViT: no convolution, no class token",
        "vit-pytorch",
        partial(_vit_pytorch, architecture=vit_pytorch.SimpleViT),
    ),
)
