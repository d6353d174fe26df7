"""Images that are changed a little at random, each time that they are learned from."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

BEND_POINTS = 5
"""Rows and columns of the coarse field of arrows that bends an image."""


@dataclass(frozen=True)
class Augmentation:
    """How much images are changed at most. Coordinates run from -1 to 1."""

    rotation: float = 0.0
    """In radians."""
    slant: float = 0.0
    zoom: float = 0.0
    """Of width and height, each for itself."""
    shift: float = 0.0
    bend: float = 0.0
    """Deviation of the arrows by which an image is bent."""
    flips: bool = False
    """Whether half of the images are mirrored."""
    contrast: float = 0.0
    brightness: float = 0.0
    """In standard deviations of pixels."""
    tint: float = 0.0
    """The same for each colour by itself."""
    saturation: float = 0.0
    """Distance of colours from their mean."""
    hole: float = 0.0
    """Height and width of a rectangle of zeros, the mean of pixels, as shares of the image."""

    def __call__(self, images: Tensor, generator: torch.Generator, part: slice) -> Tensor:
        """
        Change the images of a batch, each in its own way.

        Args:
            images: A part of the batch: images x colours x height x width, on any device.
            generator: On the CPU; what it gives is drawn for the whole batch, so that each image is
                changed alike, however many processes share the batch.
            part: Which images of the batch, with its size as the last number.
        """
        count = part.step

        def between(limit: float) -> Tensor:
            return (torch.rand(count, generator=generator) * 2 - 1) * limit

        angle, slant = between(self.rotation), between(self.slant)
        width, height = 1 + between(self.zoom), 1 + between(self.zoom)
        across, down = between(self.shift), between(self.shift)
        mirrored = torch.rand(count, generator=generator) < (0.5 if self.flips else 0.0)
        contrast, brightness = 1 + between(self.contrast), between(self.brightness)
        points = (count, 2, BEND_POINTS, BEND_POINTS)
        arrows = torch.randn(points, generator=generator) * self.bend
        tint = (torch.rand((count, images.shape[1]), generator=generator) * 2 - 1) * self.tint
        saturation = 1 + between(self.saturation)
        # Of the middle of a hole, and of its extent: from the top, and from the left.
        middle = torch.rand((count, 2), generator=generator) * 2 - 1
        extent = torch.rand((count, 2), generator=generator) * self.hole
        sign = torch.where(mirrored, -1.0, 1.0)
        row_x = torch.stack([sign * angle.cos() * width, slant - angle.sin(), across], dim=1)
        row_y = torch.stack([sign * angle.sin(), angle.cos() * height, down], dim=1)
        chosen = slice(part.start, part.stop)
        maps = torch.stack([row_x, row_y], dim=1)[chosen].to(images.device)
        grid = functional.affine_grid(maps, list(images.shape), align_corners=False)
        if self.bend:
            bends = functional.interpolate(
                arrows[chosen].to(images.device), size=images.shape[2:], mode="bicubic"
            )
            grid = grid + bends.permute(0, 2, 3, 1)
        # Border padding repeats the background, which is not zero once pixels are normalized.
        moved = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)

        def each(parameters: Tensor) -> Tensor:
            """A row of parameters for each image, for all pixels of it."""
            own = parameters[chosen].to(images.device)
            return own.reshape(len(own), -1, 1, 1)

        if self.saturation:
            grey = moved.mean(dim=1, keepdim=True)
            moved = grey + (moved - grey) * each(saturation)
        changed = moved * each(contrast) + each(brightness.unsqueeze(1) + tint)
        if self.hole:
            height, width = (
                torch.linspace(-1, 1, size, device=images.device) for size in images.shape[2:]
            )
            rows = (height.reshape(-1, 1) - each(middle[:, :1])).abs() < each(extent[:, :1])
            columns = (width - each(middle[:, 1:])).abs() < each(extent[:, 1:])
            changed = changed.masked_fill(rows & columns, 0.0)
        return changed


AUGMENTATIONS = {
    "none": None,
    "shapes": Augmentation(rotation=0.22, slant=0.15, zoom=0.12, shift=0.15, bend=0.04),
    "photos": Augmentation(
        rotation=0.1, zoom=0.2, shift=0.2, flips=True, contrast=0.2, brightness=0.2
    ),
    "strong": Augmentation(
        rotation=0.25,
        slant=0.15,
        zoom=0.3,
        shift=0.25,
        flips=True,
        contrast=0.4,
        brightness=0.3,
        tint=0.3,
        saturation=0.7,
        hole=0.5,
    ),
}
"""
By name: nothing; for digits and other shapes, which are never mirrored; for photographs; for
photographs that would be learned by heart otherwise.
"""
