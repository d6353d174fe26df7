"""Requantization in floating point, proven to round every accumulator as the integers do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vaqf.interpreters.arithmetic.integers import (
    EXACT_IN_FLOAT32,
    EXACT_IN_FLOAT64,
    AnyIntegers,
    signed_bounds,
)
from vaqf.interpreters.compiled.wholes import Wholes

Single = NDArray[np.float32]

MOST_STEPS = 1 << 10
"""More steps than this are too fine for `float32`."""

MOST_PATCHED = 0.25
"""When more than this share of the channels needs `float64`, all of them take it."""

LONG_ROW = 1 << 12
"""Elements that rows are put together to: NumPy does long ones in less time than many short."""

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
    """One for each channel, or one for all."""

    offset: Wholes
    """As many."""

    low: int
    high: int

    @staticmethod
    def of(steps: Steps, type: type[np.float32] | type[np.float64]) -> InFloat:
        """Those steps in a type."""
        unit = 2.0**-steps.shift
        multiplier = (steps.multiplier * unit).astype(type)
        return InFloat(multiplier, (steps.offset * unit).astype(type), steps.low, steps.high)

    @cached_property
    def _repeated(self) -> tuple[int, Wholes, Wholes]:
        """How many rows are taken as one, and multipliers and offsets of so many."""
        count = max(1, LONG_ROW // max(1, len(self.multiplier)))
        return count, np.tile(self.multiplier, count), np.tile(self.offset, count)

    def clipped(self, sums: Wholes, out: Wholes) -> None:
        """
        Everything but the rounding down, in the type of `out`.

        Args:
            sums: Rows x channels, contiguous.
            out: As large, and contiguous too.
        """
        rows, channels = sums.shape
        if len(self.multiplier) == 1:
            np.multiply(sums, self.multiplier, out=out)
            np.add(out, self.offset, out=out)
        else:
            count, multiplier, offset = self._repeated
            whole = rows - rows % count
            for first, last, together in ((0, whole, count), (whole, rows, rows - whole)):
                if first < last:
                    length = together * channels
                    some = out[first:last].reshape(-1, length)
                    given = sums[first:last].reshape(-1, length)
                    np.multiply(given, multiplier[:length], out=some)
                    np.add(some, offset[:length], out=some)
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

    def __call__(self, sums: Wholes, out: Single, *, is_scratch: bool = False) -> None:
        """
        The steps of rows x channels.

        Args:
            sums: What is rounded.
            out: Where to; may be the sums.
            is_scratch: Whether the sums may be overwritten.
        """
        if self.fast is None:
            self._in_double(sums, out, is_scratch=is_scratch)
            return
        self.unfloored(sums, out)
        np.floor(out, out=out)

    def unfloored(self, sums: Wholes, out: Single) -> None:
        """The same with less than 1 added to it, for who rounds down himself."""
        if self.fast is None:
            self._in_double(sums, out, is_scratch=False)
            return
        patches = np.empty((len(sums), len(self.patched)), np.float32)
        if len(self.patched):
            some = np.take(sums, self.patched, axis=1)
            self._in_double(some, patches, is_scratch=True)
        self.fast.clipped(sums, out)
        if len(self.patched):
            out[:, self.patched] = patches

    def _in_double(self, sums: Wholes, out: Single, *, is_scratch: bool) -> None:
        if self.exact is None:
            out[...] = self.steps.exactly(sums.astype(np.int64))
            return
        doubles = sums.astype(np.float64, copy=not is_scratch)
        self.exact.clipped(doubles, doubles)
        np.floor(doubles, out=doubles)
        np.copyto(out, doubles, casting="same_kind")


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
