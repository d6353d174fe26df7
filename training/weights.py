"""Weights in few bits: what they become, and how a gradient reaches the real weight behind them."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import torch
from torch import Tensor, nn

from vaqf.training.rounding import straight_through
from vaqf.training.settings import Settings

CLIP = 2.0
"""
Magnitude, in scales, beyond which a weight that becomes a sign is not pushed any further: its sign
would not change any more.
"""

TERNARY_THRESHOLD = 0.7
"""
Share of the mean magnitude below which a ternary weight is zero, near the optimum for normal and
uniform weights (Li et al., "Ternary weight networks", 2016, section 2.2).
"""

ORDERS = 256
"""Weights become binary in so many parts, one after the other."""


class WeightFormat(nn.Module):
    """What a weight becomes: integers, and a scale for each output channel."""

    bits: int
    """Width of the integers: 1 for signs, 2 for -1, 0 and 1."""

    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """
        Args:
            weight: Output x input channels.

        Returns:
            Integers as reals in the shape of `weight`, and scales, output channels x 1.
        """
        raise NotImplementedError


class IntegerWeight(WeightFormat):
    """Symmetric integers: `scale = max|row| / (2^(bits - 1) - 1)`, 1 where that is zero."""

    def __init__(self, bits: int, settings: Settings):
        super().__init__()
        self.bits, self.settings = bits, settings

    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        limit = (1 << (self.bits - 1)) - 1
        scale = weight.detach().abs().amax(dim=1, keepdim=True) / limit
        scale = torch.where(scale == 0, 1.0, scale)
        return torch.floor(weight.detach() / scale + 0.5).clamp(-limit, limit), scale

    def forward(self, weight: Tensor) -> Tensor:
        """The weight that is multiplied."""
        if self.settings.binary_share == 0:
            return weight
        integers, scale = self.integers(weight)
        return straight_through(integers * scale, weight)


class _FewValues(WeightFormat):
    """A weight whose values take on few values one part after the other."""

    order: Tensor
    """When each value does: parts from 0 to 255."""

    def __init__(self, shape: torch.Size, settings: Settings, generator: torch.Generator):
        super().__init__()
        self.settings = settings
        order = torch.randint(ORDERS, shape, generator=generator, dtype=torch.uint8)
        self.register_buffer("order", order)

    def forward(self, weight: Tensor) -> Tensor:
        """The weight that is multiplied: a growing share has few values, the rest is real."""
        share = self.settings.binary_share
        if share == 0:
            return weight
        integers, scale = self.integers(weight)
        limit = CLIP * scale.detach()
        passed = weight.clamp(-limit, limit)
        few = integers * scale + (passed - passed.detach())
        return few if share == 1 else torch.where(self.order < share * ORDERS, few, weight)


class BinaryWeight(_FewValues):
    """Signs, +1 for zero, and the mean magnitude of each row, or of the whole weight."""

    bits = 1

    def __init__(
        self,
        shape: torch.Size,
        settings: Settings,
        generator: torch.Generator,
        *,
        per_tensor: bool = False,
    ):
        super().__init__(shape, settings, generator)
        self.per_tensor = per_tensor

    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        scale = weight.abs().mean(dim=1, keepdim=True)
        if self.per_tensor:
            scale = scale.mean().expand_as(scale)
        return torch.where(weight >= 0, 1.0, -1.0), scale


class TernaryWeight(_FewValues):
    """-1, 0 and 1, and the mean magnitude of what is not zero in each row."""

    bits = 2

    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        magnitude = weight.abs()
        threshold = TERNARY_THRESHOLD * magnitude.detach().mean(dim=1, keepdim=True)
        kept = (magnitude > threshold).to(weight.dtype)
        scale = (magnitude * kept).sum(dim=1, keepdim=True) / kept.sum(dim=1, keepdim=True).clamp(1)
        scale = torch.where(scale == 0, 1.0, scale)
        return weight.detach().sign() * kept, scale
