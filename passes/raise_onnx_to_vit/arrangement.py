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


def as_block(positions: Positions, matrix_columns: int) -> Block | None:
    """
    The block that a tensor is; None when it is no block.

    The last dimension of the tensor are its columns, all others together its rows: a batch of one
    does not matter, wherever it stands.
    """
    if not positions.size or not positions.ndim:
        return None
    matrix = positions.reshape(-1, positions.shape[-1])
    rows, columns = matrix.shape
    first_row, first_column = divmod(int(matrix[0, 0]), matrix_columns)
    if first_column + columns > matrix_columns:
        return None
    needed_rows = in_order((first_row + rows, matrix_columns))
    expected = needed_rows[first_row:, first_column : first_column + columns]
    if not np.array_equal(matrix, expected):
        return None
    return Block(first_row, rows, first_column, columns)


def as_heads(positions: Positions, matrix_columns: int) -> tuple[Block, int] | None:
    """
    The block that a tensor of heads x tokens x channels of a head was split from.

    Returns:
        The block, whose columns are those of the heads side by side, and the number of heads;
        None when the tensor is anything else.
    """
    *batch, heads, tokens, channels = (1, 1, 1, *positions.shape)
    if prod(batch) != 1:
        return None
    split = positions.reshape(heads, tokens, channels)
    block = as_block(split.transpose(1, 0, 2).reshape(tokens, heads * channels), matrix_columns)
    return None if block is None else (block, heads)


def split_into_heads(tokens: int, channels: int, heads: int) -> Positions:
    """Where heads x tokens x channels of a head come from in a matrix of tokens x channels."""
    return in_order((tokens, heads, channels // heads)).transpose(1, 0, 2)


def is_in_order(positions: Positions, size: int) -> bool:
    """Whether a tensor holds all `size` elements of its matrix, unmoved."""
    return positions.size == size and np.array_equal(positions.ravel(), _count(size))
