"""
Between the words of a memory and the elements of arrays.

Elements take a power of two of bits, the lowest bits of a word first. To have every element at a
constant place, one iteration takes as many words as make whole rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, gcd, prod

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.body import Function
from vaqf.backends.hls.identifiers import counted
from vaqf.backends.hls.storage import Local
from vaqf.dialects.accel.memory import storage_bits

WIDEST_FIELD = 64
"""Bits that one access to a part of a word takes at most."""


@dataclass(frozen=True)
class Layout:
    """How the elements of a unit lie in words."""

    rows: tuple[int, ...]
    """Sizes of all dimensions but the last."""

    columns: int
    """Size of the last dimension, in fields."""

    field_bits: int
    """Bits of a field in a word."""

    width: int
    """Bits of a field that mean something."""

    fields: int
    """Fields in a word."""

    @staticmethod
    def of(shape: Sequence[int], width: int, word_bits: int) -> Layout:
        """The layout of elements of `width` bits."""
        bits = storage_bits(width)
        return Layout(tuple(shape[:-1]), shape[-1], bits, width, word_bits // bits)

    @staticmethod
    def of_bits(shape: Sequence[int], word_bits: int) -> Layout:
        """The layout of single bits, in the largest fields that do not cross rows or words."""
        bits = gcd(shape[-1], word_bits, WIDEST_FIELD)
        return Layout(tuple(shape[:-1]), shape[-1] // bits, bits, bits, word_bits // bits)

    @property
    def row_count(self) -> int:
        """Rows of all dimensions."""
        return prod(self.rows)

    @property
    def words_at_once(self) -> int:
        """Words that make whole rows."""
        return self.columns // gcd(self.columns, self.fields)

    @property
    def rows_at_once(self) -> int:
        """Rows that make whole words."""
        return self.fields // gcd(self.columns, self.fields)

    @property
    def words(self) -> int:
        """Words of the unit."""
        return ceil(self.row_count * self.columns / self.fields)

    def part(self, word: str, field: str) -> str:
        """The expression for one field of a word."""
        low = f"{self.field_bits} * {field}"
        if self.fields == 1:
            return f"{word}.range({self.width - 1}, 0)"
        return f"{word}.range({low} + {self.width - 1}, {low})"


def load_rows(
    function: Function, layout: Layout, target: Local, memory: str, first_word: str
) -> None:
    """
    Write the loops that bring one unit into an array.

    Args:
        function: What they are part of.
        layout: Of the unit.
        target: An array of the shape of the unit, or one more dimension of copies in front.
        memory: The port.
        first_word: Index of the first word of the unit.
    """
    if not layout.rows:
        _load_sequence(function, layout, target, memory, first_word)
    else:
        _load_groups(function, layout, target, memory, first_word)


def _memories(target: Local) -> int:
    """Elements that an array takes in one cycle."""
    return prod(
        factor or size for factor, size in zip(target.dimensions, target.shape, strict=False)
    )


def _interval(layout: Layout, target: Local) -> tuple[int, str]:
    """The initiation interval of a loop that stores whole words, and why it is that."""
    words = layout.words_at_once if layout.rows else 1
    elements = words * layout.fields // (layout.columns if target.bits else 1)
    if (writes := ceil(elements / _memories(target))) > words:
        return writes, "one element a cycle is written to each memory"
    return words, "one word is read a cycle"


def _load_sequence(
    function: Function, layout: Layout, target: Local, memory: str, first_word: str
) -> None:
    """One dimension: every word has the elements that follow those of the last."""
    interval, reason = _interval(layout, target)
    columns = target.array.sizes[-1]
    function.line(f"// II = {interval}: {reason}")
    with function.loop("word", str(layout.words), pragmas.pipeline(interval)) as word:
        function.line(f"const word_t bits = {memory}[{first_word} + {word}];")
        if layout.fields == 1:
            _assign(function, target, (word,), layout.part("bits", "0"))
            return
        with function.unrolled("field", str(layout.fields)) as field:
            index = f"{layout.fields} * {word} + {field}"
            inside = None if layout.columns % layout.fields == 0 else f"{index} < {columns}"
            with function.only_if(inside):
                _assign(function, target, (index,), layout.part("bits", field))


def _assign(function: Function, target: Local, indices: tuple[str, ...], value: str) -> None:
    array = target.array
    if target.copies == 1:
        function.line(f"{array[indices]} = {value};")
        return
    with function.unrolled("copy", array.sizes[0]) as copy:
        function.line(f"{array[(copy, *indices)]} = {value};")


def _load_groups(
    function: Function, layout: Layout, target: Local, memory: str, first_word: str
) -> None:
    """Rows: an iteration takes as many words as make whole rows."""
    interval, reason = _interval(layout, target)
    words, rows = layout.words_at_once, layout.rows_at_once
    if rows > 1:
        many = f"{counted(words, 'word')} are" if words > 1 else "A word is"
        function.line(f"// {many} {counted(rows, 'row')}.")
        function.line(f"// II = {interval}: {reason}")
        groups = ceil(layout.row_count / rows)
        with function.loop("group", str(groups), pragmas.pipeline(interval)) as group:
            word = _scaled(words, group)
            _load_group(function, layout, target, f"{rows} * {group}", memory, first_word, word)
        return
    function.line(f"// A row is {counted(words, 'word')}.")
    with function.nested_rows(layout.rows, interval, reason) as (counters, row):
        word = _scaled(words, row if len(counters) == 1 else f"({row})")
        _load_group(function, layout, target, row, memory, first_word, word, counters)


def _scaled(factor: int, counter: str) -> str:
    return counter if factor == 1 else f"{factor} * {counter}"


def _load_group(
    function: Function,
    layout: Layout,
    target: Local,
    first_row: str,
    memory: str,
    first_word: str,
    group_word: str,
    counters: tuple[str, ...] | None = None,
) -> None:
    """
    Take the words of one group.

    Args:
        function: What this is part of.
        layout: Of the unit.
        target: The array.
        first_row: The row, of all dimensions, that the group begins with.
        memory: The port.
        first_word: Index of the first word of the unit.
        group_word: Index of the first word of the group within the unit.
        counters: The indices of the row, when a group is one row.
    """
    words, ragged = layout.words_at_once, layout.row_count % layout.rows_at_once != 0

    def fields(word: str | None) -> None:
        index = group_word if word is None else f"{group_word} + {word}"
        read = f"{memory}[{first_word} + {index}]"
        if word is not None and ragged:  # The last group may have fewer words.
            read = f"{index} < {layout.words} ? {read} : word_t(0)"
        function.line(f"const word_t bits = {read};")
        if layout.fields == 1:
            _place_field(function, layout, target, first_row, counters, word or "0", "0", ragged)
            return
        with function.unrolled("field", str(layout.fields)) as field:
            element = field if word is None else f"{layout.fields} * {word} + {field}"
            _place_field(function, layout, target, first_row, counters, element, field, ragged)

    if words == 1:
        fields(None)
        return
    with function.unrolled("word", str(words)) as word:
        fields(word)


def _place_field(
    function: Function,
    layout: Layout,
    target: Local,
    first_row: str,
    counters: tuple[str, ...] | None,
    element: str,
    field: str,
    ragged: bool,
) -> None:
    """Put one field of a word where it belongs."""
    atom = element if element.isidentifier() else f"({element})"
    row, column = first_row, element
    if layout.rows_at_once > 1:
        step = element if layout.columns == 1 else f"{atom} / {layout.columns}"
        row = function.names.fresh("row")
        function.line(f"const int {row} = {first_row} + {step};")
        column = f"{atom} % {layout.columns}"
    indices = counters or _split(row, layout.rows)
    with function.only_if(f"{row} < {layout.row_count}" if ragged else None):
        part = layout.part("bits", field)
        if not target.bits:
            _assign(function, target, (*indices, column), part)
        elif layout.columns == 1:
            _assign(function, target, indices, part)
        else:
            low = f"{layout.field_bits} * ({column})"
            high = f"{low} + {layout.field_bits - 1}"
            function.line(f"{target.array[indices]}.range({high}, {low}) = {part};")


def _split(row: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """A row of all dimensions as the index in each."""
    if len(sizes) == 1:
        return (row,)
    inner = prod(sizes[1:])
    rest = _split(f"{row} % {inner}", sizes[1:])
    return (f"{row} / {inner}", *rest)
