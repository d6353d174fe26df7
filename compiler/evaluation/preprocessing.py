"""From a picture to what a network takes: resize, crop, normalize."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vaqf.compiler.images import Pixels
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.arithmetic.integers import Floats

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGENET_MEAN = (0.485, 0.456, 0.406)
"""Of red, green and blue over the training images of ImageNet, from 0 to 1."""

IMAGENET_STD = (0.229, 0.224, 0.225)
"""Their standard deviations."""

COLOUR_MODES = {1: "L", 3: "RGB"}
"""How Pillow calls pictures of so many colours."""

CROPPED_SHARE = 224 / 256
"""Edge of what is cropped from a picture, as a share of its shorter edge."""


MEAN_PROPERTY, STD_PROPERTY = "vaqf.mean", "vaqf.std"
"""Metadata of models that `vaqf train` writes: how pixels are normalized, a number each colour."""

Pair = tuple[tuple[float, ...], tuple[float, ...]]
"""Mean and deviation of each colour, for pixels from 0 to 1."""


def recorded_pixels(model: Path) -> Pair | None:
    """
    How a model says that pixels are normalized; None when it does not say it.

    Raises:
        UserError: when what it says are no numbers.
    """
    from vaqf.frontends.onnx import ModelFile

    found = {each.key: each.value for each in ModelFile.open(model).model.metadata_props}
    if MEAN_PROPERTY not in found or STD_PROPERTY not in found:
        return None
    try:
        mean, std = (
            tuple(map(float, found[name].split())) for name in (MEAN_PROPERTY, STD_PROPERTY)
        )
    except ValueError:
        message = f"{model}: '{MEAN_PROPERTY}' or '{STD_PROPERTY}' is no list of numbers"
        raise UserError(message) from None
    return mean, std


def expect_pillow() -> None:
    """
    Check that pictures can be read.

    Raises:
        UserError: when Pillow is not installed.
    """
    if find_spec("PIL") is None:
        raise UserError("reading images needs Pillow: pip install 'vaqf[images]'")


@dataclass(frozen=True)
class Preprocessing:
    """
    The shorter edge is resized, the centre cropped, and each colour normalized:
    `(value / 255 - mean) / std`. Training and evaluation do the same.
    """

    shape: tuple[int, int, int]
    """Colours, height and width of what the network takes."""

    mean: tuple[float, ...]
    """One for each colour."""

    std: tuple[float, ...]
    """One for each colour, positive."""

    resize: int | None = None
    """
    Pixels that the shorter edge gets. None for 256 where the network takes 224, and in that
    proportion for others; but pictures of its size are left as they are.
    """

    interpolation: str = "bicubic"
    """How Pillow calls a method to resize, in small letters."""

    @staticmethod
    def of(
        shape: tuple[int, ...],
        *,
        resize: int | None = None,
        interpolation: str = "bicubic",
        mean: tuple[float, ...] | None = None,
        std: tuple[float, ...] | None = None,
    ) -> Preprocessing:
        """
        What a user chose, with the defaults of ImageNet.

        Args:
            shape: Of an image that a network takes.
            resize: See the attribute.
            interpolation: See the attribute.
            mean: One number, or one for each colour.
            std: As `mean`.

        Raises:
            UserError: when the network takes no image, or a number is out of range.
        """
        expect_pillow()
        if len(shape) != 3 or shape[0] not in COLOUR_MODES:
            raise UserError(
                f"the model takes {shape}, expected (colours, height, width) with 1 or 3 colours "
                "to read image files; give an .npz file"
            )
        colours, height, width = shape
        if resize is not None and resize < max(height, width):
            raise UserError(f"--resize is {resize}, the model takes {height} x {width} pixels")
        is_grey = colours == 1
        means = mean or ((sum(IMAGENET_MEAN) / 3,) if is_grey else IMAGENET_MEAN)
        deviations = std or ((sum(IMAGENET_STD) / 3,) if is_grey else IMAGENET_STD)
        if not all(0 < each < inf for each in deviations):
            raise UserError(f"--std is {', '.join(map(str, deviations))}, it must be positive")
        if not all(map(isfinite, means)):
            raise UserError(f"--mean is {', '.join(map(str, means))}, it must be finite")
        return Preprocessing(
            (colours, height, width),
            _for_each_colour("--mean", means, colours),
            _for_each_colour("--std", deviations, colours),
            resize,
            interpolation,
        )

    def pixels(self, image: Image) -> Pixels:
        """The pixels that a network sees of a picture, colours x height x width."""
        from PIL import Image as Pillow

        colours, height, width = self.shape
        picture = image.convert(COLOUR_MODES[colours])
        if self.resize is not None or picture.size != (width, height):
            edge = self.resize or round(max(height, width) / CROPPED_SHARE)
            factor = edge / min(picture.size)
            size = tuple(max(edge, round(each * factor)) for each in picture.size)
            if size != picture.size:
                method = Pillow.Resampling[self.interpolation.upper()]
                picture = picture.resize((size[0], size[1]), method)
            left, top = (size[0] - width) // 2, (size[1] - height) // 2
            picture = picture.crop((left, top, left + width, top + height))
        return np.asarray(picture, np.uint8).reshape(height, width, colours).transpose(2, 0, 1)

    def __call__(self, image: Image) -> Floats:
        """What a network takes for a picture, colours x height x width."""
        each_colour = (-1, 1, 1)
        mean, std = (
            np.asarray(each, np.float32).reshape(each_colour) for each in (self.mean, self.std)
        )
        return (self.pixels(image).astype(np.float32) / np.float32(255) - mean) / std


def _for_each_colour(name: str, values: tuple[float, ...], colours: int) -> tuple[float, ...]:
    if len(values) == 1:
        return values * colours
    if len(values) != colours:
        raise UserError(f"{name} has {len(values)} numbers, expected 1 or {colours}")
    return values
