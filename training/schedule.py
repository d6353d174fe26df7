"""
What is rounded when, and how fast is learned.

The order is that of VAQF (Sun et al., 2022, section 4): float; then a growing share of weights is
binary; then activations are rounded; at last integer functions are in the place of real ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi

from vaqf.dialects.diagnostics import UserError


class Phase(StrEnum):
    """A part of a training."""

    FLOAT = "float"
    BINARIZE = "binarize"
    ACTIVATIONS = "activations"
    INTEGERS = "integers"


SHARES = {Phase.FLOAT: 5, Phase.BINARIZE: 2, Phase.ACTIVATIONS: 2, Phase.INTEGERS: 1}
"""Of the epochs, in tenths."""

WARM_UP = 0.1
"""Share of a cycle in which the learning rate grows."""

LAST = 1e-3
"""Share of the peak that is left of the learning rate at the end of a cycle."""


@dataclass(frozen=True)
class Schedule:
    """How many epochs each phase has, and how fast is learned in it."""

    float_epochs: int
    """Epochs in float; its result is the teacher of what follows."""

    binarize_epochs: int
    """Epochs in which the share of weights in their format grows to all of them."""

    activations_epochs: int
    """Epochs with rounded activations and real functions."""

    integers_epochs: int
    """Epochs with the integer functions of `docs/numerics.md`."""

    rate: float = 1e-3
    """Peak of the learning rate in float."""

    quantized_rate: float = 5e-4
    """Peak of the learning rate after it."""

    def __post_init__(self) -> None:
        if (
            min(
                self.float_epochs,
                self.binarize_epochs,
                self.activations_epochs,
                self.integers_epochs,
            )
            < 0
        ):
            raise UserError("a phase has a negative number of epochs")
        if not self.epochs:
            raise UserError("there are no epochs")

    @staticmethod
    def of(epochs: int, rate: float, quantized_rate: float) -> Schedule:
        """
        Divide epochs over all phases.

        Raises:
            UserError: when there are fewer than phases.
        """
        if epochs < len(SHARES):
            raise UserError(f"epochs are {epochs}, expected at least {len(SHARES)}, one a phase")
        counts = {phase: max(1, epochs * share // 10) for phase, share in SHARES.items()}
        counts[Phase.FLOAT] += epochs - sum(counts.values())
        return Schedule(*counts.values(), rate=rate, quantized_rate=quantized_rate)

    @property
    def epochs(self) -> int:
        """Of all phases."""
        return (
            self.float_epochs
            + self.binarize_epochs
            + self.activations_epochs
            + self.integers_epochs
        )

    def phase(self, epoch: int) -> Phase:
        """The phase of an epoch, from 0; behind the last, that of the last."""
        epoch = min(epoch, self.epochs - 1)
        counts = (
            self.float_epochs,
            self.binarize_epochs,
            self.activations_epochs,
            self.integers_epochs,
        )
        for phase, count in zip(Phase, counts, strict=True):
            if epoch < count:
                return phase
            epoch -= count
        return Phase.INTEGERS

    def binary_share(self, progress: float) -> float:
        """
        The share of weights that are in their format.

        Args:
            progress: Epochs since the start, with a fraction.
        """
        since = progress - self.float_epochs
        if since < 0:
            return 0.0
        # Complete a little before the phase ends, so that all weights learn together in it.
        ramp = 0.9 * self.binarize_epochs
        return 1.0 if since >= ramp else since / ramp

    def learning_rate(self, progress: float) -> float:
        """
        Up in a line and down in half a cosine, once in float and once after it.

        Args:
            progress: Epochs since the start, with a fraction.
        """
        if progress < self.float_epochs:
            return self.rate * _cycle(progress / self.float_epochs)
        return self.quantized_rate * _cycle(
            (progress - self.float_epochs) / (self.epochs - self.float_epochs)
        )


def _cycle(done: float) -> float:
    if done < WARM_UP:
        return max(done / WARM_UP, LAST)
    return LAST + (1 - LAST) * (1 + cos(pi * (done - WARM_UP) / (1 - WARM_UP))) / 2
