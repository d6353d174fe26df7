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
from vaqf.backends.hls.schedule import burst_statement, is_scheduled
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
        """Words that make whole rows, or all words when they are fewer."""
        return min(self.words, self.columns // gcd(self.columns, self.fields))

    @property
    def rows_at_once(self) -> int:
        """Rows that make whole words."""
        return self.fields // gcd(self.columns, self.fields)

    @property
    def is_ragged(self) -> bool:
        """Whether the last rows do not fill a group."""
        return self.row_count % self.rows_at_once != 0

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


@dataclass(frozen=True)
class Burst:
    """The loops that bring one unit from a memory into an array."""

    function: Function
    """What they are part of."""

    layout: Layout
    """Of the unit."""

    target: Local
    """An array of the shape of the unit, perhaps with a dimension of copies in front."""

    memory: str
    """The port."""

    first_word: str
    """Index of the first word of the unit."""

    unit: str | None = None
    """What counts the units that one burst brings; None for one."""

    def write(self) -> None:
        """Write the loops."""
        if self.layout.rows:
            self._write_rows()
        else:
            self._write_sequence()

    def _interval(self) -> tuple[int, str]:
        """The initiation interval of a loop over groups of words, and why it is that."""
        layout, target = self.layout, self.target
        words = layout.words_at_once if layout.rows else 1
        elements = words * layout.fields // (layout.columns if target.bits else 1)
        memories = prod(
            factor or size for factor, size in zip(target.dimensions, target.shape, strict=False)
        )
        if (writes := ceil(elements / memories)) > words:
            return writes, "one element a cycle is written to each memory"
        return words, "one word is read a cycle"

    def _word(self, index: str, condition: str | None = None) -> None:
        """The variable `bits` for a word of the unit; 0 unless the condition holds."""
        word = f"{self.memory}[{self.first_word} + {index}]"
        self.function.const(
            "word_t", "bits", word if condition is None else f"{condition} ? {word} : word_t(0)"
        )

    def _assign(self, indices: tuple[str, ...], value: str) -> None:
        """Write one element, in every copy."""
        array = self.target.array
        if self.target.copies == 1:
            self.function.assign(array[indices], value)
            return
        with self.function.unrolled("copy", array.sizes[0]) as copy:
            self.function.assign(array[(copy, *indices)], value)

    def _write_sequence(self) -> None:
        """One dimension: every word has the elements that follow those of the last."""
        function, layout = self.function, self.layout
        interval, reason = self._interval()
        function.line(f"// II = {interval}: {reason}")
        directives = pragmas.pipeline_of(interval, self.unit is not None)
        with function.loop("word", str(layout.words), *directives) as word:
            if is_scheduled(function.body):
                function.line(burst_statement(word, interval, self.unit))
            self._word(word)
            if layout.fields == 1:
                self._assign((word,), layout.part("bits", "0"))
                return
            with function.unrolled("field", str(layout.fields)) as field:
                index = f"{layout.fields} * {word} + {field}"
                exact = layout.columns % layout.fields == 0
                with function.only_if(None if exact else f"{index} < {layout.columns}"):
                    self._assign((index,), layout.part("bits", field))

    def _write_rows(self) -> None:
        """Several dimensions: an iteration takes as many words as make whole rows."""
        function, layout = self.function, self.layout
        interval, reason = self._interval()
        words, rows = layout.words_at_once, layout.rows_at_once
        if rows == 1:
            function.line(f"// A row is {counted(words, 'word')}.")
            with function.nested_rows(
                layout.rows, interval, reason, is_inside=self.unit is not None
            ) as (counters, row):
                if is_scheduled(function.body):
                    function.line(burst_statement(row, interval, self.unit, words))
                number = row if len(counters) == 1 else f"({row})"
                self._write_group(_scaled(words, number), row, counters)
            return
        if layout.row_count >= rows:
            many = f"{counted(words, 'word')} are" if words > 1 else "A word is"
            function.line(f"// {many} {counted(rows, 'row')}.")
        function.line(f"// II = {interval}: {reason}")
        groups = ceil(layout.row_count / rows)
        directives = pragmas.pipeline_of(interval, self.unit is not None)
        with function.loop("group", str(groups), *directives) as group:
            if is_scheduled(function.body):
                function.line(burst_statement(group, interval, self.unit, words))
            self._write_group(_scaled(words, group), f"{rows} * {group}")

    def _write_group(
        self, group_word: str, first_row: str, counters: tuple[str, ...] | None = None
    ) -> None:
        """
        Take the words of one group.

        Args:
            group_word: Index of its first word within the unit.
            first_row: The row, of all dimensions, that it begins with.
            counters: The indices of the row, when the group is one row.
        """
        function, layout = self.function, self.layout
        if layout.words_at_once == 1:
            self._word(group_word)
            self._write_fields(None, first_row, counters)
            return
        with function.unrolled("word", str(layout.words_at_once)) as word:
            index = f"{group_word} + {word}"
            # The last of several groups may have fewer words.
            may_end = layout.is_ragged and layout.words > layout.words_at_once
            self._word(index, f"{index} < {layout.words}" if may_end else None)
            self._write_fields(word, first_row, counters)

    def _write_fields(
        self, word: str | None, first_row: str, counters: tuple[str, ...] | None
    ) -> None:
        """Put all fields of a word of a group where they belong."""
        layout = self.layout
        if layout.fields == 1:
            self._write_field(word or "0", "0", first_row, counters)
            return
        with self.function.unrolled("field", str(layout.fields)) as field:
            element = field if word is None else f"{layout.fields} * {word} + {field}"
            self._write_field(element, field, first_row, counters)

    def _write_field(
        self, element: str, field: str, first_row: str, counters: tuple[str, ...] | None
    ) -> None:
        """Put one field where it belongs: it is number `element` of its group."""
        function, layout = self.function, self.layout
        atom = element if element.isidentifier() else f"({element})"
        row, column = first_row, element
        if layout.rows_at_once > 1:
            step = element if layout.columns == 1 else f"{atom} / {layout.columns}"
            row = "row"
            function.const("int", row, f"{first_row} + {step}")
            column = f"{atom} % {layout.columns}"
        indices = counters or _split(row, layout.rows)
        with function.only_if(f"{row} < {layout.row_count}" if layout.is_ragged else None):
            part = layout.part("bits", field)
            if not self.target.bits:
                self._assign((*indices, column), part)
            elif layout.columns == 1:
                self._assign(indices, part)
            else:
                low = f"{layout.field_bits} * ({column})"
                high = f"{low} + {layout.field_bits - 1}"
                function.assign(f"{self.target.array[indices]}.range({high}, {low})", part)


def _scaled(factor: int, counter: str) -> str:
    return counter if factor == 1 else f"{factor} * {counter}"


def _split(row: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """A row of all dimensions as the index in each."""
    if len(sizes) == 1:
        return (row,)
    inner = prod(sizes[1:])
    return (f"{row} / {inner}", *_split(f"{row} % {inner}", sizes[1:]))
