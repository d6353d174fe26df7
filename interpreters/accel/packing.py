"""
Integers as the words of a memory in DRAM, and back.

An element takes a power of two of bits in two's complement, except that of one-bit integers a set
bit is +1 and a clear one -1. The first element has the lowest bits of a word. A unit starts at a
word; the bits that it leaves of its last word are clear. The lowest byte of a word comes first.
"""

from math import prod

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.accel.memory import packed_words, storage_bits
from vaqf.interpreters.arithmetic.integers import AnyIntegers

Words = NDArray[np.uint8]
"""Words x bytes of a word."""


def _in_rows(values: AnyIntegers, unit_rank: int) -> AnyIntegers:
    """One row a unit."""
    leading = values.shape[: values.ndim - unit_rank]
    return values.reshape(prod(leading), prod(values.shape[values.ndim - unit_rank :]))


def _element_type(bits: int) -> np.dtype[np.signedinteger]:
    """The stored form of elements that take whole bytes."""
    return np.dtype(f"<i{bits // 8}")


def pack(values: AnyIntegers, width: int, unit_rank: int, word_bits: int) -> Words:
    """
    Integers as words.

    Args:
        values: Of any shape.
        width: Bits of an element.
        unit_rank: How many of the last dimensions make a unit, which starts at a word.
        word_bits: Bits of a word, a multiple of 8.
    """
    bits = storage_bits(width)
    units = _in_rows(values, unit_rank)
    words = packed_words(units.shape[1:], width, word_bits)
    if bits >= 8:
        data = np.ascontiguousarray(units, _element_type(bits)).view(np.uint8)
    else:
        codes = units > 0 if bits == 1 else units.astype(np.uint8) & np.uint8((1 << bits) - 1)
        data = _pack_below_bytes(codes, bits)
    packed = np.zeros((len(units), words * word_bits // 8), np.uint8)
    packed[:, : data.shape[1]] = data
    return packed.reshape(-1, word_bits // 8)


def _pack_below_bytes(codes: NDArray[np.uint8] | NDArray[np.bool_], bits: int) -> NDArray[np.uint8]:
    """Codes of 1, 2 or 4 bits, put together into bytes row by row, the first one lowest."""
    if bits == 1:
        return np.packbits(codes, axis=1, bitorder="little")
    per_byte = 8 // bits
    rows, count = codes.shape
    padded = np.zeros((rows, -(-count // per_byte) * per_byte), np.uint8)
    padded[:, :count] = codes
    shifted = padded.reshape(rows, -1, per_byte) << (np.arange(per_byte, dtype=np.uint8) * bits)
    return np.bitwise_or.reduce(shifted.astype(np.uint8), axis=2)


def unpack(words: Words, width: int, shape: tuple[int, ...], unit_rank: int) -> AnyIntegers:
    """
    What `pack` made words of.

    Args:
        words: All of them, and no others.
        width: Bits of an element.
        shape: Of the result.
        unit_rank: How many of the last dimensions make a unit.

    Returns:
        `int8` for elements of at most 8 bits, else `int64`.
    """
    bits = storage_bits(width)
    leading, unit = shape[: len(shape) - unit_rank], shape[len(shape) - unit_rank :]
    rows = words.reshape(prod(leading), -1)
    if bits >= 8:
        data = rows[:, : prod(unit) * bits // 8]
        integers = np.ascontiguousarray(data).view(_element_type(bits))
        return integers.astype(np.int8 if bits == 8 else np.int64).reshape(shape)
    if bits == 1:
        codes = np.unpackbits(rows, axis=1, count=prod(unit), bitorder="little").view(np.int8)
        return (2 * codes - np.int8(1)).reshape(shape)
    per_byte = 8 // bits
    shifts = np.arange(per_byte, dtype=np.uint8) * bits
    # The sign bit goes to the top of a byte, from where an arithmetic shift spreads it.
    raised = (rows[:, :, np.newaxis] >> shifts << np.uint8(8 - bits)).astype(np.uint8)
    signed = raised.view(np.int8) >> np.int8(8 - bits)
    return signed.reshape(len(rows), -1)[:, : prod(unit)].reshape(shape)


def tile(values: AnyIntegers, shape: tuple[int, ...], width: int) -> AnyIntegers:
    """
    The last dimensions cut into tiles of `shape` in row-major order; what a tile has beyond them is
    zero, and -1 for one-bit integers, whose bit is clear.
    """
    rank = values.ndim - len(shape)
    counts = [-(-size // step) for size, step in zip(values.shape[rank:], shape, strict=True)]
    missing = [
        (0, count * step - size)
        for count, step, size in zip(counts, shape, values.shape[rank:], strict=True)
    ]
    padding = -1 if width == 1 else 0
    padded = np.pad(values, [(0, 0)] * rank + missing, constant_values=padding)
    split = [size for pair in zip(counts, shape, strict=True) for size in pair]
    cut = padded.reshape(*values.shape[:rank], *split)
    axes = [rank + 2 * index for index in range(len(shape))]
    order = [*range(rank), *axes, *(axis + 1 for axis in axes)]
    return cut.transpose(order).reshape(*values.shape[:rank], prod(counts), *shape)
