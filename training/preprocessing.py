"""From an image to what a model that is trained takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vaqf.compiler.images import Pixels


@dataclass(frozen=True)
class Preprocessing:
    """From an image to what a model takes."""

    colours: int
    height: int
    width: int
    mean: Sequence[float]
    """Of each colour, where pixels are 0 to 1."""
    std: Sequence[float]
    """Of each colour; what is left of a pixel without the mean is divided by it."""

    def pixels(self, image: Image.Image) -> Pixels:
        """The largest part in the middle of an image that has the shape of the input, resized."""
        image = image.convert("L" if self.colours == 1 else "RGB")
        if image.size != (self.width, self.height):
            factor = max(self.width / image.width, self.height / image.height)
            width, height = self.width / factor, self.height / factor
            left, top = (image.width - width) / 2, (image.height - height) / 2
            box = (left, top, left + width, top + height)
            image = image.resize((self.width, self.height), Image.Resampling.BICUBIC, box)
        array = np.asarray(image, np.uint8)
        return array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
