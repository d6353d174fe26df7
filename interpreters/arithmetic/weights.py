"""Weights in integers, and the multipliers that follow from their scales."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.interpreters.arithmetic.integers import (
    AnyIntegers,
    Floats,
    Integers,
    OutOfRangeError,
    round_half_up,
)

LARGEST_MULTIPLIER = (1 << (MULTIPLIER_BITS - 1)) - 1
"""17 bits and a sign."""

SMALLEST_OFFSET = -(1 << (OFFSET_BITS - 1))

LARGEST_OFFSET = (1 << (OFFSET_BITS - 1)) - 1

_BLOCK = 128
"""Rows and columns of a block that fits into the cache."""


def _expect_finite(magnitudes: NDArray[np.floating]) -> None:
    """Refuse weights, given one magnitude for each of their rows."""
    if not np.isfinite(magnitudes).all():
        channel = int(np.argmin(np.isfinite(magnitudes)))
        raise OutOfRangeError(f"the weight of channel {channel} has a value that is not finite")


def contiguous(matrix: Floats) -> Floats:
    """A matrix with its rows one after the other; a transposed one is copied block by block."""
    if matrix.ndim != 2 or matrix.flags.c_contiguous:
        return np.ascontiguousarray(matrix)
    rows = np.empty(matrix.shape, matrix.dtype)
    # NumPy copies column by column, which misses the cache with every element.
    for top in range(0, matrix.shape[0], _BLOCK):
        for left in range(0, matrix.shape[1], _BLOCK):
            block = np.s_[top : top + _BLOCK, left : left + _BLOCK]
            rows[block] = matrix[block]
    return rows


def binarize(weight: Floats, *, per_tensor: bool = False) -> tuple[NDArray[np.int8], Floats]:
    """
    The signs of a weight, and the mean magnitude of each row.

    Args:
        weight: Output x input channels.
        per_tensor: Give every row the mean magnitude of the whole weight.

    Returns:
        -1 or +1 in the shape of `weight`, +1 for zero; and a scale for each output channel.

    Raises:
        OutOfRangeError: for a row with a value that is not finite.
    """
    signs, magnitude = np.empty(weight.shape, np.int8), np.empty(len(weight))
    for top in range(0, len(weight), _BLOCK):
        # The order of a sum depends on the layout in memory, and so would its last bit.
        some, rows = np.s_[top : top + _BLOCK], contiguous(weight[top : top + _BLOCK])
        magnitude[some] = np.abs(rows).mean(axis=1, dtype=np.float64)
        signs[some] = weight_signs(rows)
    _expect_finite(magnitude)
    scale = np.full_like(magnitude, magnitude.mean()) if per_tensor else magnitude
    return signs, scale.astype(np.float32)


def quantize_weight(weight: Floats, bits: int) -> tuple[AnyIntegers, Floats]:
    """
    Each row of a weight in symmetric integers, and the scale of each row.

    Args:
        weight: Output x input channels.
        bits: Width of the integers, 2 to 16; they are at most `2^(bits - 1) - 1` in magnitude.

    Returns:
        Integers in the shape of `weight`; and `max|row| / (2^(bits - 1) - 1)` for each output
        channel, rounded to `float32`, 1 where that is zero.

    Raises:
        OutOfRangeError: for a row with a value that is not finite.
    """
    limit = (1 << (bits - 1)) - 1
    largest = np.abs(weight).max(axis=1)
    _expect_finite(largest)
    scale = (largest.astype(np.float64) / limit).astype(np.float32)
    scale[scale == 0] = 1
    steps = round_half_up(weight.astype(np.float64) / scale[:, None])
    return np.clip(steps, -limit, limit).astype(np.int8 if bits <= 8 else np.int16), scale


def _over_rows(scale: Floats, rank: int) -> Floats:
    """A scale for each row, in a shape that broadcasts to a tensor of that rank."""
    return scale.reshape(-1, *(1,) * (rank - 1))


def dequantize_weight(integers: AnyIntegers, scale: Floats) -> Floats:
    """`integer * scale` in `float32`, row by row."""
    return integers.astype(np.float32) * _over_rows(scale, integers.ndim)


def round_weight(weight: Floats, scale: Floats, smallest: int, largest: int) -> AnyIntegers:
    """
    `clamp(round_half_to_even(weight / scale), smallest, largest)` in `float32`, row by row.

    Args:
        weight: Output channels x anything.
        scale: One for each output channel.
        smallest: The smallest integer.
        largest: The largest integer.

    Raises:
        OutOfRangeError: for a channel whose scale is no positive number, or that has a value that
            is not a number.
    """
    is_usable = np.isfinite(scale) & (scale > 0)
    if not is_usable.all():
        channel = int(np.argmin(is_usable))
        raise OutOfRangeError(
            f"the scale of channel {channel} is {scale[channel]:.7g}, it must be positive"
        )
    steps = np.clip(weight / _over_rows(scale, weight.ndim), smallest, largest)
    if (missing := np.isnan(steps)).any():
        channel = int(np.argmax(missing.reshape(len(weight), -1).any(axis=1)))
        raise OutOfRangeError(f"the weight of channel {channel} has a value that is not a number")
    dtype = np.int8 if max(-smallest, largest) <= np.iinfo(np.int8).max else np.int16
    return np.rint(steps).astype(dtype)


def weight_signs(weight: Floats) -> NDArray[np.int8]:
    """-1 or +1 in the shape of `weight`, +1 for zero."""
    return 2 * (weight >= 0).astype(np.int8) - np.int8(1)


def recentre_weight(stored: AnyIntegers, zero_point: int, bits: int) -> AnyIntegers:
    """
    `stored - zero_point`, in a symmetric format of `bits` bits, 2 to 16.

    Raises:
        OutOfRangeError: for a value that the format does not hold.
    """
    limit = (1 << (bits - 1)) - 1
    integers = stored.astype(np.int64) - zero_point
    if integers.size and (largest := int(np.abs(integers).max())) > limit:
        raise OutOfRangeError(
            f"the weight has an integer of magnitude {largest}, accepted is at most {limit}"
        )
    return integers.astype(np.int8 if bits <= 8 else np.int16)


def _fitting(name: str, values: NDArray[np.float64], smallest: int, largest: int) -> Integers:
    """
    Whole numbers as integers.

    Raises:
        OutOfRangeError: naming the first channel outside of the accepted range, and its value.
    """
    fits = (values >= smallest) & (values <= largest)
    if not fits.all():
        channel = int(np.argmin(fits))
        raise OutOfRangeError(
            f"the {name} of channel {channel} is {values[channel]:.0f}, "
            f"accepted range is [{smallest}, {largest}]"
        )
    return values.astype(np.int64)


def _multiplier_and_offset(
    factor: NDArray[np.float64], addend: NDArray[np.float64], shift: int, bits: int
) -> tuple[Integers, Integers]:
    """Round what is to be multiplied and added in units of `2^-shift` steps of the output."""
    half = 0.0 if bits == 1 else np.ldexp(1.0, shift - 1)
    return (
        _fitting("multiplier", round_half_up(factor), -LARGEST_MULTIPLIER, LARGEST_MULTIPLIER),
        _fitting("offset", round_half_up(addend) + half, SMALLEST_OFFSET, LARGEST_OFFSET),
    )


def requantize_parameters(
    weight_scale: Floats,
    bias: Floats | None,
    *,
    input_scale: float,
    output_scale: float,
    output_bits: int,
    shift: int,
) -> tuple[Integers, Integers]:
    """
    The multiplier and the offset of every output channel of a linear layer.

    Args:
        weight_scale: One for each output channel.
        bias: One for each output channel; None means zero.
        input_scale: Scale of the activations that are multiplied.
        output_scale: Scale of the result.
        output_bits: Width of the result; the offset of one bit has no half.
        shift: Right shift after the multiplication.

    Raises:
        OutOfRangeError: when a multiplier exceeds 17 bits and a sign, or an offset 48 bits.
    """
    factor = input_scale * weight_scale.astype(np.float64) / output_scale
    addend = np.zeros_like(factor) if bias is None else bias.astype(np.float64) / output_scale
    return _multiplier_and_offset(
        np.ldexp(factor, shift), np.ldexp(addend, shift), shift, output_bits
    )


def layer_norm_parameters(
    weight: Floats,
    bias: Floats | None,
    *,
    output_scale: float,
    output_bits: int,
    shift: int,
    fraction_bits: int,
) -> tuple[Integers, Integers]:
    """
    The multiplier and the offset of every channel of a LayerNorm.

    Args:
        weight: Real factor of each channel.
        bias: Real addend of each channel; None means zero.
        output_scale: Scale of the result.
        output_bits: Width of the result; the offset of one bit has no half.
        shift: Right shift after the multiplication.
        fraction_bits: Fraction bits of a normalized value.

    Raises:
        OutOfRangeError: when a multiplier exceeds 17 bits and a sign, or an offset 48 bits.
    """
    factor = weight.astype(np.float64) / output_scale
    addend = np.zeros_like(factor) if bias is None else bias.astype(np.float64) / output_scale
    return _multiplier_and_offset(
        np.ldexp(factor, shift - fraction_bits), np.ldexp(addend, shift), shift, output_bits
    )
