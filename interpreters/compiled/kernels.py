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

SINGLES = ndpointer(np.float32, flags="C_CONTIGUOUS")
DOUBLES = ndpointer(np.float64, flags="C_CONTIGUOUS")
COUNT = ctypes.c_int64
REAL = ctypes.c_double

PARAMETERS = {
    "requantize": (SINGLES, COUNT, COUNT, DOUBLES, DOUBLES, REAL, REAL, SINGLES),
    "requantize_and_look_up": (SINGLES, COUNT, COUNT, DOUBLES, DOUBLES, REAL, SINGLES, SINGLES),
    "moments": (SINGLES, COUNT, COUNT, DOUBLES, DOUBLES),
    "normalize": (SINGLES, COUNT, COUNT, DOUBLES, DOUBLES, SINGLES),
    "softmax": (SINGLES, COUNT, COUNT, REAL, SINGLES, REAL, COUNT, REAL, REAL, SINGLES),
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
        sums: Single,
        multiplier: Double,
        offset: Double,
        limits: tuple[int, int],
        out: Single,
    ) -> None:
        """`floor(clip(sums * multiplier + offset, *limits))` to `out`, which may be the sums."""
        self.library.requantize(sums, *sums.shape, multiplier, offset, *limits, out)

    def requantize_and_look_up(
        self, sums: Single, multiplier: Double, offset: Double, table: Single, out: Single
    ) -> None:
        """What a table has for the step of each sum, counted from 0."""
        self.library.requantize_and_look_up(
            sums, *sums.shape, multiplier, offset, len(table) - 1, table, out
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
        scores: Single,
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
        out = np.empty_like(scores)
        last = len(table) - 1
        self.library.softmax(
            scores, *scores.shape, multiplier, table, last, dividend, unit, most, out
        )
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
