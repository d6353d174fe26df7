"""Products of matrices, against sums of Python's integers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.interpreters.arithmetic import matmul
from vaqf.interpreters.arithmetic.integers import AnyIntegers, OutOfRangeError, signed_bounds
from vaqf.interpreters.arithmetic.matmul import attention_scores, attention_values, exact_matmul

WIDTHS = st.integers(1, 16)
SIZES = st.integers(1, 9)


def product(left: AnyIntegers, right: AnyIntegers) -> list[list[int]]:
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in right.T.tolist()]
        for row in left.tolist()
    ]


def integers(seed: int, shape: tuple[int, ...], bits: int) -> AnyIntegers:
    """Random integers of a format, with its ends among them."""
    random = np.random.default_rng(seed)
    low, high = signed_bounds(bits)
    values = random.integers(low, high, shape, endpoint=True)
    return np.where(random.random(shape) < 0.3, random.choice([low, high], shape), values)


def bound(left: AnyIntegers, right: AnyIntegers) -> int:
    return left.shape[-1] * int(np.abs(left).max()) * int(np.abs(right).max())


@given(st.integers(0, 99), SIZES, SIZES, SIZES, WIDTHS, WIDTHS)
def test_exact_matmul(seed: int, rows: int, inner: int, columns: int, bits: int, weight_bits: int):
    left = integers(seed, (rows, inner), bits)
    right = integers(seed + 1, (inner, columns), weight_bits)
    assert exact_matmul(left, right, bound(left, right)).tolist() == product(left, right)


@pytest.mark.parametrize("largest", [1 << 24, (1 << 24) + 1, 1 << 53, (1 << 53) + 1, (1 << 63) - 1])
def test_sums_at_the_limits_of_each_arithmetic(largest: int):
    """The sum is exact up to its bound, and so is every other one on the way."""
    left = np.array([[largest // 2, largest - largest // 2, -1]])
    right = np.array([[1], [1], [1]])
    assert exact_matmul(left[:, :2], right[:2], largest).tolist() == [[largest]]
    assert exact_matmul(left, right, largest).tolist() == [[largest - 1]]


@pytest.mark.parametrize(
    ("bound", "arithmetic"),
    [
        (1 << 24, np.float32),
        ((1 << 24) + 1, np.float64),
        (1 << 53, np.float64),
        ((1 << 53) + 1, np.int64),
        ((1 << 63) - 1, np.int64),
    ],
)
def test_the_fastest_exact_arithmetic_is_chosen(
    bound: int, arithmetic: type[np.number], monkeypatch: pytest.MonkeyPatch
):
    seen: list[np.dtype[np.number]] = []

    def recording(left: AnyIntegers, right: AnyIntegers) -> AnyIntegers:
        seen.extend((left.dtype, right.dtype))
        return left

    monkeypatch.setattr(matmul.np, "matmul", recording)
    exact_matmul(np.ones((1, 1), np.int64), np.ones((1, 1), np.int8), bound)
    assert seen == [np.dtype(arithmetic)] * 2


def test_sums_beyond_63_bits_are_refused():
    one = np.ones((1, 1), np.int64)
    with pytest.raises(OutOfRangeError, match="sums of up to 9223372036854775808 need more than"):
        exact_matmul(one, one, 1 << 63)


@given(st.integers(0, 99), st.integers(1, 3), SIZES, SIZES, st.integers(1, 4), WIDTHS)
def test_attention(seed: int, heads: int, tokens: int, keys: int, channels: int, bits: int):
    query = integers(seed, (tokens, heads * channels), bits)
    key = integers(seed + 1, (keys, heads * channels), bits)
    largest = bound(query, key)
    scores = attention_scores(query, key, heads, largest)
    assert scores.shape == (heads, tokens, keys)
    weights = np.random.default_rng(seed).integers(0, 1 << bits, (heads, tokens, keys))
    largest = keys * (1 << bits) * int(np.abs(key).max())
    mixed = attention_values(weights, key, largest)
    assert mixed.shape == (tokens, heads * channels)
    for head in range(heads):
        of_head = slice(head * channels, (head + 1) * channels)
        assert scores[head].tolist() == product(query[:, of_head], key[:, of_head].T)
        assert mixed[:, of_head].tolist() == product(weights[head], key[:, of_head])
