"""Attention on integers in floating point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.quant.activations import EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.widths import SoftmaxWidths
from vaqf.interpreters.arithmetic.integers import (
    EXACT_IN_FLOAT32,
    EXACT_IN_FLOAT64,
    AnyIntegers,
)
from vaqf.interpreters.arithmetic.softmax import STEP_BITS, exponentials
from vaqf.interpreters.compiled.kernels import kernels
from vaqf.interpreters.compiled.wholes import Wholes, as_rows, chunks


def exact_type(bound: int) -> type[np.float32] | type[np.float64] | None:
    """The type in which sums of at most that magnitude are exact; None when there is none."""
    if bound <= EXACT_IN_FLOAT32:
        return np.float32
    return np.float64 if bound <= EXACT_IN_FLOAT64 else None


@dataclass(frozen=True)
class Scores:
    """
    Every query times every key, head by head.

    No partial sum exceeds the product of the norms of a query and a key (Cauchy and Schwarz), so
    that `float32` is exact for most of what its formats would need `float64` for. What rounding the
    norms loses is within `SAFE` up to 2^15 channels of a head.
    """

    heads: int
    type: type[np.float32] | type[np.float64]
    """In which the sums are exact, whatever the queries and keys."""

    def __call__(self, query: Wholes, key: Wholes) -> Wholes:
        """... x heads x query tokens x key tokens, of ... x tokens x channels."""
        queries, keys = (
            _split_heads(each.astype(np.float32, copy=False), self.heads) for each in (query, key)
        )
        if self.type == np.float64 and _largest_square(queries) * _largest_square(keys) > SAFE:
            queries, keys = queries.astype(np.float64), keys.astype(np.float64)
        return np.matmul(queries, keys.swapaxes(-1, -2))


SAFE = EXACT_IN_FLOAT32**2 * (1 - 2.0**-8)
"""For the product of two squared norms; less by more than what rounding these may have lost."""


def _largest_square(vectors: Wholes) -> float:
    """The square of the largest norm of a vector, the last dimension."""
    return float(np.vecdot(vectors, vectors).max())


@dataclass(frozen=True)
class Values:
    """Values weighted by probabilities, head by head."""

    type: type[np.float32] | type[np.float64]
    """In which the sums are exact."""

    def __call__(self, probabilities: Wholes, value: Wholes) -> Wholes:
        """
        ... x query tokens x channels, of ... x heads x query tokens x key tokens and
        ... x key tokens x channels.
        """
        # Either may be a constant, without samples.
        samples = np.broadcast_shapes(probabilities.shape[:-3], value.shape[:-2])
        heads, queries, _ = probabilities.shape[-3:]
        channels = value.shape[-1]
        out = np.empty((*samples, queries, heads, channels // heads), self.type)
        np.matmul(
            probabilities.astype(self.type, copy=False),
            _split_heads(value.astype(self.type, copy=False), heads),
            out=out.swapaxes(-2, -3),
        )
        return out.reshape(*samples, queries, channels)


def _split_heads(tokens: Wholes, heads: int) -> Wholes:
    """... x tokens x channels to ... x heads x tokens x channels of a head."""
    *samples, count, channels = tokens.shape
    return tokens.reshape(*samples, count, heads, channels // heads).swapaxes(-2, -3)


@dataclass(frozen=True)
class Softmax:
    """
    `arithmetic.softmax`, with the exponential of every step in one table.

    The steps of a score below the maximum are `floor((max - score) * multiplier + 1/2)`, where the
    multiplier is an integer over a power of two: exact in `float64`, as are the products of an
    exponential and the reciprocal of the sum of a row.
    """

    multiplier: float
    """Steps of a score; an integer over a power of two."""

    farthest: float
    """So far below the maximum a score has the last entry of the table, as have all below it."""

    table: NDArray[np.float32]
    """The exponential of each number of steps; the last one is of all that are more."""

    widths: SoftmaxWidths
    probability_multiplier: int

    @staticmethod
    def of(
        table: AnyIntegers,
        multiplier: int,
        shift: int,
        bound: int,
        widths: SoftmaxWidths,
        probability_multiplier: int,
    ) -> Softmax | None:
        """
        Softmax of scores of at most `bound`; for the rest see `arithmetic.softmax`.

        Returns:
            None when a number before a shift can be beyond what `float64` holds, or the table is
            none of exponentials: negative, above 1, or 0 for the maximum itself.
        """
        if table.min() < 0 or table[0] == 0 or table.max() > 1 << EXPONENTIAL_FRACTION_BITS:
            return None
        # From here on all exponentials are 0.
        end = (EXPONENTIAL_FRACTION_BITS + 2) << STEP_BITS
        farthest = 2 * bound
        if multiplier:
            farthest = min(farthest, -(-(end << shift) // multiplier))
        largest = farthest * multiplier + (1 << shift)
        product = (1 << EXPONENTIAL_FRACTION_BITS) << widths.inverse_bits
        if max(2 * bound, largest, 2 * product) > EXACT_IN_FLOAT64:
            return None
        every = exponentials(-np.arange(end + 1), np.zeros(1, np.int64), table, 2, 1)
        return Softmax(
            multiplier * 2.0**-shift,
            farthest,
            every.astype(np.float32),
            widths,
            probability_multiplier,
        )

    def __call__(self, scores: Wholes) -> NDArray[np.float32]:
        """The probabilities of rows of scores, the last dimension."""
        rows = as_rows(scores)
        dividend = self.probability_multiplier << self.widths.dividend_shift
        unit = 2.0**-self.widths.result_shift
        most = (1 << self.widths.bits) - 1
        native = kernels()
        if native is None:
            out = self._in_numpy(rows, dividend, unit, most)
        else:
            dense = np.ascontiguousarray(rows)
            scale = self.multiplier, self.farthest
            out = native.softmax(dense, scale, self.table, dividend, unit, most)
        return out.reshape(scores.shape)

    def _in_numpy(self, rows: Wholes, dividend: int, unit: float, most: int) -> NDArray[np.float32]:
        out = np.empty(rows.shape, np.float32)
        for some in chunks(*rows.shape):
            steps = rows[some].max(axis=1, keepdims=True).astype(np.float64) - rows[some]
            np.minimum(steps, self.farthest, out=steps)
            np.multiply(steps, self.multiplier, out=steps)
            np.add(steps, 0.5, out=steps)
            np.minimum(steps, len(self.table) - 1, out=steps)
            # None is negative, so that cutting off is rounding down.
            powers = self.table[steps.astype(np.int32)]
            sums = powers.sum(axis=1, keepdims=True, dtype=np.float64).astype(np.int64)
            shares = powers * ((dividend // sums) * unit)
            np.add(shares, 0.5, out=shares)
            np.minimum(shares, most, out=shares)
            np.floor(shares, out=out[some], casting="same_kind")
        return out


def largest_row(keys: int, widths: SoftmaxWidths, probability_multiplier: int) -> int:
    """
    What the probabilities of a row sum up to at most.

    Before rounding they are `e * inverse / 2^result_shift`, where `inverse` times the sum of all
    `e` is at most the dividend; rounding adds at most a half to each.
    """
    dividend = probability_multiplier << widths.dividend_shift
    return (dividend >> widths.result_shift) + 1 + (keys + 1) // 2
