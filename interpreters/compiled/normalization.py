"""LayerNorm on integers in floating point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.interpreters.arithmetic.integers import AnyIntegers
from vaqf.interpreters.arithmetic.layer_norm import Moments, reciprocal_root, variance
from vaqf.interpreters.compiled.rounding import Rounding, Steps
from vaqf.interpreters.compiled.wholes import Wholes, as_rows, chunks

NORMALIZED = 1 << (MULTIPLIER_BITS - 1)
"""Magnitude that no normalized value exceeds: `LayerNormWidths.fraction_bits` makes it fit."""


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
        steps = Steps.of(multiplier, offset, shift, output_bits)
        widths = LayerNormWidths(len(multiplier), input_bits)
        return LayerNorm(Rounding.of(steps, NORMALIZED), epsilon, widths)

    def __call__(self, tokens: Wholes) -> NDArray[np.float32]:
        """The steps of ... x channels, in a new array."""
        values = as_rows(tokens.astype(np.float64))
        rows, channels = values.shape
        # Sums of at most `2^16` squares of 16 bits: far below 2^53, so exact in any order.
        sums = values @ np.ones((channels, 1))
        squares = np.einsum("tc,tc->t", values, values)[:, np.newaxis]
        moments = Moments(sums.astype(np.int64), squares.astype(np.int64))
        root = reciprocal_root(variance(moments, channels, self.epsilon), self.widths)
        fraction = self.widths.fraction_bits
        shift = self.widths.variance_bits // 2 + INVERSE_ROOT_BITS - fraction - root.exponent
        inverse = np.ldexp(root.inverse.astype(np.float64), -shift)
        factor, offset = channels * inverse, 0.5 - sums * inverse
        out = np.empty((rows, channels), np.float32)
        for some in chunks(rows, channels):
            normalized = values[some]
            np.multiply(normalized, factor[some], out=normalized)
            np.add(normalized, offset[some], out=normalized)
            np.floor(normalized, out=normalized)
            self.rounding(normalized, out[some], is_scratch=True)
        return out.reshape(tokens.shape)
