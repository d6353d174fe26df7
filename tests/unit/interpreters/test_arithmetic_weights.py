"""Weights in integers, and their multipliers, against the formulas one element at a time."""

from fractions import Fraction
from math import floor, fsum, inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.interpreters.arithmetic.integers import Floats, OutOfRangeError
from vaqf.interpreters.arithmetic.weights import (
    binarize,
    dequantize_weight,
    layer_norm_parameters,
    quantize_weight,
    requantize_parameters,
)

SEEDS = st.integers(0, 99)
SIZES = st.integers(1, 300)
SPREADS = st.sampled_from([1e-30, 1e-3, 1.0, 1e6])


def weight(seed: int, rows: int, columns: int, spread: float = 1.0) -> Floats:
    """Random weights with some zeros of either sign."""
    random = np.random.default_rng(seed)
    values = random.standard_normal((rows, columns)) * (random.random((rows, columns)) < 0.9)
    return (values * spread).astype(np.float32)


@given(SEEDS, st.integers(1, 4), SIZES, SPREADS)
def test_binarize(seed: int, rows: int, columns: int, spread: float):
    real = weight(seed, rows, columns, spread)
    signs, scale = binarize(real)
    assert (signs.dtype, scale.dtype) == (np.int8, np.float32)
    assert signs.tolist() == [[1 if each >= 0 else -1 for each in row] for row in real.tolist()]
    means = [fsum(map(abs, row)) / columns for row in real.tolist()]
    assert np.allclose(scale, np.array(means, np.float32), rtol=2**-23, atol=0)


@given(SEEDS, st.integers(1, 4), SIZES)
def test_binarize_per_tensor(seed: int, rows: int, columns: int):
    real = weight(seed, rows, columns)
    signs, scale = binarize(real, per_tensor=True)
    assert np.array_equal(signs, binarize(real)[0])
    assert np.allclose(scale, np.abs(real).mean(), rtol=1e-5) and len(set(scale.tolist())) <= 1


def test_scales_do_not_depend_on_the_layout_in_memory():
    # The mean is a little above the middle between two floats, if no small value is lost.
    row = [16, 2.0**-20, *[2.0**-50] * 14]
    real = np.array([row, row], np.float32)
    assert np.array_equal(binarize(real)[1], binarize(np.asfortranarray(real))[1])


def test_zero_is_positive():
    signs, scale = binarize(np.array([[0.0, -0.0]], np.float32))
    assert signs.tolist() == [[1, 1]] and scale.tolist() == [0]


@given(SEEDS, st.integers(1, 4), st.integers(1, 30), SPREADS, st.integers(2, 16))
def test_quantize_weight(seed: int, rows: int, columns: int, spread: float, bits: int):
    real = weight(seed, rows, columns, spread)
    integers, scale = quantize_weight(real, bits)
    limit = 2 ** (bits - 1) - 1
    assert (integers.itemsize, scale.dtype) == (1 if bits <= 8 else 2, np.float32)
    reals: list[list[float]] = real.tolist()
    for row, alpha, quantized in zip(reals, scale.tolist(), integers.tolist(), strict=True):
        assert alpha == (float(np.float32(max(map(abs, row)) / limit)) or 1.0)
        assert quantized == [min(max(floor(each / alpha + 0.5), -limit), limit) for each in row]
    error = np.abs(dequantize_weight(integers, scale).astype(np.float64) - real)
    assert (error <= scale[:, None] * 0.50001 * (1 + 2.0**-7)).all()


def test_a_row_of_zeros_has_scale_one():
    integers, scale = quantize_weight(np.zeros((2, 3), np.float32), 8)
    assert integers.tolist() == [[0] * 3] * 2 and scale.tolist() == [1, 1]


def test_a_row_too_small_for_its_scale_becomes_zero():
    integers, scale = quantize_weight(np.full((1, 2), 1e-45, np.float32), 16)
    assert integers.tolist() == [[0, 0]] and scale.tolist() == [1]


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_weights_that_are_not_finite_are_refused(bad: float):
    real = np.ones((3, 2), np.float32)
    real[1, 0] = bad
    message = "the weight of channel 1 has a value that is not finite"
    with pytest.raises(OutOfRangeError, match=message):
        binarize(real)
    with pytest.raises(OutOfRangeError, match=message):
        quantize_weight(real, 8)


@given(SEEDS, st.integers(1, 47), st.integers(1, 16), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_requantize_parameters(
    seed: int, shift: int, bits: int, input_scale: float, output_scale: float
):
    random = np.random.default_rng(seed)
    # Parameters that fill a multiplier and an offset at this shift.
    alpha = random.uniform(0, 2.0 ** (17 - shift) * output_scale / input_scale * 0.99, 5)
    bias = random.uniform(-(2.0 ** (47 - shift)), 2.0 ** (47 - shift), 5) * output_scale * 0.49
    scales, biases = alpha.astype(np.float32), bias.astype(np.float32)
    multiplier, offset = requantize_parameters(
        scales,
        biases,
        input_scale=input_scale,
        output_scale=output_scale,
        output_bits=bits,
        shift=shift,
    )
    half = 0 if bits == 1 else 2 ** (shift - 1)
    for channel in range(5):
        factor = input_scale * float(scales[channel]) / output_scale * 2.0**shift
        addend = float(biases[channel]) / output_scale * 2.0**shift
        assert multiplier[channel] == floor(Fraction(factor) + Fraction(1, 2))
        assert offset[channel] == floor(Fraction(addend) + Fraction(1, 2)) + half
    without_bias = requantize_parameters(
        scales,
        None,
        input_scale=input_scale,
        output_scale=output_scale,
        output_bits=bits,
        shift=shift,
    )
    assert without_bias[0].tolist() == multiplier.tolist()
    assert without_bias[1].tolist() == [half] * 5


@given(SEEDS, st.integers(1, 40), st.integers(1, 16), st.integers(1, 16))
def test_layer_norm_parameters(seed: int, shift: int, bits: int, fraction_bits: int):
    random = np.random.default_rng(seed)
    limit = 2.0 ** (16 + fraction_bits - shift)
    gamma = random.uniform(-limit, limit, 5).astype(np.float32)
    beta = random.uniform(-(2.0 ** (40 - shift)), 2.0 ** (40 - shift), 5).astype(np.float32)
    multiplier, offset = layer_norm_parameters(
        gamma, beta, output_scale=0.75, output_bits=bits, shift=shift, fraction_bits=fraction_bits
    )
    half = 0 if bits == 1 else 2 ** (shift - 1)
    for channel in range(5):
        factor = float(gamma[channel]) / 0.75 * 2.0 ** (shift - fraction_bits)
        addend = float(beta[channel]) / 0.75 * 2.0**shift
        assert multiplier[channel] == floor(Fraction(factor) + Fraction(1, 2))
        assert offset[channel] == floor(Fraction(addend) + Fraction(1, 2)) + half
    without_bias = layer_norm_parameters(
        gamma, None, output_scale=0.75, output_bits=bits, shift=shift, fraction_bits=fraction_bits
    )
    assert without_bias[0].tolist() == multiplier.tolist()
    assert without_bias[1].tolist() == [half] * 5


def parameters(alpha: list[float], bias: list[float], shift: int, bits: int = 8):
    return requantize_parameters(
        np.array(alpha, np.float32),
        np.array(bias, np.float32),
        input_scale=1.0,
        output_scale=1.0,
        output_bits=bits,
        shift=shift,
    )


def test_the_largest_multiplier_and_offset():
    multiplier, offset = parameters([131071 / 2], [0.0], shift=1)
    assert (multiplier.tolist(), offset.tolist()) == ([2**17 - 1], [1])
    _, offset = parameters([0.0, 0.0], [-(2.0**46), 2.0**46 - 2.0**22], shift=1, bits=1)
    assert offset.tolist() == [-(2**47), 2**47 - 2**23]


@pytest.mark.parametrize(
    ("alpha", "bias", "message"),
    [
        ([1, 65536, 65536], [0, 0, 0], "the multiplier of channel 1 is 131072, accepted range is"),
        ([1, 1, -65536], [0, 0, 0], "the multiplier of channel 2 is -131072, accepted range is"),
        ([1, nan, 1], [0, 0, 0], "the multiplier of channel 1 is nan, accepted range is"),
        ([1, 1, 1], [2.0**46, 0, 0], "the offset of channel 0 is 140737488355329, accepted range"),
        ([1, 1, 1], [0, 0, -inf], "the offset of channel 2 is -inf, accepted range is"),
    ],
)
def test_what_does_not_fit_is_refused(alpha: list[float], bias: list[float], message: str):
    with pytest.raises(OutOfRangeError, match=message):
        parameters(alpha, bias, shift=1)


def test_a_layer_norm_that_does_not_fit_is_refused():
    gamma = np.array([0.5, 2.0], np.float32)
    with pytest.raises(OutOfRangeError, match="the multiplier of channel 1 is 262144, accepted"):
        layer_norm_parameters(
            gamma, gamma, output_scale=1.0, output_bits=8, shift=27, fraction_bits=10
        )
