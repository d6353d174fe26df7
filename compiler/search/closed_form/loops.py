"""Cycles of loops and bursts."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.timing import LOOP_OVERHEAD

Counts = NDArray[np.int64]
"""A number for each of several parameters."""


def divided_up(count: Counts | int, size: Counts | int) -> Counts:
    """Parts of a size that something takes."""
    return np.asarray(-(-count // size), np.int64)


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


def nest_of_units(
    depth: Counts,
    interval: Counts,
    trips: Counts,
    tiles: tuple[Counts | int, Counts],
    units: tuple[Counts | int, Counts],
) -> Counts:
    """The same for two loops around the innermost one, for several parameters at once."""
    with_tiles = tiles[1] <= interval
    with_units = with_tiles & (units[1] <= interval)
    trips = np.where(with_tiles, trips * tiles[0], trips)
    trips = np.where(with_units, trips * units[0], trips)
    cycles = (trips - 1) * interval + depth + interval - 1 + LOOP_OVERHEAD
    cycles = np.where(with_tiles, cycles, tiles[0] * (cycles + LOOP_OVERHEAD))
    return np.where(with_units, cycles, units[0] * (cycles + LOOP_OVERHEAD))
