"""Requantization in floating point, proven to round every accumulator as the integers do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vaqf.interpreters.arithmetic.integers import (
    EXACT_IN_FLOAT32,
    EXACT_IN_FLOAT64,
    AnyIntegers,
    signed_bounds,
)
from vaqf.interpreters.compiled.wholes import Wholes

MOST_STEPS = 1 << 10
"""More steps than this are too fine for `float32`."""

MOST_PATCHED = 0.25
"""When more than this share of the channels needs `float64`, all of them take it."""

NUDGES = (1, -1, 2, -2, 3, -3, 4, -4, 6, -6, 8, -8)
"""Changes of an offset that are tried, in units in the last place of the largest result."""


@dataclass(frozen=True)
class Steps:
    """
    `clip((accumulator * multiplier + offset) >> shift, low, high)`, with a multiplier and offset a
    channel: the step that an accumulator is on, in integers.
    """

    multiplier: NDArray[np.int64]
    """One for each channel, or one for all."""

    offset: NDArray[np.int64]
    """As many."""

    shift: int
    low: int
    high: int

    @staticmethod
    def of(multiplier: AnyIntegers, offset: AnyIntegers, shift: int, bits: int) -> Steps:
        """
        What `quant.requantize` computes, in the format of `bits` bits. For one bit, -1 and +1, it
        is half of one less: -1 and 0.
        """
        low, high = (-1, 0) if bits == 1 else signed_bounds(bits)
        return Steps(multiplier.astype(np.int64), offset.astype(np.int64), shift, low, high)

    @property
    def from_zero(self) -> Steps:
        """The same steps, counted from 0."""
        return replace(
            self, offset=self.offset - (self.low << self.shift), low=0, high=self.high - self.low
        )

    def of_channels(self, channels: NDArray[np.intp]) -> Steps:
        """Those of some channels."""
        return replace(self, multiplier=self.multiplier[channels], offset=self.offset[channels])

    def largest(self, bound: int) -> int:
        """What no value before the shift exceeds, for accumulators of at most `bound`."""
        return int(np.abs(self.multiplier).max()) * bound + int(np.abs(self.offset).max())

    def exactly(self, accumulators: NDArray[np.int64]) -> NDArray[np.int64]:
        """The steps that accumulators x channels are on."""
        scaled = accumulators * self.multiplier + self.offset
        return np.clip(scaled >> self.shift, self.low, self.high)

    def edges(self, bound: int) -> NDArray[np.int64]:
        """
        The last accumulator before each step and the first on it, of those up to `bound`.

        Returns:
            Accumulators x channels.
        """
        steps = np.arange(self.low + 1, self.high + 1, dtype=np.int64)[:, np.newaxis]
        size = np.maximum(np.abs(self.multiplier), 1)
        first = -((self.offset - (steps << self.shift)) // size)
        edges = np.concatenate([first - 1, first])
        return np.clip(edges, -bound, bound) * np.where(self.multiplier < 0, -1, 1)


@dataclass(frozen=True)
class InFloat:
    """
    `clip(floor(accumulator * multiplier + offset))` in some type.

    In `float64` this is exact as long as nothing before the shift exceeds `2^53`: multipliers and
    offsets are integers over a power of two. In `float32` it rounds twice, and has to be proven.
    """

    multiplier: Wholes
    offset: Wholes
    low: int
    high: int

    @staticmethod
    def of(steps: Steps, type: type[np.float32] | type[np.float64]) -> InFloat:
        """Those steps in a type."""
        unit = 2.0**-steps.shift
        multiplier, offset = ((each * unit).astype(type) for each in (steps.multiplier, steps.offset))
        return InFloat(multiplier, offset, steps.low, steps.high)

    def clipped(self, sums: Wholes, out: Wholes) -> None:
        """Everything but the rounding down, in the type of `out`."""
        np.multiply(sums, self.multiplier, out=out)
        np.add(out, self.offset, out=out)
        np.clip(out, self.low, self.high, out=out)

    def wrong_channels(self, steps: Steps, edges: NDArray[np.int64]) -> NDArray[np.intp]:
        """
        The channels in which some accumulator is not on its step.

        Rounding is monotone, and so is all that is computed here: when the last accumulator before
        a step and the first on it are right, so are all between them and the next ones.
        """
        found = np.empty(edges.shape, self.multiplier.dtype)
        self.clipped(edges.astype(self.multiplier.dtype), found)
        return np.flatnonzero((np.floor(found) != steps.exactly(edges)).any(axis=0))


@dataclass(frozen=True)
class Rounding:
    """Accumulators to steps."""

    steps: Steps
    fast: InFloat | None
    """In `float32`, which is right in all channels but the patched ones; None when it cannot be."""

    patched: NDArray[np.intp]
    """Channels that `float32` gets wrong."""

    exact: InFloat | None
    """In `float64`, of the patched channels or of all; None when even that does not hold them."""

    @staticmethod
    def of(steps: Steps, bound: int) -> Rounding:
        """
        The fastest way that is proven right for all accumulators of at most `bound`.
        """
        none = np.empty(0, np.intp)
        if max(bound, steps.largest(bound)) > EXACT_IN_FLOAT64:
            return Rounding(steps, None, none, None)
        exact = InFloat.of(steps, np.float64)
        if bound > EXACT_IN_FLOAT32 or steps.high - steps.low >= MOST_STEPS:
            return Rounding(steps, None, none, exact)
        fast, wrong = _nudged(steps, bound)
        if len(wrong) > MOST_PATCHED * len(steps.multiplier):
            return Rounding(steps, None, none, exact)
        return Rounding(steps, fast, wrong, InFloat.of(steps.of_channels(wrong), np.float64))

    def __call__(self, sums: Wholes, out: NDArray[np.float32]) -> None:
        """The steps of rows x channels; `out` may be the sums."""
        self.unfloored(sums, out)
        np.floor(out, out=out)

    def unfloored(self, sums: Wholes, out: NDArray[np.float32]) -> None:
        """The same with less than 1 added to it, for who rounds down himself."""
        if self.fast is None:
            out[...] = self._in_double(sums)
            return
        patches = self._in_double(sums[:, self.patched]) if len(self.patched) else None
        self.fast.clipped(sums, out)
        if patches is not None:
            out[:, self.patched] = patches

    def _in_double(self, sums: Wholes) -> Wholes | NDArray[np.int64]:
        if self.exact is None:
            return self.steps.exactly(sums.astype(np.int64))
        out = np.empty(sums.shape, np.float64)
        self.exact.clipped(sums, out)
        return np.floor(out, out=out)


def _nudged(steps: Steps, bound: int) -> tuple[InFloat, NDArray[np.intp]]:
    """
    Steps in `float32`, with offsets moved by less than counts where that puts more channels right,
    and the channels that stay wrong.
    """
    edges = steps.edges(bound)
    fast = InFloat.of(steps, np.float32)
    wrong = fast.wrong_channels(steps, edges)
    unit = np.spacing(np.float32(max(-steps.low, steps.high)))
    offset = fast.offset.copy()
    for nudge in NUDGES:
        if not len(wrong):
            break
        some = steps.of_channels(wrong)
        tried = InFloat.of(some, np.float32)
        tried = replace(tried, offset=(tried.offset + np.float32(nudge) * unit).astype(np.float32))
        still = tried.wrong_channels(some, edges[:, wrong])
        right = np.setdiff1d(np.arange(len(wrong)), still)
        offset[wrong[right]] = tried.offset[right]
        wrong = wrong[still]
    return replace(fast, offset=offset), wrong
