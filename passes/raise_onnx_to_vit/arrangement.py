"""
Which elements of a matrix or an image a tensor holds.

Reshaping, transposing, splitting and indexing only move elements around. Moving the positions of
the elements in the same way, and then looking where they ended up, tells what such a chain of
operations does, however an exporter spelled it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.vit import COLOURS_FIRST, COLOURS_LAST
from vaqf.interpreters.arithmetic.layout import extract_patches

Positions = NDArray[np.intp]
"""For each element of a tensor, the row-major position in the matrix that it was taken from."""


@dataclass(frozen=True)
class Block:
    """Consecutive columns of consecutive rows of a matrix."""

    first_row: int
    rows: int
    first_column: int
    columns: int


@dataclass(frozen=True)
class Comb:
    """
    Columns of consecutive rows of a matrix that are in another order, or have gaps between them.

    All columns of the matrix are split into `grid`, row-major, and transposed by `order`. Of what
    is then rows of `columns` columns each, they are the row `index`.
    """

    first_row: int
    rows: int
    grid: tuple[int, ...]
    order: tuple[int, ...]
    index: int
    columns: int


@dataclass(frozen=True)
class Patches:
    """An image that is cut into patches, each a row of its pixels."""

    height: int
    width: int

    order: str
    """Of the pixels, as `vit.extract_patches` has it."""


Part = Block | Comb | Patches
"""What can be asked for of the values of an operation."""


@lru_cache(maxsize=64)
def _count(size: int) -> Positions:
    positions = np.arange(size)
    positions.flags.writeable = False
    return positions


def in_order(shape: tuple[int, ...]) -> Positions:
    """The positions of a tensor of that shape that holds a whole matrix, unmoved."""
    return _count(prod(shape)).reshape(shape)


def is_in_order(positions: Positions, size: int) -> bool:
    """Whether a tensor holds all `size` elements of its matrix, unmoved."""
    return positions.size == size and np.array_equal(positions.ravel(), _count(size))


def order_of_dimensions(positions: Positions) -> tuple[int, ...]:
    """
    The permutation of dimensions after which positions grow fastest along the last ones.

    Dimensions of size one come first.
    """
    if not positions.size:
        return tuple(range(positions.ndim))
    lines = [
        np.moveaxis(positions, dimension, 0).reshape(size, -1)[:, 0]
        for dimension, size in enumerate(positions.shape)
    ]
    return tuple(
        sorted(
            range(positions.ndim),
            key=lambda dimension: (lines[dimension].size > 1, -int(np.ptp(lines[dimension]))),
        )
    )


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


def as_comb(positions: Positions, matrix_columns: int) -> Comb | None:
    """
    The columns that a tensor has in another order, or with gaps; None when they follow no grid.

    Linear layers that compute the query, key and value of each head one after the other are split
    so.
    """
    if not positions.size or not positions.ndim:
        return None
    matrix = positions.reshape(-1, positions.shape[-1])
    rows, columns = matrix.shape
    first_row, first_column = divmod(int(matrix[0, 0]), matrix_columns)
    picked = matrix[0] - first_row * matrix_columns
    every_row = np.arange(first_row, first_row + rows)[:, None] * matrix_columns
    if picked.max() >= matrix_columns or not np.array_equal(matrix, every_row + picked):
        return None
    steps = _steps_of(picked - first_column)
    found = None if steps is None else _grid_of(steps, matrix_columns)
    if found is None:
        return None
    grid, order = found
    gaps = len(order) - len(steps or ())
    place = np.unravel_index(first_column, grid)
    if any(place[dimension] for dimension in order[gaps:]):
        return None
    index = 0
    for dimension in order[:gaps]:
        index = index * grid[dimension] + int(place[dimension])
    return Comb(first_row, rows, grid, order, index, columns)


def _steps_of(offsets: Positions) -> list[tuple[int, int]] | None:
    """
    The loops, outermost first, that count as `offsets` do: distance and number of steps each.

    None when no loops do.
    """
    loops: list[tuple[int, int]] = []
    while offsets.size > 1:
        distance = int(offsets[1])
        differs = np.flatnonzero(offsets != np.arange(offsets.size) * distance)
        count = int(differs[0]) if differs.size else offsets.size
        inner = np.arange(count) * distance
        outer = offsets[::count]
        if distance < 1 or offsets.size % count:
            return None
        if not np.array_equal(offsets, np.add.outer(outer, inner).ravel()):
            return None
        loops.insert(0, (distance, count))
        offsets = outer
    return loops


def _grid_of(
    loops: list[tuple[int, int]], columns: int
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """
    The grid whose dimensions are those of the loops and the gaps between them.

    Returns:
        The grid, and its dimensions: first the gaps, then those of the loops in their order. None
        when no grid has these loops.
    """
    grid: list[int] = []
    gaps: list[int] = []
    dimensions: dict[tuple[int, int], int] = {}
    size = columns
    for distance, count in sorted(loops, reverse=True):
        gap, rest = divmod(size, distance * count)
        if rest or not gap:
            return None
        if gap > 1:
            gaps.append(len(grid))
            grid.append(gap)
        dimensions[distance, count] = len(grid)
        grid.append(count)
        size = distance
    if size > 1:
        gaps.append(len(grid))
        grid.append(size)
    return tuple(grid), (*gaps, *(dimensions[loop] for loop in loops))


def as_patches(positions: Positions, image: tuple[int, int, int]) -> Patches | None:
    """
    The patches that a tensor is cut into; None when it is no whole image in patches.

    Args:
        positions: A tensor whose last dimension are the pixels of a patch, all others together the
            patches in row-major order.
        image: Colours, height and width.
    """
    if not positions.ndim or positions.size != prod(image):
        return None
    colours, height, width = image
    pixels = positions.shape[-1]
    whole = in_order(image)
    for rows in range(1, height + 1):
        columns, rest = divmod(pixels, colours * rows)
        if rest or not columns or height % rows or width % columns:
            continue
        for order in (COLOURS_FIRST, COLOURS_LAST):
            expected = extract_patches(whole, rows, columns, order)
            if np.array_equal(positions.reshape(expected.shape), expected):
                return Patches(rows, columns, order)
    return None


def join_heads(positions: Positions) -> tuple[Positions, int] | None:
    """
    Put the heads of a tensor of heads x tokens x channels of a head side by side.

    Returns:
        The tensor of tokens x channels, and the number of heads; None for more than one batch.
    """
    *batch, heads, tokens, channels = (1, 1, 1, *positions.shape)
    if prod(batch) != 1:
        return None
    split = positions.reshape(heads, tokens, channels)
    return split.transpose(1, 0, 2).reshape(tokens, heads * channels), heads


def split_into_heads(tokens: int, channels: int, heads: int) -> Positions:
    """Where heads x tokens x channels of a head come from in a matrix of tokens x channels."""
    return in_order((tokens, heads, channels // heads)).transpose(1, 0, 2)


def columns_of(shape: tuple[int, ...], positions: Positions, matrix_columns: int) -> int | None:
    """
    The first of the columns that a tensor of one value for each column is for.

    Args:
        shape: Of the tensor, whose values are in the order of consecutive columns.
        positions: What it is added to, broadcasting.
        matrix_columns: Of the matrix that the positions are of.

    Returns:
        None when it meets its values in another order, or does not broadcast.
    """
    sizes = zip(reversed(shape), reversed(positions.shape), strict=False)
    if len(shape) > positions.ndim or any(own not in (1, other) for own, other in sizes):
        return None
    if shape == positions.shape[-1:] == (matrix_columns,) and is_in_order(
        positions, positions.size
    ):
        return 0  # Nearly every bias, found without a division for each position.
    columns = positions % matrix_columns
    first = int(columns.min(initial=matrix_columns))
    if not np.array_equal(np.broadcast_to(in_order(shape), columns.shape), columns - first):
        return None
    return first
