"""Where a model comes from: timm, Hugging Face transformers, or an ONNX file."""

# The signatures of torch, timm and transformers are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false, reportMissingImports=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import warnings
from ast import literal_eval
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.evaluation.preprocessing import recorded_pixels
from vaqf.dialects.diagnostics import UserError

IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Mean and deviation of the pixels of ImageNet, which most models expect."""

HALF = (0.5, 0.5)
"""Mean and deviation that bring pixels to -1 to 1, as ViTs of Google and images in grey have it."""

OPSET = 17
"""The first with LayerNormalization."""

Value = int | float | bool | str


@dataclass(frozen=True)
class Start:
    """Where training starts."""

    file: Path
    """The model in float, an ONNX file."""

    pixels: tuple[Sequence[float], Sequence[float]] | None = None
    """Mean and deviation of each colour of the pixels that it expects; None where nothing says."""


def parse_arguments(texts: Sequence[str]) -> Mapping[str, Value]:
    """
    Arguments of a model: `depth=4`.

    Raises:
        UserError: for one without a name or a value.
    """
    parsed: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name.isidentifier() and equals and value):
            raise UserError(f"'{text}' is no argument of a model, expected one such as depth=4")
        try:
            parsed[name] = cast(Value, literal_eval(value))
        except (SyntaxError, ValueError):
            parsed[name] = value
    return parsed


def _make_torchvision_usable() -> None:
    """
    Let others import torchvision that was built for another torch.

    What is needed of it are transformations of images, but its compiled operators are declared
    when it is imported, which fails then. It is enough that they exist.
    """
    try:
        import_module("torchvision")
        return
    except ImportError:
        return  # transformers can do without
    except RuntimeError:
        pass
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _LIBRARIES.append(library)


_LIBRARIES: list[torch.library.Library] = []
"""What was declared; it is gone when the library is."""


def _timm_model(
    name: str, arguments: Mapping[str, Value], *, pretrained: bool
) -> tuple[nn.Module, Sequence[int], Sequence[Sequence[float]]]:
    """A model of timm, the shape of its image, and mean and deviation of its pixels."""
    try:
        _make_torchvision_usable()
        timm = import_module("timm")
    except ImportError:
        raise UserError("timm: models need timm: pip install 'vaqf[train]'") from None
    try:
        model = timm.create_model(name, pretrained=pretrained, **arguments)
        embedding = model.patch_embed
        shape = (embedding.proj.in_channels, *embedding.img_size)
    except Exception as error:  # timm raises whatever its models do
        raise UserError(f"timm:{name}: cannot be made: {error}") from None
    return model, shape, (model.default_cfg["mean"], model.default_cfg["std"])


class _Logits(nn.Module):
    """A model of transformers that gives logits alone."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Images x classes."""
        return self.model(pixel_values).logits


def _transformers_model(
    name: str, arguments: Mapping[str, Value], *, pretrained: bool
) -> tuple[nn.Module, Sequence[int], Sequence[Sequence[float]]]:
    """A model of transformers: of a type such as `vit` or `deit`, or in a folder."""
    try:
        _make_torchvision_usable()
        transformers = import_module("transformers")
    except ImportError:
        raise UserError("hf: models need transformers: pip install transformers") from None
    try:
        auto = transformers.AutoModelForImageClassification
        if Path(name).is_dir() and pretrained:
            options = {**arguments, "ignore_mismatched_sizes": True}
            model = auto.from_pretrained(name, **options)
        elif Path(name).is_dir():
            model = auto.from_config(transformers.AutoConfig.from_pretrained(name, **arguments))
        else:
            model = auto.from_config(transformers.AutoConfig.for_model(name, **arguments))
        config = model.config
        shape = (config.num_channels, config.image_size, config.image_size)
    except Exception as error:  # transformers raises whatever its models do
        raise UserError(f"hf:{name}: cannot be made: {error}") from None
    return _Logits(model), shape, ((HALF[0],) * shape[0], (HALF[1],) * shape[0])


def _to_onnx(model: nn.Module, shape: Sequence[int]) -> bytes:
    """A model as ONNX, from a trace of one forward pass."""
    out = BytesIO()
    with warnings.catch_warnings():
        # A trace freezes the branches that Python takes; here none of them depends on the images.
        # The exporter that traces is deprecated, but it writes one file and needs only onnx.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            (torch.zeros(1, *shape),),
            cast(str, out),  # files in memory are accepted, but not declared
            input_names=["pixel_values"],
            output_names=["logits"],
            opset_version=OPSET,
            dynamo=False,
        )
    return out.getvalue()


def usual_pixels(colours: int) -> tuple[Sequence[float], Sequence[float]]:
    """Mean and deviation of pixels where nothing says it."""
    return IMAGENET if colours == 3 else ((HALF[0],) * colours, (HALF[1],) * colours)


def start_from(
    name: str,
    arguments: Mapping[str, Value],
    classes: int,
    file: Path,
    *,
    pretrained: bool = False,
    seed: int = 0,
    is_first: bool = True,
    resume: bool = False,
) -> Start:
    """
    The model that a name stands for.

    Args:
        name: `timm:NAME`, `hf:TYPE`, `hf:FOLDER`, or the path of an ONNX file.
        arguments: Of the model, if it is made.
        classes: Of the head, if it is made.
        file: Where a model is written that is made.
        pretrained: Whether weights are those that timm or the folder has.
        seed: Of the weights, if they are random.
        is_first: Whether this is the process that writes it.
        resume: Whether it must be what is in the file already.

    Raises:
        UserError: when there is no such model, what makes it is not installed, or it is another one
            than in the file.
    """
    torch.manual_seed(seed)
    match name.partition(":"):
        case ("timm", ":", rest):
            all_arguments = {"num_classes": classes, **arguments}
            model, shape, pixels = _timm_model(rest, all_arguments, pretrained=pretrained)
        case ("hf", ":", rest):
            all_arguments = {"num_labels": classes, **arguments}
            model, shape, pixels = _transformers_model(rest, all_arguments, pretrained=pretrained)
        case _:
            if arguments:
                raise UserError(f"{name}: an ONNX file takes no arguments")
            return Start(Path(name), recorded_pixels(Path(name)))
    if is_first:
        content = _to_onnx(model, shape)
        if not (resume and file.exists()):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file, content)
        elif file.read_bytes() != content:
            raise UserError(f"{file}: this training began with another model than {name} is now")
    mean, std = pixels
    return Start(file, (mean, std) if len(mean) == shape[0] else None)
