"""Memories: LUTs, block RAMs, UltraRAMs, registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil, prod

from vaqf.passes.costs.resources import Resources, logic

LARGEST_LUT_MEMORY_WORDS, LARGEST_LUT_MEMORY_BITS = 64, 1024
"""A memory within one of these is made of LUTs: a block RAM would be all but empty."""


def lut_memory_luts(words: int, width: int) -> int:
    """
    LUTs of a memory with one port to write and one to read.

    Eight LUTs hold 32 words of 14 bits or 64 of 7; more words need a multiplexer a bit.
    """
    if words <= 32:
        return 8 * ceil(width / 14)
    blocks = ceil(words / 64)
    return 8 * ceil(width / 7) * blocks + width * (blocks - 1)


def block_rams(words: int, width: int) -> int:
    """Block RAMs of 18 kbit of a memory: the best of the shapes that a block can have."""
    shapes = ((512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1))
    return min(ceil(width / wide) * ceil(words / deep) for deep, wide in shapes)


def ultra_rams(words: int, width: int) -> int:
    """UltraRAMs of a memory: 4,096 words of 72 bits each."""
    return ceil(width / 72) * ceil(words / 4096)


@cache
def memory(words: int, width: int) -> Resources:
    """One memory; a single word is a register."""
    if words == 1:
        return Resources(ff=width)
    if words <= LARGEST_LUT_MEMORY_WORDS or words * width <= LARGEST_LUT_MEMORY_BITS:
        return Resources(lut=lut_memory_luts(words, width), ff=width)
    return Resources(bram18=block_rams(words, width))


def selection_luts(choices: int, width: int) -> int:
    """LUTs that choose one of several numbers: one LUT has four inputs and two to select."""
    return width * ceil((choices - 1) / 3)


def registers(numbers: int, width: int) -> Resources:
    """Numbers in registers, one of which is written and two of which are read in a cycle."""
    return logic(2 * selection_luts(numbers, width), numbers * width)


def turned_registers(numbers: int, width: int) -> Resources:
    """Registers of which one half is written while the other one is read, and then the reverse."""
    return logic(numbers * width / 4, numbers * width)


def array_storage(
    shape: Sequence[int], width: int, factors: Mapping[int, int], copies: int
) -> Resources:
    """
    An array that is split over memories.

    Args:
        shape: of the array.
        width: bits of an element.
        factors: for each dimension that is split, into how many parts; 0 for completely.
        copies: how many memories hold each part.
    """
    parts = [min(factors.get(dimension, 1) or size, size) for dimension, size in enumerate(shape)]
    words = prod(ceil(size / count) for size, count in zip(shape, parts, strict=True))
    return memory(words, width) * (prod(parts) * copies)


def weight_storage(slots: int, tiles: int, rows: int, row_bits: int) -> Resources:
    """
    Strips of weight tiles, of which one loads while another one is used: a memory for each row.

    Args:
        slots: strips that take turns.
        tiles: of a strip.
        rows: output channels of a tile.
        row_bits: bits of a row, which are one word.
    """
    return memory(tiles, row_bits) * (slots * rows)


@cache
def matrix_storage(
    channels: int,
    width: int,
    *,
    lanes: int,
    channel_slots: int,
    token_slots: int,
    banks: int,
    ultra: bool = False,
) -> Resources:
    """
    A matrix of activations: words of all lanes, tokens dealt over memories.

    Args:
        channels: of the matrix.
        width: bits of an activation; one bit is kept as two.
        lanes: channels of a word.
        channel_slots: there is room for a multiple of so many channels.
        token_slots: tokens that there is room for.
        banks: memories over which the tokens are dealt.
        ultra: whether it lies in UltraRAMs.
    """
    words = ceil(channels / channel_slots) * ceil(channel_slots / lanes)
    deep, wide = words * ceil(token_slots / banks), lanes * max(2, width)
    if ultra:
        return Resources(uram=ultra_rams(deep, wide)) * banks
    return memory(deep, wide) * banks


def in_ultra_rams(matrices: Sequence[tuple[Resources, Resources]], available: int) -> list[bool]:
    """
    Which matrices lie in UltraRAMs: those that save most block RAMs for each, as far as they go.

    Args:
        matrices: what each takes as usual, and in UltraRAMs.
        available: UltraRAMs.
    """
    chosen = [False] * len(matrices)
    gains = [usual.bram18 / ultra.uram for usual, ultra in matrices]
    for number in sorted(range(len(matrices)), key=lambda each: -gains[each]):
        needed = matrices[number][1].uram
        if gains[number] and needed <= available:
            chosen[number] = True
            available -= needed
    return chosen
