"""
What lies in a memory, and what an operation may read of it.

A buffer is an array of `int64` (parameters in DRAM may be narrower) of exactly the shape of its
`memref`. What hangs over the end of a matrix is not there: it cannot be read, and what is written
to it is dropped.
"""

import numpy as np
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects.accel.memory import element_bounds
from vaqf.interpreters.arithmetic.integers import Integers

UNDEFINED = np.iinfo(np.int64).min
"""What an element holds before it is written; no integer of the accelerator is that small."""


def new_buffer(shape: tuple[int, ...]) -> Integers:
    """A buffer that nothing was written to yet."""
    return np.full(shape, UNDEFINED, np.int64)


def largest_magnitude(bits: int) -> int:
    """The largest absolute value of an element of `bits` bits."""
    return -element_bounds(bits)[0]


def is_defined(values: Integers) -> bool:
    """Whether every element was written."""
    return not values.size or values.min() != UNDEFINED


def defined(values: Integers) -> Integers:
    """
    `values`, as they are.

    Raises:
        InterpretationError: when one of them was never written.
    """
    if not is_defined(values):
        raise InterpretationError("reads an element that was never written")
    return values


def fitting(values: Integers, bits: int) -> Integers:
    """
    `values`, as they are.

    Raises:
        InterpretationError: when one of them needs more than `bits` bits.
    """
    if values.size:
        low, high = element_bounds(bits)
        smallest, largest = values.min(), values.max()
        if smallest < low or largest > high:
            value = smallest if smallest < low else largest
            raise InterpretationError(f"{value} does not fit {bits} bits")
    return values


def overlap(first: int, lanes: int, size: int) -> int:
    """How many of `lanes` elements from `first` on are within a dimension of `size`."""
    return max(0, min(lanes, size - first))


def counting(first: int, lanes: int, size: int, limit: int | None) -> int:
    """
    How many of `lanes` elements from `first` on count in a sum or comparison.

    Args:
        first: Index of lane 0.
        lanes: Lanes of the tile.
        size: Elements that there are.
        limit: Elements that are valid; None when no lane hangs over.

    Raises:
        InterpretationError: when a lane counts, but there is no element for it.
    """
    lanes_that_count = lanes if limit is None else overlap(first, lanes, limit)
    if lanes_that_count > overlap(first, lanes, size):
        raise InterpretationError(
            f"lane {overlap(first, lanes, size)} hangs over the end of {size} elements, "
            f"but counts: 'limit' is {limit}"
        )
    return lanes_that_count
