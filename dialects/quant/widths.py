"""Widths of the integers inside LayerNorm and softmax, which follow from the shapes alone."""

from dataclasses import dataclass

from vaqf.dialects.quant.activations import EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import MAXIMUM_BITS, MULTIPLIER_BITS

INVERSE_ROOT_BITS = 16
"""The reciprocal square root has one more bit than this: it lies in [2^16, 2^17]."""


@dataclass(frozen=True)
class LayerNormWidths:
    """The integers of `quant.layer_norm` for tokens of `channels` integers of `bits` bits."""

    channels: int
    """Channels of a token, `D`."""

    bits: int
    """Width of the input."""

    @property
    def sum_bits(self) -> int:
        """Signed width of the sum of a token."""
        return (self.channels << (self.bits - 1)).bit_length() + 1

    @property
    def squares_bits(self) -> int:
        """Unsigned width of the sum of the squares of a token."""
        return (self.channels << (2 * self.bits - 2)).bit_length()

    @property
    def centered_bits(self) -> int:
        """Signed width of `D * x - sum`, whose magnitude is below `D * 2^bits`."""
        return (self.channels << self.bits).bit_length() + 1

    @property
    def largest_epsilon(self) -> int:
        """`D^2 * 2^(2 * bits - 2)`: the largest variance times `D^2`, and what epsilon may be."""
        return self.channels * self.channels << (2 * self.bits - 2)

    @property
    def variance_bits(self) -> int:
        """
        Even unsigned width `W` of `D * squares - sum^2 + epsilon`.

        The variance times `D^2` is at most `largest_epsilon`; one more bit leaves room for epsilon.
        """
        bits = self.largest_epsilon.bit_length() + 1
        return bits + bits % 2

    @property
    def fraction_bits(self) -> int:
        """
        Fraction bits `F` of a normalized value, so that it fits `i18`.

        Its magnitude is at most the root of `D - 1` (all the variance in one channel).
        """
        whole_bits = (self.channels.bit_length() + 1) // 2
        return MULTIPLIER_BITS - 1 - whole_bits


def probability_bits(keys: int, bits: int) -> int:
    """
    Width of a probability in a network with activations of `bits` bits: at least two more than
    count the keys, so that an even row of them is four steps each and its sum is not lost.
    """
    return min(MAXIMUM_BITS, max(bits, (keys - 1).bit_length() + 2))


@dataclass(frozen=True)
class SoftmaxWidths:
    """The integers of `quant.softmax` for rows of `keys` scores and `bits`-bit probabilities."""

    keys: int
    """Scores in a row."""

    bits: int
    """Width of a probability."""

    probability_shift: int | None = None
    """
    What a multiplier for another scale than `2^-bits` is shifted by; None when there is none.
    """

    @property
    def key_bits(self) -> int:
        """`L`, the smallest integer with `2^L >= keys`."""
        return (self.keys - 1).bit_length()

    @property
    def sum_bits(self) -> int:
        """Unsigned width of the sum of the exponentials of a row, at most `keys * 2^15`."""
        return EXPONENTIAL_FRACTION_BITS + self.key_bits + 1

    @property
    def inverse_bits(self) -> int:
        """
        Unsigned width of the reciprocal: at most `2^(15 + L)`, or `2^-15` of a dividend that has a
        multiplier. No sum is smaller than the exponential of the largest score, `2^15`.
        """
        if self.probability_shift is None:
            return EXPONENTIAL_FRACTION_BITS + self.key_bits + 1
        return MULTIPLIER_BITS - 1 + self.dividend_shift - EXPONENTIAL_FRACTION_BITS

    @property
    def inverse_shift(self) -> int:
        """`30 + L`: for probabilities in units of `2^-bits`, `2^inverse_shift` is divided."""
        return 2 * EXPONENTIAL_FRACTION_BITS + self.key_bits

    @property
    def dividend_shift(self) -> int:
        """What is divided by the sum is a multiplier, or 1, times two to the power of this."""
        return self.inverse_shift - (self.probability_shift or 0)

    @property
    def result_shift(self) -> int:
        """Right shift of exponential times reciprocal to a probability of `bits` bits."""
        return self.inverse_shift - self.bits
