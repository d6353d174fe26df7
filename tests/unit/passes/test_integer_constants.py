"""Integers that stand for real constants."""

from math import exp, log2

import pytest

from vaqf.dialects.quant import IntType
from vaqf.passes.integer_constants import layer_norm_epsilon, scaled, softmax_factor


def test_rounds_half_up():
    assert scaled(0.5, 1) == 1
    assert scaled(1.25, 1) == 3
    assert scaled(0.25, 0) == 0


def test_softmax_counts_in_fractions_of_octaves():
    """A sum of products that is larger by one makes the probability larger by this ratio."""
    factor = softmax_factor(IntType(8, 0.05), IntType(8, 0.04), 0.125)
    assert factor / 256 == pytest.approx(log2(exp(0.05 * 0.04 * 0.125)))


def test_epsilon_is_in_squares_of_steps():
    assert layer_norm_epsilon(1e-6, 192, IntType(16, 0.001)) == 192 * 192
    assert layer_norm_epsilon(1e-5, 10, IntType(16, 0.01)) == 10
    # 0.5 of a step is rounded up, less is raised to one.
    assert layer_norm_epsilon(0.015, 10, IntType(16, 1.0)) == 2
    assert layer_norm_epsilon(1e-12, 10, IntType(16, 1.0)) == 1


def test_epsilon_is_at_most_the_largest_variance():
    assert layer_norm_epsilon(1e6, 10, IntType(4, 0.001)) == 10 * 10 * 2**6
