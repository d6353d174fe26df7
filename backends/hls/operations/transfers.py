"""Bursts between memories outside of the device and arrays on it."""

from __future__ import annotations

from math import prod

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.body import PRODUCT, SUM, Body, Function, Scalar
from vaqf.backends.hls.identifiers import counted, identifier
from vaqf.backends.hls.operations.parameters import unit_words
from vaqf.backends.hls.operations.words import Burst, Layout
from vaqf.backends.hls.schedule import burst_statement, is_scheduled
from vaqf.backends.hls.storage import Dram, Local
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of


def _word_bits(body: Body) -> int:
    return body.unit.emission.design.hardware.word_bits


def emit_load(body: Body, op: accel.LoadOp) -> None:
    """Read one unit of a parameter, or a whole image."""
    source = body.place(op, op.source, Dram)
    rank = len(source.shape) - len(op.indices)
    if source.unit_rank is not None and rank != source.unit_rank:
        fail(op, f"reads units of rank {rank}, they were packed in units of {source.unit_rank}")
    shape = source.shape[len(op.indices) :]
    if min(shape) < 1:
        fail(op, f"reads {shape}, expected sizes that are known")
    name = identifier(op.destination.name_hint or "unit")
    sizes = " x ".join(map(str, shape))
    of_units = "" if op.count is None else "units of "
    function = Function(
        body,
        op,
        f"load_{name}",
        f"Reads {of_units}{sizes} elements of {counted(source.width, 'bit')} in one burst.",
    )
    memory, first_word = function.words(source, _address(body, op, source, rank), const=True)
    target = function.local(name, op.destination, const=False)
    layout = (
        Layout.of_bits(shape, _word_bits(body))
        if target.bits
        else Layout.of(shape, source.width, _word_bits(body))
    )
    if op.count is None:
        Burst(function, layout, target, memory, first_word).write()
    else:
        count = function.index("units", op.count)
        with function.loop("unit", count) as unit:
            at = f"{first_word} + {layout.words} * {unit}"
            Burst(function, layout, target.piece(unit), memory, at, unit).write()
    function.call()


def _address(body: Body, op: accel.LoadOp, source: Dram, rank: int) -> str:
    """The index of the first word of the unit that is read."""
    if not op.indices:
        return source.at
    number = Scalar(body.scalar(op.indices[0], PRODUCT))
    for index, size in zip(op.indices[1:], source.shape[1:], strict=False):
        text = f"{number.within(PRODUCT)} * {size} + {body.scalar(index, PRODUCT)}"
        number = Scalar(text, SUM)
    words = unit_words(source, rank, _word_bits(body))
    if number.text == "0":
        return source.at
    if words == 1:
        return f"{source.at} + {number.within(SUM)}"
    return f"{source.at} + {words} * {number.within(PRODUCT + 1)}"


def emit_load_matrix(body: Body, op: accel.LoadMatrixOp) -> None:
    """Read a matrix of activations, tiled like the words of on-chip matrices."""
    unit, source = body.unit, body.place(op, op.source, Dram)
    if len(source.shape) != 3 or source.shape[2] != unit.lanes:
        fail(op, f"reads {source.shape}, expected tiles x tokens x {unit.lanes} channels")
    words, tokens, lanes = source.shape
    function = Function(
        body,
        op,
        "read_matrix",
        f"Reads {tokens} tokens, {words} words of {lanes} channels of {source.width} bits each.",
    )
    memory, first_word = function.words(source, source.at, const=True)
    matrix = function.matrix("matrix", op.matrix, const=False)
    whole = Local(matrix.array, (words, tokens, lanes), dimensions=(1, 1, 0))
    word_bits = _word_bits(body)
    rows = Layout.of((tokens, lanes), source.width, word_bits)
    if source.unit_rank == 3 and rows.rows_at_once > 1:
        layout = Layout.of(source.shape, source.width, word_bits)
        Burst(function, layout, whole, memory, first_word).write()
    elif source.unit_rank == 1 and rows.rows_at_once > 1:
        row = Layout.of((lanes,), source.width, word_bits)
        with (
            function.loop("word", str(words)) as word,
            function.loop("token", str(tokens)) as token,
        ):
            at = f"{first_word} + {row.words} * ({tokens} * {word} + {token})"
            Burst(function, row, whole.piece(word, token), memory, at).write()
    else:
        with function.loop("channel_word", str(words)) as word:
            at = f"{first_word} + {rows.words} * {word}"
            Burst(function, rows, whole.piece(word), memory, at).write()
    function.call()


def emit_store_matrix(body: Body, op: accel.StoreMatrixOp) -> None:
    """Write a matrix of activations row after row."""
    destination = body.place(op, op.destination, Dram)
    tokens, channels = shape_of(op.destination)
    width = element_width(op.matrix)
    if width == 1:
        fail(op, "writes elements of one bit, expected at least two")
    layout = Layout.of((tokens, channels), width, _word_bits(body))
    function = Function(
        body, op, "write_matrix", f"Writes {tokens} x {channels} elements of {width} bits."
    )
    memory, first_word = function.words(destination, destination.at, const=False)
    matrix = function.matrix("matrix", op.matrix, const=True)
    count = prod((tokens, channels))
    function.line("// II = 1: one word is written a cycle")
    with function.loop("word", str(layout.words), pragmas.pipeline(1)) as word:
        if is_scheduled(body):
            function.line(burst_statement(word, 1))
        function.line("word_t bits = 0;")
        with function.unrolled("field", str(layout.fields)) as field:
            function.line(f"const int element = {layout.fields} * {word} + {field};")
            row, channel = "0", "element"
            if tokens > 1:
                row, channel = f"element / {channels}", "channel"
                function.line(f"const int channel = element % {channels};")
            with function.only_if(None if count % layout.fields == 0 else f"element < {count}"):
                value = matrix.array[f"{channel} / kLanes", row, f"{channel} % kLanes"]
                function.line(f"{layout.part('bits', field)} = {value};")
        function.line(f"{memory}[{first_word} + {word}] = bits;")
    function.call()
