"""Rounding activations to a number format whose step is learned, or measured."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn

from vaqf.dialects.quant import IntType, RangeAttr, UnsignedType
from vaqf.dialects.quant.formats import Format
from vaqf.passes.scales import HEADROOM_BITS, activation_scale
from vaqf.training.rounding import round_to_sign, round_to_steps
from vaqf.training.settings import Settings


class Seen:
    """What was measured of the activations that a quantizer met."""

    def __init__(self) -> None:
        self.largest = self.magnitudes = self.squares = 0.0
        self.count = 0

    def add(self, values: Tensor) -> None:
        """Measure some more."""
        values = values.detach().double()
        self.largest = max(self.largest, float(values.abs().amax()))
        self.magnitudes += float(values.abs().sum())
        self.squares += float(values.square().sum())
        self.count += values.numel()

    @property
    def range(self) -> RangeAttr:
        """All of it, as calibration records it."""
        count = max(self.count, 1)
        root_mean_square = sqrt(self.squares / count)
        return RangeAttr(-self.largest, self.largest, self.magnitudes / count, root_mean_square)


class Quantizer(nn.Module):
    """
    Rounds activations to signed integers with one step, or probabilities to unsigned ones.

    Up to 11 bits the step is learned (LSQ), as a logarithm: that keeps it positive and lets one
    learning rate fit every tensor, whatever its range. Wider formats reach to twice the largest
    value that was measured, where there is nothing to gain, and probabilities keep their `2^-bits`.
    """

    log_step: Tensor

    def __init__(self, format: Format, settings: Settings):
        super().__init__()
        self.bits, self.settings = format.bits.data, settings
        self.bounds = format.bounds
        self.is_signed = isinstance(format, IntType)
        self.seen = Seen()
        log_step = torch.tensor(format.scale.data).log()
        if self.is_signed and self.bits < HEADROOM_BITS:
            self.log_step = nn.Parameter(log_step)
        else:
            self.register_buffer("log_step", log_step)

    @property
    def step(self) -> Tensor:
        """Real value of one step, a `float32`."""
        return self.log_step.exp()

    @property
    def format(self) -> Format:
        """The number format with the step as it is now."""
        scale = float(self.step.detach())
        return (IntType if self.is_signed else UnsignedType)(self.bits, scale)

    def integers(self, rounded: Tensor) -> Tensor:
        """The integers that rounded values stand for, in doubles; no gradient."""
        return torch.floor(rounded.detach().double() / self.step.detach().double() + 0.5)

    def _exact(self, values: Tensor) -> Tensor:
        if self.is_signed and self.bits == 1:
            integers = torch.where(values >= 0, 1.0, -1.0)
        else:
            integers = self.integers(values).clamp(*self.bounds).float()
        return integers * self.step

    def choose_step(self) -> None:
        """Set the step from what was measured since it was last set."""
        if self.is_signed and self.seen.count:
            self.log_step.data.fill_(activation_scale(self.bits, self.seen.range)).log_()
        self.forget()

    def forget(self) -> None:
        """Forget what was measured."""
        self.seen = Seen()

    def forward(self, values: Tensor) -> Tensor:
        """The values rounded, or as they are while there is no rounding."""
        if self.settings.observes:
            self.seen.add(values)
        if self.settings.observes or not self.settings.rounds_activations:
            return values
        if self.settings.is_exact:
            return self._exact(values)
        values = values.float()  # whatever autocast computed in
        if self.is_signed and self.bits == 1:
            return round_to_sign(values, self.step)
        return round_to_steps(values, self.step, self.bounds)
