"""Adder trees: one LUT and one carry position a bit."""

from __future__ import annotations

from math import ceil, log2


def tree_luts(count: int, width: int) -> int:
    """
    LUTs of a balanced tree that adds `count` signed numbers of `width` bits.

    An adder of two numbers has as many LUTs as its result has bits.
    """
    total = 0
    while count > 1:
        width += 1
        total += (count // 2) * width
        count = ceil(count / 2)
    return total


def tree_levels(count: int) -> int:
    """Adders that follow each other in a balanced tree."""
    return ceil(log2(count)) if count > 1 else 0
