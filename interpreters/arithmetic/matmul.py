"""Sums of products of integers, exactly."""

import numpy as np

from vaqf.interpreters.arithmetic.integers import (
    EXACT_IN_FLOAT32,
    EXACT_IN_FLOAT64,
    EXACT_IN_INT64,
    AnyIntegers,
    Integers,
    OutOfRangeError,
)
from vaqf.interpreters.arithmetic.layout import join_heads, split_heads


def exact_matmul(left: AnyIntegers, right: AnyIntegers, bound: int) -> Integers:
    """
    The matrix product of integers, exactly.

    Args:
        left: ... x rows x inner.
        right: ... x inner x columns.
        bound: No sum of any of the products of an element exceeds this magnitude.
            It selects the fastest arithmetic that stays exact: `float32`, `float64` or `int64`.

    Raises:
        OutOfRangeError: when `bound` needs more than 63 bits.
    """
    if bound <= EXACT_IN_FLOAT32:
        exact = np.float32
    elif bound <= EXACT_IN_FLOAT64:
        exact = np.float64
    elif bound <= EXACT_IN_INT64:
        exact = np.int64
    else:
        raise OutOfRangeError(f"sums of up to {bound} need more than 63 bits")
    return np.matmul(left.astype(exact), right.astype(exact)).astype(np.int64)


def attention_scores(query: AnyIntegers, key: AnyIntegers, heads: int, bound: int) -> Integers:
    """
    Every query times every key, head by head.

    Args:
        query: Tokens x channels.
        key: Tokens x channels.
        heads: Number of heads that the channels divide into.
        bound: Largest magnitude of a sum.

    Returns:
        Heads x query tokens x key tokens.
    """
    return exact_matmul(
        split_heads(query, heads), split_heads(key, heads).transpose(0, 2, 1), bound
    )


def attention_values(probabilities: AnyIntegers, value: AnyIntegers, bound: int) -> Integers:
    """
    Values weighted by probabilities, head by head.

    Args:
        probabilities: Heads x query tokens x key tokens.
        value: Key tokens x channels.
        bound: Largest magnitude of a sum.

    Returns:
        Query tokens x channels.
    """
    heads = len(probabilities)
    return join_heads(exact_matmul(probabilities, split_heads(value, heads), bound))
