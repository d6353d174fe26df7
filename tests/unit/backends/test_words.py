"""Where elements lie in words, against the packing that fills the memories."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vaqf.backends.hls.operations.words import Layout
from vaqf.dialects.accel.memory import packed_words
from vaqf.interpreters.accel.packing import pack

shapes = st.lists(st.integers(1, 20), min_size=1, max_size=3)
word_widths = st.sampled_from([64, 128, 256])


def fields_of(words: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], layout: Layout) -> list[int]:
    """The fields of words, lowest first."""
    found: list[int] = []
    for row in words:
        word = int.from_bytes(row.tobytes(), "little")
        for field in range(layout.fields):
            found.append(word >> (layout.field_bits * field) & ((1 << layout.width) - 1))
    return found


@given(shapes, st.integers(2, 48), word_widths, st.integers(0, 2**32))
def test_elements(shape: list[int], width: int, word_bits: int, seed: int) -> None:
    layout = Layout.of(shape, width, word_bits)
    values = np.random.default_rng(seed).integers(-(1 << (width - 1)), 1 << (width - 1), shape)
    words = pack(values, width, len(shape), word_bits)
    assert layout.words == len(words) == packed_words(shape, width, word_bits)
    flat = [int(each) & ((1 << width) - 1) for each in values.flat]
    assert fields_of(words, layout)[: len(flat)] == flat


@given(shapes, word_widths, st.integers(0, 2**32))
def test_rows_of_bits(shape: list[int], word_bits: int, seed: int) -> None:
    layout = Layout.of_bits(shape, word_bits)
    signs = 2 * np.random.default_rng(seed).integers(0, 2, shape) - 1
    words = pack(signs, 1, len(shape), word_bits)
    assert layout.words == len(words)
    fields = fields_of(words, layout)
    rows = (signs.reshape(-1, shape[-1]) > 0).astype(int).tolist()
    for number, row in enumerate(rows):
        first = number * layout.columns
        parts = fields[first : first + layout.columns]
        value = sum(part << (layout.field_bits * place) for place, part in enumerate(parts))
        assert value == sum(bit << place for place, bit in enumerate(row))


@given(shapes, st.integers(1, 48), word_widths)
def test_groups_are_whole_rows_and_whole_words(
    shape: list[int], width: int, word_bits: int
) -> None:
    layout = Layout.of(shape, width, word_bits)
    if layout.words > layout.words_at_once:
        elements = layout.words_at_once * layout.fields
        assert elements == layout.rows_at_once * layout.columns
    groups = -(-layout.row_count // layout.rows_at_once)
    assert groups * layout.words_at_once >= layout.words
