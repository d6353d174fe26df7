"""
How long things take.

A clock of 200 to 300 MHz leaves time for two adders of a tree in a cycle, for four stages in a
multiplier, and for two cycles to read a block RAM.
"""

from __future__ import annotations

from math import ceil

from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.passes.costs.adders import tree_levels

UPDATE_LATENCY = 4
"""Cycles to read a sum from a memory (2), add to it, and write it back."""

MULTIPLIER_LATENCY = 4
"""Cycles of a DSP48E2 with all of its registers."""

ACCESS_LATENCY = 3
"""Cycles to read an array (2) and to write one."""


def adder_tree_latency(count: int) -> int:
    """Cycles of a balanced tree of adders: two levels in each."""
    return ceil(tree_levels(count) / 2)


def divider_latency(quotient_bits: int) -> int:
    """Cycles of a pipelined divider: one bit of the quotient in each."""
    return quotient_bits


def root_latency(widths: LayerNormWidths) -> int:
    """Cycles of a reciprocal root: the variance, one bit of the root in each, then the division."""
    root_bits = widths.variance_bits // 2
    return 2 * MULTIPLIER_LATENCY + root_bits + divider_latency(root_bits)
