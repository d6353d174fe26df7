"""Cycles of loops and bursts."""

from __future__ import annotations

from math import ceil

from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.timing import LOOP_OVERHEAD


def words(elements: int, width: int, word_bits: int) -> int:
    """Words that so many elements take in memory, from a word boundary on."""
    return ceil(elements * storage_bits(width) / word_bits)


def pipeline(trips: int, interval: int, depth: int) -> int:
    """Cycles of a pipelined loop."""
    return (trips - 1) * interval + depth + interval - 1 + LOOP_OVERHEAD if trips else 0


def nest(depth: int, interval: int, trips: int, *around: tuple[int, int]) -> int:
    """
    Cycles of a pipelined loop and of those around it, which become part of it where they can.

    Args:
        depth: of an iteration.
        interval: of the innermost loop alone.
        trips: of the innermost loop.
        around: of each loop around it, from the innermost: trips, and the interval that its
            iterations need as part of the pipeline.
    """
    rest = list(around)
    while rest and rest[0][1] <= interval:
        trips *= rest.pop(0)[0]
    cycles = pipeline(trips, interval, depth)
    for count, _ in rest:
        cycles = count * (cycles + LOOP_OVERHEAD)
    return cycles
