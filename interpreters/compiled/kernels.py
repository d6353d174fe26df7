"""`kernels.cpp`, for arrays."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.ctypeslib import ndpointer
from numpy.typing import NDArray

from vaqf.interpreters.compiled.native_library import native_library
from vaqf.interpreters.compiled.wholes import Wholes

SOURCE = Path(__file__).with_name("kernels.cpp")

FLAGS = (
    "-std=c++17",
    "-O3",
    "-march=native",
    # Whatever else the user compiles with.
    "-fvisibility=default",
    "-fno-sanitize=all",
    # Sums may be taken in any order: none is rounded. All numbers are finite.
    "-fassociative-math",
    "-ffinite-math-only",
    "-fno-signed-zeros",
    "-fno-trapping-math",
)

Single = NDArray[np.float32]
Double = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Products = NDArray[np.int32]

SINGLES = ndpointer(np.float32, flags="C_CONTIGUOUS")
DOUBLES = ndpointer(np.float64, flags="C_CONTIGUOUS")
PRODUCTS = ndpointer(np.int32, flags="C_CONTIGUOUS")
BYTES = ndpointer(np.uint8, flags="C_CONTIGUOUS")
SUMS = ndpointer(flags="C_CONTIGUOUS")
COUNT = ctypes.c_int64
REAL = ctypes.c_double

TYPES = ["float32", "float64", "int32"]
"""The types of sums, in the order of `kernels.cpp`."""

PARAMETERS = {
    "requantize": (SUMS, COUNT, COUNT, COUNT, DOUBLES, DOUBLES, REAL, REAL, SINGLES),
    "requantize_and_look_up": (
        *(SUMS, COUNT, COUNT, COUNT, DOUBLES, DOUBLES),
        *(REAL, SINGLES, SINGLES),
    ),
    "moments": (SINGLES, COUNT, COUNT, DOUBLES, DOUBLES),
    "normalize": (SINGLES, COUNT, COUNT, DOUBLES, DOUBLES, SINGLES),
    "softmax": (SUMS, COUNT, COUNT, COUNT, REAL, SINGLES, REAL, COUNT, REAL, REAL, SINGLES),
    "one_byte": (SINGLES, COUNT, BYTES),
    "two_bytes": (SINGLES, COUNT, BYTES),
    "join_bytes": (PRODUCTS, PRODUCTS, COUNT, COUNT, DOUBLES, DOUBLES),
}
"""What each function takes; they return nothing."""


@dataclass(frozen=True)
class Kernels:
    """
    The functions. What they are given is dense; what has one for each row or channel is as long as
    there are rows or channels.
    """

    library: ctypes.CDLL

    def requantize(
        self,
        sums: Wholes,
        multiplier: Double,
        offset: Double,
        limits: tuple[int, int],
        out: Single,
    ) -> None:
        """`floor(clip(sums * multiplier + offset, *limits))` to `out`, which may be the sums."""
        type = TYPES.index(sums.dtype.name)
        self.library.requantize(sums, type, *sums.shape, multiplier, offset, *limits, out)

    def requantize_and_look_up(
        self, sums: Wholes, multiplier: Double, offset: Double, table: Single, out: Single
    ) -> None:
        """What a table has for the step of each sum, counted from 0."""
        type, last = TYPES.index(sums.dtype.name), len(table) - 1
        self.library.requantize_and_look_up(
            sums, type, *sums.shape, multiplier, offset, last, table, out
        )

    def moments(self, tokens: Single) -> tuple[Double, Double]:
        """The sum of each row and that of its squares, rows x 1."""
        sums, squares = np.empty((2, len(tokens), 1))
        self.library.moments(tokens, *tokens.shape, sums, squares)
        return sums, squares

    def normalize(self, tokens: Single, factor: Double, offset: Double) -> Single:
        """`floor(tokens * factor + offset)`, with one factor and offset a row."""
        out = np.empty_like(tokens)
        self.library.normalize(tokens, *tokens.shape, factor, offset, out)
        return out

    def softmax(
        self,
        scores: Wholes,
        multiplier: float,
        table: Single,
        dividend: int,
        unit: float,
        most: int,
    ) -> Single:
        """
        The probabilities of each row.

        Args:
            scores: Rows x keys.
            multiplier: Steps of a score.
            table: The exponential of each number of steps below the maximum; the last one is of all
                that are more.
            dividend: Divided by the sum of the exponentials, it is the factor of each of them
            unit: in this unit.
            most: Largest probability.
        """
        out = np.empty(scores.shape, np.float32)
        type, last = TYPES.index(scores.dtype.name), len(table) - 1
        self.library.softmax(
            scores, type, *scores.shape, multiplier, table, last, dividend, unit, most, out
        )
        return out

    def one_byte(self, values: Single) -> Bytes:
        """Values of 8 bits, counted from the smallest."""
        out = np.empty(values.shape, np.uint8)
        self.library.one_byte(values, values.size, out)
        return out

    def two_bytes(self, values: Single) -> Bytes:
        """Upper bytes of values of 16 bits, counted from the smallest; then all lower bytes."""
        rows, channels = values.shape
        out = np.empty((2 * rows, channels), np.uint8)
        self.library.two_bytes(values, values.size, out)
        return out

    def join_bytes(self, products: Products, offset: Double) -> Double:
        """256 times the first half of the rows plus the second half, plus an offset a channel."""
        rows, channels = len(products) // 2, products.shape[1]
        out = np.empty((rows, channels))
        self.library.join_bytes(products[:rows], products[rows:], rows, channels, offset, out)
        return out


@cache
def kernels() -> Kernels | None:
    """The functions, compiled when this is first called; None where there is no compiler."""
    library = native_library(SOURCE, FLAGS)
    if library is None or not all(hasattr(library, name) for name in PARAMETERS):
        return None
    for name, parameters in PARAMETERS.items():
        function = getattr(library, name)
        function.argtypes, function.restype = parameters, None
    return Kernels(library)
