"""LayerNorm in integers, against Python's integers and against the real function."""

from math import isqrt, log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.interpreters.arithmetic.formats import quantize
from vaqf.interpreters.arithmetic.integers import Integers, signed_bounds
from vaqf.interpreters.arithmetic.layer_norm import (
    Moments,
    layer_norm,
    moments,
    normalize,
    reciprocal_root,
    variance,
)
from vaqf.interpreters.arithmetic.weights import layer_norm_parameters

WIDTHS = st.integers(1, 16)
CHANNELS = st.integers(1, 300)
EPSILON = 1e-6


def reference_normalized(token: list[int], epsilon: int, bits: int) -> list[int]:
    """Steps 1 to 3 of `docs/numerics.md`, which also checks every width."""
    channels = len(token)
    widths = LayerNormWidths(channels, bits)
    total, squares = sum(token), sum(each * each for each in token)
    assert total.bit_length() < widths.sum_bits and squares.bit_length() <= widths.squares_bits
    v = channels * squares - total**2 + epsilon
    width = widths.variance_bits
    assert 1 <= v < 2**width and width % 2 == 0
    k = 0
    while v * 4 ** (k + 1) < 2**width:
        k += 1
    inverse = 2 ** (width // 2 + 16) // isqrt(v * 4**k)
    assert 2**16 <= inverse <= 2**17
    normalized: list[int] = []
    for each in token:
        centered = channels * each - total
        assert centered.bit_length() < widths.centered_bits
        shift = width // 2 + 16 - k - widths.fraction_bits
        normalized.append((centered * inverse + 2 ** (shift - 1)) // 2**shift)
    assert all(-(2**17) <= each < 2**17 for each in normalized)
    return normalized


def reference(
    token: list[int],
    multiplier: list[int],
    offset: list[int],
    *,
    epsilon: int,
    shift: int,
    input_bits: int,
    output_bits: int,
) -> list[int]:
    low, high = signed_bounds(output_bits)
    result: list[int] = []
    normalized = reference_normalized(token, epsilon, input_bits)
    for n, m, o in zip(normalized, multiplier, offset, strict=True):
        y = n * m + o
        if output_bits == 1:
            result.append(1 if y >= 0 else -1)
        else:
            result.append(min(max(y // 2**shift, low), high))
    return result


def tokens(seed: int, channels: int, bits: int) -> Integers:
    """Random tokens, a constant one, and one with all its variance in one channel."""
    random = np.random.default_rng(seed)
    low, high = signed_bounds(bits)
    some = random.integers(low, high, (3, channels), endpoint=True)
    some = np.where((bits == 1) & (some == 0), 1, some)
    constant = np.full((1, channels), high)
    outlier = np.full((2, channels), [[low], [high]])
    outlier[:, random.integers(channels)] = high, low
    return np.concatenate([some, constant, outlier])


@given(st.integers(0, 999), CHANNELS, WIDTHS, WIDTHS, st.integers(1, 47), st.data())
def test_layer_norm(
    seed: int, channels: int, input_bits: int, output_bits: int, shift: int, data: st.DataObject
):
    values = tokens(seed, channels, input_bits)
    random = np.random.default_rng(seed)
    multiplier = random.integers(-(2**17) + 1, 2**17, channels)
    offset = random.integers(-(2**47), 2**47, channels)
    largest = LayerNormWidths(channels, input_bits).largest_epsilon
    epsilon = data.draw(st.sampled_from([1, largest]) | st.integers(1, largest))
    actual = layer_norm(
        values,
        multiplier,
        offset,
        epsilon=epsilon,
        shift=shift,
        input_bits=input_bits,
        output_bits=output_bits,
    )
    assert actual.tolist() == [
        reference(
            token,
            multiplier.tolist(),
            offset.tolist(),
            epsilon=epsilon,
            shift=shift,
            input_bits=input_bits,
            output_bits=output_bits,
        )
        for token in values.tolist()
    ]


@pytest.mark.parametrize("channels", [36, 192, 768, 46340])
def test_many_channels(channels: int):
    values = tokens(0, channels, 16)
    one = np.ones(channels, np.int64)
    actual = layer_norm(values, one, 0 * one, epsilon=1, shift=1, input_bits=16, output_bits=16)
    for token, result in zip(values.tolist(), actual.tolist(), strict=True):
        normalized = reference_normalized(token, 1, 16)
        assert result == [min(max(each >> 1, -(2**15)), 2**15 - 1) for each in normalized]


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_one_channel_with_all_the_variance_fits(bits: int):
    """The largest normalized value there is, at widths where the root has the fewest bits."""
    low, high = signed_bounds(bits)
    for channels in range(2, 1100):
        token = np.full((1, channels), low)
        token[0, 0] = high
        widths = LayerNormWidths(channels, bits)
        gathered = moments(token)
        root = reciprocal_root(variance(gathered, channels, 1), widths)
        assert np.abs(normalize(token, gathered.sum, root, widths)).max() < 2**17


def decibels(signal: NDArray[np.float64], error: NDArray[np.float64]) -> float:
    """Signal to noise."""
    return 10 * log10(np.square(signal).sum() / np.square(error).sum())


def noise(channels: int, output_bits: int) -> tuple[float, float]:
    """
    Error of a LayerNorm: the largest in steps of the output, and decibels lost beside rounding.

    The stream has 16 bits, of which a few channels use many more than the others, as they do in
    trained transformers.
    """
    random = np.random.default_rng(0)
    real = random.standard_normal((197, channels)) * random.lognormal(0, 0.7, channels)
    scale = np.abs(real).max() / (2**15 - 1)
    values = np.rint(real / scale).astype(np.int64)
    gamma = random.uniform(0.2, 1.5, channels).astype(np.float32)
    beta = random.normal(0, 0.2, channels).astype(np.float32)
    real = values * scale
    centered = real - real.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.square(centered).mean(axis=-1, keepdims=True) + EPSILON)
    exact = centered / deviation * gamma + beta
    output_scale = float(np.abs(exact).max()) / (2 ** (output_bits - 1) - 1)
    widths = LayerNormWidths(channels, 16)
    factor = float(gamma.max()) / output_scale
    shift = next(
        each
        for each in range(40, 0, -1)
        if factor * 2.0 ** (each - widths.fraction_bits) < 2**17 - 1
    )
    multiplier, offset = layer_norm_parameters(
        gamma,
        beta,
        output_scale=output_scale,
        output_bits=output_bits,
        shift=shift,
        fraction_bits=widths.fraction_bits,
    )
    actual = layer_norm(
        values,
        multiplier,
        offset,
        epsilon=round(EPSILON * channels**2 / scale**2) or 1,
        shift=shift,
        input_bits=16,
        output_bits=output_bits,
    )
    error = actual * output_scale - exact
    rounding = quantize(exact, output_scale, output_bits) * output_scale - exact
    loss = decibels(exact, rounding) - decibels(exact, error)
    return float(np.abs(error).max() / output_scale), loss


@pytest.mark.parametrize("channels", [36, 192, 768])
@pytest.mark.parametrize(
    ("bits", "steps", "lost"), [(4, 0.501, 0.01), (8, 0.51, 0.01), (16, 1.1, 1.0)]
)
def test_accuracy(channels: int, bits: int, steps: float, lost: float):
    """Up to 12 bits it is as good as rounding the real function; at 16 bits nearly so."""
    largest_error, loss = noise(channels, bits)
    assert largest_error <= steps
    assert loss <= lost


def test_steps_on_tiles_give_the_same():
    """Hardware gathers moments, and normalizes, a few channels at a time."""
    values = tokens(3, 50, 16)
    widths = LayerNormWidths(50, 16)
    whole = moments(values)
    tiles = np.split(values, (16, 32, 48), axis=-1)
    gathered = [moments(tile) for tile in tiles]
    joined = Moments(
        np.sum([each.sum for each in gathered], axis=0),
        np.sum([each.squares for each in gathered], axis=0),
    )
    assert np.array_equal(joined.sum, whole.sum) and np.array_equal(joined.squares, whole.squares)
    root = reciprocal_root(variance(joined, 50, 7), widths)
    parts = [normalize(tile, joined.sum, root, widths) for tile in tiles]
    expected = [reference_normalized(token, 7, 16) for token in values.tolist()]
    assert np.concatenate(parts, axis=-1).tolist() == expected
