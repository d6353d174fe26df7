"""Integers in floating-point arrays."""

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Element = TypeVar("Element", bound=np.generic)

Wholes = NDArray[np.float32 | np.float64 | np.int32]
"""Integers, each of which its element holds exactly."""

CHUNK = 1 << 16
"""Elements that are taken through all steps of a layer at a time: they stay in the cache,
and are many enough that calls of NumPy do not count."""


def as_rows(values: NDArray[Element]) -> NDArray[Element]:
    """Samples x tokens x channels, or more dimensions, as one long matrix of rows."""
    return values.reshape(-1, values.shape[-1])


def chunks(rows: int, columns: int, elements: int = CHUNK) -> Iterator[slice]:
    """Ranges of rows of a matrix that have about so many elements each."""
    step = max(1, elements // columns)
    for first in range(0, rows, step):
        yield slice(first, min(first + step, rows))
