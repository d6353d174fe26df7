"""Requantization in `float64`, which holds all numbers on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaqf.interpreters.arithmetic.integers import (
    EXACT_IN_FLOAT64,
    AnyIntegers,
    Integers,
    signed_bounds,
)
from vaqf.interpreters.compiled.kernels import kernels
from vaqf.interpreters.compiled.wholes import Wholes, chunks

Single = NDArray[np.float32]

SIGNS = np.array([-1, 1], np.float32)
"""What the two steps of one bit stand for."""


@dataclass(frozen=True)
class Steps:
    """
    `clip((accumulator * multiplier + offset) >> shift, low, high)`, with a multiplier and offset a
    channel: the step that an accumulator is on, in integers.
    """

    multiplier: Integers
    offset: Integers
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
        offset = self.offset - (self.low << self.shift)
        return Steps(self.multiplier, offset, self.shift, 0, self.high - self.low)

    def largest(self, bound: int) -> int:
        """What no value before the shift exceeds, for accumulators of at most `bound`."""
        return int(np.abs(self.multiplier).max()) * bound + int(np.abs(self.offset).max())

    def exactly(self, accumulators: Integers) -> Integers:
        """The steps that accumulators x channels are on."""
        scaled = accumulators * self.multiplier + self.offset
        return np.clip(scaled >> self.shift, self.low, self.high)


@dataclass(frozen=True)
class InDouble:
    """
    Steps as `floor(clip(accumulator * multiplier + offset, low, high))`, where multipliers and
    offsets are integers over a power of two: exact when nothing before the shift exceeds `2^53`.
    """

    multiplier: NDArray[np.float64]
    offset: NDArray[np.float64]
    low: int
    high: int

    @staticmethod
    def of(steps: Steps) -> InDouble:
        """Those steps."""
        multiplier, offset = (
            np.ldexp(each.astype(np.float64), -steps.shift)
            for each in (steps.multiplier, steps.offset)
        )
        return InDouble(multiplier, offset, steps.low, steps.high)

    def __call__(self, sums: Wholes) -> NDArray[np.float64]:
        """The steps of accumulators x channels."""
        scaled = np.multiply(sums, self.multiplier, dtype=np.float64)
        np.add(scaled, self.offset, out=scaled)
        np.clip(scaled, self.low, self.high, out=scaled)
        return np.floor(scaled, out=scaled)


@dataclass(frozen=True)
class Rounding:
    """Accumulators to steps, and on through a table where there is one."""

    steps: Steps
    fast: InDouble | None
    """The same, where `float64` holds all numbers on the way."""

    table: Single | None
    """What each step becomes; `fast` counts them from 0 then."""

    @staticmethod
    def of(
        multiplier: AnyIntegers,
        offset: AnyIntegers,
        shift: int,
        bits: int,
        bound: int,
        table: Single | None = None,
    ) -> Rounding:
        """
        `quant.requantize`, and `quant.lookup` where a table follows.

        Args:
            multiplier: One for each channel.
            offset: As many.
            shift: Right shift after the multiplication.
            bits: Width of the format that accumulators are rounded to.
            bound: Magnitude that no accumulator exceeds.
            table: An entry for each value of that format, from the smallest.
        """
        steps = Steps.of(multiplier, offset, shift, bits)
        if table is None and bits == 1:
            table = SIGNS
        counted = steps if table is None else steps.from_zero
        is_exact = max(bound, counted.largest(bound)) <= EXACT_IN_FLOAT64
        return Rounding(steps, InDouble.of(counted) if is_exact else None, table)

    def __call__(self, sums: Wholes, out: Single) -> None:
        """
        Round rows x channels.

        Args:
            sums: The accumulators; or 2 x rows x channels, of which the first are worth 256.
            out: Where to; may be the accumulators themselves.
        """
        native = kernels()
        if native is None or self.fast is None:
            if sums.ndim == 3:
                sums = 256.0 * sums[0] + sums[1]
            for some in chunks(*sums.shape):
                out[some] = self._in_numpy(sums[some])
            return
        dense, fast = np.ascontiguousarray(sums), self.fast
        if self.table is None:
            limits = fast.low, fast.high
            native.requantize(dense, fast.multiplier, fast.offset, limits, out)
        else:
            native.requantize_and_look_up(dense, fast.multiplier, fast.offset, self.table, out)

    def _in_numpy(self, sums: Wholes) -> NDArray[np.number]:
        if self.fast is not None:
            steps = self.fast(sums)
            return steps if self.table is None else self.table[steps.astype(np.int32)]
        steps = self.steps.exactly(sums.astype(np.int64))
        return steps if self.table is None else self.table[steps - self.steps.low]
