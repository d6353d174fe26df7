"""LayerNorm on integers in floating point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.interpreters.arithmetic.integers import AnyIntegers
from vaqf.interpreters.arithmetic.layer_norm import Moments, reciprocal_root, variance
from vaqf.interpreters.compiled.kernels import kernels
from vaqf.interpreters.compiled.rounding import Rounding
from vaqf.interpreters.compiled.wholes import Wholes, as_rows, chunks

NORMALIZED = 1 << (MULTIPLIER_BITS - 1)
"""Magnitude that no normalized value exceeds: `LayerNormWidths.fraction_bits` makes it fit."""

Single = NDArray[np.float32]
Double = NDArray[np.float64]


@dataclass(frozen=True)
class LayerNorm:
    """
    `arithmetic.layer_norm`, with one multiplication and one addition where that has a subtraction,
    a multiplication and a shift.

    With all that depends on the token alone put into a factor and an offset, the normalized value
    is `floor(x * factor + offset)`. Both are integers over the same power of two, and everything
    before the shift is below `2^(centered_bits + 17)`, at most `2^51`: exact in `float64`.
    """

    rounding: Rounding
    epsilon: int
    widths: LayerNormWidths

    @staticmethod
    def of(
        multiplier: AnyIntegers,
        offset: AnyIntegers,
        *,
        epsilon: int,
        shift: int,
        input_bits: int,
        output_bits: int,
    ) -> LayerNorm:
        """See `arithmetic.layer_norm`."""
        rounding = Rounding.of(multiplier, offset, shift, output_bits, NORMALIZED)
        return LayerNorm(rounding, epsilon, LayerNormWidths(len(multiplier), input_bits))

    def __call__(self, tokens: Wholes) -> Single:
        """Of ... x channels, in a new array."""
        rows = as_rows(tokens).astype(np.float32, order="C", copy=False)
        native = kernels()
        if native is None:
            normalized = self._in_numpy(rows)
        else:
            normalized = native.normalize(rows, self.epsilon, self.widths)
        self.rounding(normalized, normalized)
        return normalized.reshape(tokens.shape)

    def _in_numpy(self, rows: Single) -> Single:
        factor, offset = self._normalization(*_moments(rows))
        out = np.empty_like(rows)
        for some in chunks(*rows.shape):
            normalized = rows[some] * factor[some]
            np.add(normalized, offset[some], out=normalized)
            np.floor(normalized, out=out[some], casting="same_kind")
        return out

    def _normalization(self, sums: Double, squares: Double) -> tuple[Double, Double]:
        """The factor and the offset of each token, from its moments; all are tokens x 1."""
        moments = Moments(sums.astype(np.int64), squares.astype(np.int64))
        widths = self.widths
        root = reciprocal_root(variance(moments, widths.channels, self.epsilon), widths)
        shift = widths.variance_bits // 2 + INVERSE_ROOT_BITS - widths.fraction_bits - root.exponent
        inverse = np.ldexp(root.inverse.astype(np.float64), -shift)
        return widths.channels * inverse, 0.5 - sums * inverse


def _moments(tokens: Single) -> tuple[Double, Double]:
    """Sums of at most `2^16` squares of 16 bits: far below 2^53, so exact in any order."""
    doubles = tokens.astype(np.float64)
    squares = np.einsum("tc,tc->t", doubles, doubles)
    return doubles @ np.ones((tokens.shape[1], 1)), squares[:, np.newaxis]
