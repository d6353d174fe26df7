"""Sums of activations with weights of one bit, in each of their forms."""

from __future__ import annotations

from functools import cache
from math import ceil, log2

from vaqf.dialects.accel.tiles import CONDITIONAL_NEGATION, PAIRED_SUM
from vaqf.passes.costs.adders import tree_luts
from vaqf.passes.costs.resources import Resources, logic

PAIRS_OF_CHAIN = 8
"""Pairs that `paired_sum` adds one after the other, before chains are added in a tree."""


def negated_sum_luts(inputs: int, bits: int) -> float:
    """
    LUTs of one sum of `inputs` activations of `bits` bits, each with a sign of its own.

    Fitted to synthesised netlists (Yosys 0.70, 32 inputs, 1 to 8 bits, within 5 %): the negation
    of each is an adder of its own before the tree.
    """
    return 2.4 * inputs * bits + 2 * inputs


def selected_sum_luts(inputs: int, bits: int) -> float:
    """
    LUTs of one sum of selected activations: a tree whose first adders select.

    `(N - 1) b + 2 N - log2 N - 2`, equal to synthesised netlists (Yosys 0.70; 8 to 128 inputs that
    are powers of two, 2 to 16 bits), without what follows the tree.
    """
    return (inputs - 1) * bits + 2 * inputs - log2(inputs) - 2


def paired_sum_luts(inputs: int, bits: int) -> float:
    """
    LUTs of one sum of pairs: every link of a chain chooses the sum or the difference of its pair
    and adds or subtracts it, in one LUT a bit and one for the carry; then a tree of chains.

    Synthesised netlists are at most 10 % larger (Yosys 0.70; 8 to 64 inputs, 4 and 8 bits).
    """
    pairs, total = ceil(inputs / 2), 0
    ends = 0
    for first in range(0, pairs, PAIRS_OF_CHAIN):
        links = min(PAIRS_OF_CHAIN, pairs - first)
        for number in range(1, links + 1):
            total += bits + 1 + _levels(number) + 1
        ends += 1
    width = bits + 1 + _levels(min(pairs, PAIRS_OF_CHAIN))
    return total + tree_luts(ends, width)


def _levels(count: int) -> int:
    return (count - 1).bit_length()


@cache
def binary_array(
    form: str, *, tokens: int, outputs: int, inputs: int, bits: int, sum_bits: int
) -> Resources:
    """
    An array of `tokens x outputs` sums of `inputs` activations, each with its accumulator.

    Args:
        form: how the sums are built.
        tokens: that share the weights.
        outputs: that share the activations.
        inputs: products of a sum.
        bits: of an activation; one bit, -1 or +1, is kept as two.
        sum_bits: of an accumulator.
    """
    bits = max(2, bits)
    match form:
        case _ if form == CONDITIONAL_NEGATION or inputs < 2:
            own, shared, ff = negated_sum_luts(inputs, bits), 0.0, 1.3 * inputs * bits
        case _ if form == PAIRED_SUM:
            # A sum and a difference for every pair of a token; and for every pair of weights
            # whether they are equal, two of which share a LUT.
            equal = outputs * ceil(inputs / 2) / 2 / (tokens * outputs)
            own = paired_sum_luts(inputs, bits) + equal
            shared = 2 * ceil(inputs / 2) * (bits + 1)
            ff = 0.52 * inputs * bits + 1.89 * inputs
        case _:
            # Twice the sum, less that of all activations, is one more adder.
            own = selected_sum_luts(inputs, bits) + bits + _levels(inputs) + 1
            shared, ff = tree_luts(inputs, bits), 0.8 * inputs * bits + 1.4 * inputs
    sums = tokens * outputs
    # The activations and the weights of a tile are registers in front of the array.
    registers = tokens * inputs * bits + outputs * inputs
    return logic(
        sums * (own + sum_bits) + tokens * shared,
        sums * (ff + sum_bits) + tokens * shared + registers,
    )
