"""Softmax in integers, against Python's integers and against the real function."""

from math import ceil, log2, log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vaqf.dialects.quant.widths import SoftmaxWidths
from vaqf.interpreters.arithmetic.formats import quantize_unsigned
from vaqf.interpreters.arithmetic.integers import Integers
from vaqf.interpreters.arithmetic.softmax import (
    exponentials,
    probabilities,
    reciprocal,
    row_maximum,
    softmax,
)
from vaqf.interpreters.arithmetic.tables import exponential_table

BITS = st.integers(1, 16)
KEYS = st.integers(1, 300)
TABLE = exponential_table()


def reference(scores: list[int], multiplier: int, shift: int, bits: int) -> list[int]:
    """The formulas of one row, as `docs/numerics.md` has them."""
    widths = SoftmaxWidths(len(scores), bits)
    length = ceil(log2(len(scores)))
    maximum = max(scores)
    powers: list[int] = []
    for score in scores:
        z = ((maximum - score) * multiplier + 2 ** (shift - 1)) // 2**shift
        powers.append(0 if z // 256 > 15 else int(TABLE[z % 256]) // 2 ** (z // 256))
    total = sum(powers)
    assert 2**15 <= total < 2**widths.sum_bits
    inverse = 2 ** (30 + length) // total
    assert inverse <= 2 ** (15 + length) < 2**widths.inverse_bits
    half = 2 ** (29 + length - bits)
    return [
        min((power * inverse + half) // 2 ** (30 + length - bits), 2**bits - 1) for power in powers
    ]


@given(
    st.integers(0, 999),
    KEYS,
    BITS,
    st.integers(1, 45),
    st.integers(0, 2**17 - 1),
    st.integers(1, 47),
)
def test_softmax(seed: int, keys: int, bits: int, width: int, multiplier: int, shift: int):
    largest = (1 << width) - 1
    scores = np.random.default_rng(seed).integers(-largest, largest, (2, keys), endpoint=True)
    expected = [reference(row, multiplier, shift, bits) for row in scores.tolist()]
    assert softmax(scores, TABLE, multiplier, shift, bits).tolist() == expected


def multiplier_and_shift(step: float) -> tuple[int, int]:
    """Integers for scores of which one is `step`, in units of the exponent of softmax."""
    factor = 256 * log2(np.e) * step
    shift = next(each for each in range(40, 0, -1) if factor * 2.0**each < 2**17 - 1)
    return round(factor * 2.0**shift), shift


def random_scores(seed: int, keys: int, spread: float) -> tuple[Integers, float]:
    """Rows of scores with a standard deviation of `spread`, and the real value of one."""
    step = 2.0**-12
    random = np.random.default_rng(seed)
    return np.rint(random.standard_normal((64, keys)) * spread / step).astype(np.int64), step


def decibels(signal: NDArray[np.float64], error: NDArray[np.float64]) -> float:
    """Signal to noise."""
    return 10 * log10(np.square(signal).sum() / np.square(error).sum())


def real_softmax(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)).astype(np.float64)


@given(st.integers(0, 999), KEYS, BITS, st.sampled_from([0.1, 1.0, 4.0]))
def test_rows_sum_to_about_one(seed: int, keys: int, bits: int, spread: float):
    scores, step = random_scores(seed, keys, spread)
    sums = softmax(scores, TABLE, *multiplier_and_shift(step), bits).sum(axis=-1) / 2.0**bits
    # Each probability is rounded to a step, one of 1 is a step less, the reciprocal has 15 bits.
    assert (np.abs(sums - 1) <= (keys / 2 + 1) / 2**bits + 2**-15).all()


@given(st.integers(0, 999), KEYS, BITS, st.sampled_from([0.1, 1.0, 4.0]))
def test_probabilities_are_near_the_real_ones(seed: int, keys: int, bits: int, spread: float):
    scores, step = random_scores(seed, keys, spread)
    actual = softmax(scores, TABLE, *multiplier_and_shift(step), bits) / 2.0**bits
    error = np.abs(actual - real_softmax(scores * step))
    # A step of the exponent is 2^-8 octaves, of which rounding leaves half: 0.14 %.
    assert error.max() <= 1 / 2**bits + 0.004


@pytest.mark.parametrize("keys", [17, 197])
@pytest.mark.parametrize(("bits", "lost"), [(4, 0.05), (8, 0.05), (12, 1.6)])
def test_accuracy(keys: int, bits: int, lost: float):
    """Up to 12 bits it is nearly as good as rounding the real function."""
    scores, step = random_scores(0, keys, spread=1.0)
    exact = real_softmax(scores * step)
    actual = softmax(scores, TABLE, *multiplier_and_shift(step), bits) / 2.0**bits
    rounded = quantize_unsigned(exact, 2.0**-bits, bits) / 2.0**bits
    assert decibels(exact, rounded - exact) - decibels(exact, actual - exact) <= lost


@pytest.mark.parametrize("spread", [0.5, 1.0, 3.0])
def test_accuracy_of_the_widest(spread: float):
    """What limits 16 bits is that an exponent has steps of 2^-8 octaves."""
    scores, step = random_scores(0, 197, spread)
    exact = real_softmax(scores * step)
    actual = softmax(scores, TABLE, *multiplier_and_shift(step), 16) / 2.0**16
    assert decibels(exact, actual - exact) >= 57


def test_steps_on_tiles_give_the_same():
    """Hardware sees a part of a row at a time."""
    scores, step = random_scores(1, 50, spread=2.0)
    multiplier, shift = multiplier_and_shift(step)
    widths = SoftmaxWidths(50, 8)
    tiles = np.split(scores, (16, 32, 48), axis=-1)
    maximum = np.max([row_maximum(tile) for tile in tiles], axis=0)
    powers = [exponentials(tile, maximum, TABLE, multiplier, shift) for tile in tiles]
    sums = np.sum([each.sum(axis=-1, keepdims=True) for each in powers], axis=0)
    inverse = reciprocal(sums, widths.inverse_shift)
    parts = [probabilities(each, inverse, widths.result_shift, widths.bits) for each in powers]
    assert np.array_equal(
        np.concatenate(parts, axis=-1), softmax(scores, TABLE, multiplier, shift, 8)
    )


def test_a_single_key_has_the_largest_probability():
    assert softmax(np.array([[-7]]), TABLE, 100, 8, 8).tolist() == [[255]]
