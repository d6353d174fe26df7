"""Sums of products by BLAS, proven exact for the weights at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaqf.interpreters.arithmetic.integers import (
    EXACT_IN_FLOAT32,
    EXACT_IN_FLOAT64,
    AnyIntegers,
)
from vaqf.interpreters.compiled.wholes import Wholes, as_rows

MOST_PARTS = 8
"""Above so many sums of `float32`, one of `float64`, which takes twice as long, is the faster."""


@dataclass(frozen=True)
class Part:
    """Some of the input channels."""

    inputs: slice
    """Which."""

    weight: Wholes
    """Input channels x output channels."""


@dataclass(frozen=True)
class Product:
    """
    `x @ weight.T` for integers `x` of at most some magnitude.

    While no sum of the magnitudes of an output's products exceeds `2^24`, every partial sum is an
    integer that `float32` holds, in whatever order BLAS adds them up. Where more input channels
    are summed, they are split into parts for which that holds, which are added in `float64`.
    """

    parts: Sequence[Part]
    """They cover all input channels."""

    @staticmethod
    def of(weight: AnyIntegers, largest: int) -> Product | None:
        """
        The product with a weight.

        Args:
            weight: Output channels x input channels.
            largest: Magnitude that no input exceeds.

        Returns:
            None when sums need more than `float64` holds.
        """
        magnitudes = np.abs(weight.astype(np.int64, copy=False))
        bound = largest_sum(weight, largest)
        if bound > EXACT_IN_FLOAT64:
            return None
        turned, whole = weight.T, slice(0, weight.shape[1])
        ranges: Sequence[slice] | None = [whole]
        if bound > EXACT_IN_FLOAT32:
            ranges = _exact_ranges(np.cumsum(magnitudes * largest, axis=1))
        if ranges is None:
            return Product([Part(whole, np.ascontiguousarray(turned, np.float64))])
        return Product(
            [Part(each, np.ascontiguousarray(turned[each], np.float32)) for each in ranges]
        )

    def __call__(self, inputs: Wholes) -> Wholes:
        """The sums, ... x output channels for ... x input channels, in a new array."""
        rows = as_rows(inputs)
        first, *others = self.parts
        sums = _multiply(rows, first)
        if others:
            sums = sums.astype(np.float64)
            for each in others:
                sums += _multiply(rows, each)
        return sums.reshape(*inputs.shape[:-1], -1)


def largest_sum(weight: AnyIntegers, largest: int) -> int:
    """
    The magnitude that no sum of products exceeds.

    Args:
        weight: Output channels x input channels.
        largest: Magnitude that no input exceeds.
    """
    return int(np.abs(weight.astype(np.int64, copy=False)).sum(axis=1).max()) * largest


def _multiply(inputs: Wholes, part: Part) -> Wholes:
    given = inputs[:, part.inputs].astype(part.weight.dtype, copy=False)
    return np.matmul(given, part.weight)


def _exact_ranges(sums: NDArray[np.int64]) -> Sequence[slice] | None:
    """
    The input channels in ranges, as long as possible, within which no output sums up more than
    `float32` holds; None when there are no such, or more than `MOST_PARTS`.

    Args:
        sums: Output channels x input channels, what the magnitudes up to there sum up to.
    """
    inputs = sums.shape[1]
    ranges: list[slice] = []
    first = 0
    while first < inputs:
        before = sums[:, first - 1] if first else np.zeros(len(sums), np.int64)
        # Sums never fall, so that the first channels of a row are those within the limit.
        within = sums[:, first:] <= (before + EXACT_IN_FLOAT32)[:, np.newaxis]
        length = int(within.sum(axis=1).min())
        if length == 0 or len(ranges) == MOST_PARTS:
            return None
        ranges.append(slice(first, first + length))
        first += length
    return ranges
