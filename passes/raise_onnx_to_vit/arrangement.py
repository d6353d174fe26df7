"""
Which elements of a matrix a tensor holds.

Reshaping, transposing, splitting and indexing only move elements around. Moving the positions of
the elements in the same way, and then looking where they ended up, tells what such a chain of
operations does, however an exporter spelled it.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.intp]
"""For each element of a tensor, the row-major position in the matrix that it was taken from."""


@dataclass(frozen=True)
class Block:
    """Consecutive columns of consecutive rows of a matrix."""

    first_row: int
    rows: int
    first_column: int
    columns: int


@lru_cache(maxsize=64)
def _count(size: int) -> Positions:
    positions = np.arange(size)
    positions.flags.writeable = False
    return positions


def in_order(shape: tuple[int, ...]) -> Positions:
    """The positions of a tensor of that shape that holds a whole matrix, unmoved."""
    return _count(prod(shape)).reshape(shape)


def without_batch(positions: Positions, rank: int) -> Positions | None:
    """Drop or add leading dimensions of one up to `rank`; None when others are in the way."""
    shape = (1,) * rank + positions.shape
    return None if prod(shape[:-rank]) != 1 else positions.reshape(shape[-rank:])


def as_block(positions: Positions, matrix_columns: int) -> Block | None:
    """The block that the last two dimensions of a tensor are; None when they are no block."""
    matrix = without_batch(positions, 2)
    if matrix is None or not matrix.size:
        return None
    rows, columns = matrix.shape
    first_row, first_column = divmod(int(matrix[0, 0]), matrix_columns)
    if first_column + columns > matrix_columns:
        return None
    expected = np.add.outer(matrix_columns * in_order((rows,)), in_order((columns,)))
    if not np.array_equal(matrix, matrix[0, 0] + expected):
        return None
    return Block(first_row, rows, first_column, columns)


def as_heads(positions: Positions, matrix_columns: int) -> tuple[Block, int] | None:
    """
    The block that a tensor of heads x tokens x channels of a head was split from.

    Returns:
        The block, whose columns are those of the heads side by side, and the number of heads;
        None when the tensor is anything else.
    """
    split = without_batch(positions, 3)
    if split is None:
        return None
    heads, tokens, channels = split.shape
    block = as_block(split.transpose(1, 0, 2).reshape(tokens, heads * channels), matrix_columns)
    return None if block is None else (block, heads)


def split_into_heads(tokens: int, channels: int, heads: int) -> Positions:
    """Where heads x tokens x channels of a head come from in a matrix of tokens x channels."""
    return in_order((tokens, heads, channels // heads)).transpose(1, 0, 2)


def is_in_order(positions: Positions, size: int) -> bool:
    """Whether a tensor holds all `size` elements of its matrix, unmoved."""
    return positions.size == size and np.array_equal(positions.ravel(), _count(size))
