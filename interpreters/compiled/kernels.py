"""`kernels.cpp`, for arrays."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
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

POINTER = ctypes.c_void_p
COUNT = ctypes.c_int64
REAL = ctypes.c_double

SINGLES, DOUBLES, PRODUCTS, BYTES = "f", "d", "i", "B"
"""The types of arrays, as NumPy abbreviates them."""

TYPES = {SINGLES: 0, DOUBLES: 1, PRODUCTS: 2}
"""The numbers that `kernels.cpp` has for the types of sums."""

TWO_BYTES = 3
"""Its number for sums of products of two bytes."""

SUMS = (POINTER, COUNT, COUNT, COUNT)
"""Sums, what they are, and how many rows and channels."""

PARAMETERS = {
    "requantize": (*SUMS, POINTER, POINTER, REAL, REAL, POINTER),
    "requantize_and_look_up": (*SUMS, POINTER, POINTER, REAL, POINTER, POINTER),
    "add": (POINTER, POINTER, COUNT, ctypes.c_float, ctypes.c_float, POINTER),
    "normalize": (POINTER, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, POINTER),
    "softmax": (*SUMS, REAL, REAL, POINTER, REAL, COUNT, REAL, REAL, POINTER),
    "one_byte": (POINTER, COUNT, POINTER),
    "two_bytes": (POINTER, COUNT, POINTER),
}
"""What each function takes; they return nothing."""


def _pointer(array: NDArray[np.generic], type: str) -> object:
    """
    An array for a parameter; `numpy.ctypeslib` takes three times as long.

    Raises:
        TypeError: when it is not dense, or has another type.
    """
    if array.dtype.char != type:
        raise TypeError(f"an array of '{array.dtype.char}', expected '{type}'")
    return ctypes.byref(ctypes.c_char.from_buffer(array.data))


def _sums(array: Wholes) -> tuple[object, int]:
    """Sums for a parameter, and the number of what they are."""
    if array.ndim == 3:
        return _pointer(array, PRODUCTS), TWO_BYTES
    type = array.dtype.char
    return _pointer(array, type), TYPES[type]


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
        """
        `floor(clip(sums * multiplier + offset, *limits))` to `out`, which may be the sums.

        Sums may also be 2 x rows x channels, `int32`: those of the upper bytes, of which each is
        worth 256, and those of the lower ones.
        """
        channels = _pointer(multiplier, DOUBLES), _pointer(offset, DOUBLES)
        self.library.requantize(
            *_sums(sums), *out.shape, *channels, *limits, _pointer(out, SINGLES)
        )

    def requantize_and_look_up(
        self, sums: Wholes, multiplier: Double, offset: Double, table: Single, out: Single
    ) -> None:
        """What a table has for the step of each sum, counted from 0; sums as in `requantize`."""
        channels = _pointer(multiplier, DOUBLES), _pointer(offset, DOUBLES)
        entries = len(table) - 1, _pointer(table, SINGLES)
        self.library.requantize_and_look_up(
            *_sums(sums), *out.shape, *channels, *entries, _pointer(out, SINGLES)
        )

    def add(self, left: Single, right: Single, limits: tuple[int, int]) -> Single:
        """`clip(left + right, *limits)`, of arrays of one shape."""
        out = np.empty_like(left)
        both = _pointer(left, SINGLES), _pointer(right, SINGLES)
        self.library.add(*both, left.size, *limits, _pointer(out, SINGLES))
        return out

    def normalize(self, tokens: Single, epsilon: int, widths: LayerNormWidths) -> Single:
        """`arithmetic.layer_norm.normalize` of rows, with all that it needs."""
        out = np.empty_like(tokens)
        inverse_bits = widths.variance_bits // 2 + INVERSE_ROOT_BITS
        bits = widths.variance_bits, inverse_bits, widths.fraction_bits
        rows = _pointer(tokens, SINGLES), *tokens.shape
        self.library.normalize(*rows, epsilon, *bits, _pointer(out, SINGLES))
        return out

    def softmax(
        self,
        scores: Wholes,
        scale: tuple[float, float],
        table: Single,
        dividend: int,
        unit: float,
        most: int,
    ) -> Single:
        """
        The probabilities of each row.

        Args:
            scores: Rows x keys.
            scale: Steps of a score; and the score below the maximum that has the last step.
            table: The exponential of each number of steps below the maximum; the last one is of all
                that are more.
            dividend: Divided by the sum of the exponentials, it is the factor of each of them
            unit: in this unit.
            most: Largest probability.
        """
        out = np.empty(scores.shape, np.float32)
        entries = _pointer(table, SINGLES), len(table) - 1
        rows = *_sums(scores), *scores.shape
        self.library.softmax(*rows, *scale, *entries, dividend, unit, most, _pointer(out, SINGLES))
        return out

    def one_byte(self, values: Single) -> Bytes:
        """Values of 8 bits, counted from the smallest."""
        out = np.empty(values.shape, np.uint8)
        self.library.one_byte(_pointer(values, SINGLES), values.size, _pointer(out, BYTES))
        return out

    def two_bytes(self, values: Single) -> Bytes:
        """Upper bytes of values of 16 bits, counted from the smallest, and lower ones: 2 x ..."""
        out = np.empty((2, *values.shape), np.uint8)
        self.library.two_bytes(_pointer(values, SINGLES), values.size, _pointer(out, BYTES))
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
