"""Words of a memory, against what the documentation says about each of their bits."""

from itertools import product
from math import ceil, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.interpreters.accel_operations import integers
from vaqf.interpreters.accel.packing import pack, tile, unpack
from vaqf.interpreters.arithmetic.integers import Integers

SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=3)


def packed_by_hand(values: Integers, width: int, unit_rank: int, word_bits: int) -> list[int]:
    """Each word as a number."""
    bits = 1 << ceil(np.log2(width))
    words: list[int] = []
    leading = values.shape[: values.ndim - unit_rank]
    for index in product(*map(range, leading)):
        number, position = 0, 0
        for value in values[index].ravel().tolist():
            code = value > 0 if width == 1 else value % (1 << bits)
            number |= code << position
            position += bits
        count = ceil(position / word_bits)
        words += [number >> (word_bits * each) & ((1 << word_bits) - 1) for each in range(count)]
    return words


@given(SHAPES, st.integers(1, 48), st.sampled_from((64, 128, 256)), st.data(), st.integers(0, 9))
def test_words(shape: list[int], width: int, word_bits: int, data: st.DataObject, seed: int):
    unit_rank = data.draw(st.integers(1, len(shape)))
    values = integers(width, shape, seed)
    words = pack(values, width, unit_rank, word_bits)
    assert words.dtype == np.uint8 and words.shape[1] == word_bits // 8
    numbers = [int.from_bytes(word.tobytes(), "little") for word in words]
    assert numbers == packed_by_hand(values, width, unit_rank, word_bits)
    unpacked = unpack(words, width, tuple(shape), unit_rank)
    assert unpacked.shape == values.shape and np.array_equal(unpacked, values)


@pytest.mark.parametrize("width", (1, 2, 3, 4, 6, 8, 12, 17, 18, 33, 48))
def test_extreme_elements(width: int):
    low, high = (-1, 1) if width == 1 else (-(1 << (width - 1)), (1 << (width - 1)) - 1)
    values = np.array([low, high, low, low, high])
    assert np.array_equal(unpack(pack(values, width, 1, 128), width, (5,), 1), values)


def test_narrow_arrays():
    """Weights are many: they are kept in as few bytes as they fit."""
    signs = integers(1, (3, 8, 8)).astype(np.int8)
    words = pack(signs, 1, 2, 128)
    assert words.shape == (3, 16)
    assert unpack(words, 1, (3, 8, 8), 2).dtype == np.int8
    assert np.array_equal(unpack(words, 1, (3, 8, 8), 2), signs)


@given(SHAPES, st.data(), st.sampled_from((1, 8)))
def test_tiles(shape: list[int], data: st.DataObject, width: int):
    values = integers(width, shape)
    step = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=len(shape)))
    rank = len(shape) - len(step)
    tiles = tile(values, tuple(step), width)
    counts = [ceil(size / each) for size, each in zip(shape[rank:], step, strict=True)]
    assert tiles.shape == (*shape[:rank], prod(counts), *step)
    for leading in product(*map(range, shape[:rank])):
        for number, corner in enumerate(product(*map(range, counts))):
            for lane in product(*map(range, step)):
                place = [c * s + each for c, s, each in zip(corner, step, lane, strict=True)]
                within = all(p < size for p, size in zip(place, shape[rank:], strict=True))
                padding = -1 if width == 1 else 0
                expected = values[(*leading, *place)] if within else padding
                assert tiles[(*leading, number, *lane)] == expected
