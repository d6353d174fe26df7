"""
LayerNorm, softmax and GELU as the accelerator computes them: `docs/numerics.md` in torch.

`vaqf.interpreters.arithmetic` has the same functions on NumPy arrays, and the tests compare them to
the last bit. Here integers are kept in `float64`, which holds all that occur exactly: processors
and GPUs are faster at that than at integers of 64 bits. Nothing here has a gradient.
"""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from math import e as EULER
from math import log2
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES, EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths, SoftmaxWidths
from vaqf.interpreters.arithmetic.tables import exponential_table, segment_bits
from vaqf.passes.shifts import MAXIMUM_SHIFT

if TYPE_CHECKING:
    from vaqf.training.quantizer import Quantizer

LARGEST_MULTIPLIER = (1 << (MULTIPLIER_BITS - 1)) - 1

OCTAVES = EXPONENTIAL_FRACTION_BITS + 1
"""After so many an exponential is zero."""


def round_half_up(values: Tensor) -> Tensor:
    """`floor(x + 1/2)`."""
    return (values + 0.5).floor_()


def _power_of_two(exponent: Tensor) -> Tensor:
    return torch.ldexp(torch.ones_like(exponent, dtype=torch.float64), exponent)


def largest_shift(factor: Tensor) -> Tensor:
    """The largest shift, 1 to 40, with which a positive factor fits a multiplier of 17 bits."""
    largest = torch.floor(torch.log2((LARGEST_MULTIPLIER + 0.499) / factor.to(torch.float64)))
    return largest.clamp(1, MAXIMUM_SHIFT)


def requantize(
    sums: Tensor, factor: Tensor, addend: Tensor | float, shift: int, quantizer: Quantizer
) -> Tensor:
    """
    `clamp((sum * multiplier + offset) >> shift)`, or the sign of what is shifted for one bit.

    Args:
        sums: Integers, ... x channels.
        factor: What the multiplier stands for, in steps of the result.
        addend: What the offset stands for, in steps of the result.
        shift: Right shift.
        quantizer: The format of the result.

    Returns:
        The real values that the integers stand for, in `float32`.
    """
    multiplier = round_half_up(factor.double() * 2.0**shift)
    offset = round_half_up(torch.as_tensor(addend).double() * 2.0**shift)
    scaled = sums.double() * multiplier + offset
    if quantizer.bits == 1:
        result = torch.where(scaled >= 0, 1.0, -1.0)
    else:
        result = round_half_up(scaled * 2.0**-shift).clamp(*quantizer.bounds)
    return result.float() * quantizer.step


def normalized(tokens: Tensor, epsilon: float | Tensor, bits: int) -> Tensor:
    """
    Steps 1 to 3 of LayerNorm: tokens with mean 0 and variance 1.

    Args:
        tokens: Integers of `bits` bits, ... x channels.
        epsilon: `epsilon_q`, an integer.
        bits: Width of the tokens.

    Returns:
        Integers with `LayerNormWidths.fraction_bits` fraction bits, in the shape of `tokens`.
    """
    tokens = tokens.to(torch.float64)
    widths = LayerNormWidths(tokens.shape[-1], bits)
    half_width = widths.variance_bits // 2
    total = tokens.sum(dim=-1, keepdim=True)
    variance = widths.channels * tokens.square().sum(dim=-1, keepdim=True) - total.square()
    variance = variance + epsilon
    # A double has the exponent of the integer that it holds: x is below 2^exponent.
    exponent = torch.frexp(variance).exponent
    doublings = torch.div(widths.variance_bits - exponent, 2, rounding_mode="floor")
    scaled = variance * _power_of_two(2 * doublings)
    root = torch.floor(torch.sqrt(scaled))
    root -= (root * root > scaled).double()  # a root that was rounded up to the next integer
    inverse = torch.floor(2.0 ** (half_width + INVERSE_ROOT_BITS) / root)
    centered = widths.channels * tokens - total
    shift = half_width + INVERSE_ROOT_BITS - widths.fraction_bits - doublings
    return round_half_up(centered * inverse * _power_of_two(-shift))


def layer_norm_epsilon(epsilon: float, channels: int, step: Tensor, bits: int) -> Tensor:
    """`epsilon_q`, what is added to the variance in squares of steps times channels."""
    largest = LayerNormWidths(channels, bits).largest_epsilon
    exact = epsilon * channels**2 / step.to(torch.float64).square()
    return round_half_up(exact).clamp(1, largest)


def exponentials() -> Tensor:
    """What a score becomes that is so many steps of 2^-8 octaves below the largest; 0 at last."""
    octave = torch.from_numpy(exponential_table())
    shifts = torch.arange(OCTAVES)
    table = (octave[None, :] >> shifts[:, None]).flatten()
    return torch.cat([table, torch.zeros(1, dtype=table.dtype)]).to(torch.float64)


def softmax(
    scores: Tensor, factor: Tensor, table: Tensor, bits: int, shift: int | None = None
) -> Tensor:
    """
    The probability of every score in its row, in units of `2^-bits`.

    Args:
        scores: Integers, ... x keys.
        factor: The step of a score in units of 2^-8 octaves.
        table: `exponentials()`.
        bits: Width of a probability.
        shift: Right shift after the multiplication; None for the largest that is possible.
    """
    scores = scores.to(torch.float64)
    widths = SoftmaxWidths(scores.shape[-1], bits)
    exponent = largest_shift(factor) if shift is None else torch.tensor(float(shift))
    multiplier = round_half_up(factor * _power_of_two(exponent))
    below = scores.amax(dim=-1, keepdim=True) - scores
    steps = round_half_up(below * multiplier * _power_of_two(-exponent))
    powers = table[steps.clamp_(max=OCTAVES * EXPONENTIAL_ENTRIES).to(torch.int64)]
    inverse = torch.floor(2.0**widths.dividend_shift / powers.sum(dim=-1, keepdim=True))
    result = round_half_up(powers * inverse * 2.0**-widths.result_shift)
    return result.clamp_(max=float((1 << bits) - 1))


def softmax_factor(query_step: Tensor, key_step: Tensor, scale: float) -> Tensor:
    """The step of a product of a query and a key in units of 2^-8 octaves."""
    return EXPONENTIAL_ENTRIES * log2(EULER) * scale * query_step.double() * key_step.double()


def gelu(values: Tensor, step: Tensor, bits: int) -> Tensor:
    """
    GELU as a table has it that is interpolated, before its entries are rounded.

    Args:
        values: Multiples of `step`.
        step: Of the format of the values.
        bits: Width of that format, above 10: the table has the ends of segments only.
    """
    width = step * 2 ** segment_bits(bits)
    position = values / width
    index = torch.floor(position)
    left, right = functional.gelu(index * width), functional.gelu((index + 1) * width)
    return left + (right - left) * (position - index)


def lookup(values: Tensor, table: Tensor, input_bits: int, output_bits: int) -> Tensor:
    """
    Replace every value by its entry, interpolated where a segment has several values.

    Args:
        values: Integers of `input_bits` bits.
        table: As `gelu_table` of the interpreters orders it, in doubles.
        input_bits: Width of the values.
        output_bits: Width of the entries.
    """
    if input_bits == 1:
        return table[(values > 0).to(torch.int64)]
    steps = values.to(torch.int64) + (1 << (input_bits - 1))
    segment = segment_bits(input_bits)
    index = steps >> segment
    if segment == 0 or output_bits == 1:
        return table[index]
    fraction = (steps & ((1 << segment) - 1)).double()
    slope = table[index + 1] - table[index]
    return table[index] + round_half_up(slope * fraction * 2.0**-segment)
