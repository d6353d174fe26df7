"""The two files of an engine."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import SSAValue

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.access import written_in
from vaqf.backends.hls.body import Body
from vaqf.backends.hls.concurrency import unnecessary_values
from vaqf.backends.hls.definitions import Emission
from vaqf.backends.hls.design import Engine, is_dram
from vaqf.backends.hls.engine_calls import used_arguments
from vaqf.backends.hls.identifiers import (
    camel_case,
    comment_text,
    counted,
    extended,
    string_literal,
)
from vaqf.backends.hls.interface import Parameter, declare
from vaqf.backends.hls.matrices import common_port, common_unit_rank, words_passed
from vaqf.backends.hls.schedule import is_scheduled
from vaqf.backends.hls.sources import layers_of
from vaqf.backends.hls.statements import emit_block
from vaqf.backends.hls.storage import Dram, Matrix, Place
from vaqf.backends.hls.text import Writer, call, wrap
from vaqf.backends.hls.unit import Unit
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE
from vaqf.dialects.accel.timing import CALL_OVERHEAD
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of

PURPOSES = {
    "binary_matmul": "Linear layers with weights of one bit, for which nothing is multiplied, with "
    "their requantization and what follows it.",
    "integer_matmul": "Linear layers with weights of several bits, with their requantization and "
    "what follows it.",
    "layer_norm": "LayerNorm of rows of the residual stream, in integers.",
    "attention": "Scores, softmax and mixing of values, head after head, in integers.",
    "mean_tokens": "The mean of rows of a matrix, channel by channel, in integers.",
    "extract_patches": "Cuts the image into patches, one row of a matrix each.",
    "load_matrix": "Reads a matrix of activations from memory.",
    "store_matrix": "Writes a matrix of activations to memory.",
}
"""What engines are for, by their kind."""


@dataclass(frozen=True)
class EngineFiles:
    """The text of an engine."""

    header: str
    source: str


def emit_engine(emission: Emission, engine: Engine) -> EngineFiles:
    """
    An engine in C++.

    Raises:
        PassFailedException: when a part of it has no form in C++.
    """
    unit = Unit.of(emission, engine.function, engine)
    body = Body(unit)
    body.unnecessary = unnecessary_values(engine.function)
    parameters = [Parameter(engine.arguments[index]) for index in used_arguments(engine)]
    written = written_in([engine.function], emission.design)
    descriptions: list[tuple[str, str]] = []

    ports = {
        each.value: common_port(engine, each.value, emission.design)
        for each in parameters
        if is_dram(each.value)
    }
    memories = {value: extended(port.name, "memory") for value, port in ports.items()}

    def place_of(parameter: Parameter, name: str, memory: str) -> Place:
        place = _place(unit, engine, parameter.value, name, memory)
        descriptions.append(_describe(place, parameter.value, name))
        return place

    declarations = declare(body, parameters, memories, place_of, written)
    if is_scheduled(body):
        body.out.line(f"SCHEDULE_ENGINE({engine.name}, {CALL_OVERHEAD});")
    emit_block(body, engine.function.body.block)
    head = _head(engine)
    documentation = _documentation(engine, descriptions)
    return EngineFiles(
        _header(engine, head, documentation, declarations),
        _source(unit, body, head, declarations),
    )


def _place(unit: Unit, engine: Engine, value: SSAValue, name: str, memory: str) -> Place:
    """Where the buffer behind an argument is."""
    design = unit.emission.design
    if is_dram(value):
        rank = common_unit_rank(engine, value)
        return Dram(memory, extended(name, "at"), shape_of(value), element_width(value), rank)
    if len(shape_of(value)) != 2:
        fail(engine.function, f"argument '{value.name_hint}' is {value.type}, expected a matrix")
    words = words_passed(engine, value, design)
    constant = unit.emission.sizes.define(
        unit.section,
        f"k{camel_case(engine.name)}{camel_case(name)}Words",
        str(words),
        f"words of channels in the largest `{name}`",
    )
    return unit.matrix(value, name, constant)


def _describe(place: Place, value: SSAValue, name: str) -> tuple[str, str]:
    """The name of a parameter, and what its documentation says."""
    if isinstance(place, Dram):
        sizes = " x ".join("any" if size < 0 else str(size) for size in place.shape)
        bits = counted(place.width, "bit")
        return place.at, f"first word of `{name}` in `{place.memory}`: {sizes}, {bits} each"
    bits = counted(place.width, "bit") if isinstance(place, Matrix) else "any bits"
    return name, f"tokens x channels, {bits} each"


def _head(engine: Engine) -> list[str]:
    """What the files begin with: the function of the IR, and the layers."""
    layers = ", ".join(layers_of(engine.calls)) or "layers of unknown origin"
    symbol = comment_text(engine.function.sym_name.data)
    return wrap(f"Engine `{symbol}` of the IR, for {layers}.", "//")


def _documentation(engine: Engine, descriptions: list[tuple[str, str]]) -> list[str]:
    kind = engine.function.attributes.get(ENGINE_ATTRIBUTE)
    purpose = PURPOSES.get(kind.data if isinstance(kind, StringAttr) else "")
    lines = wrap(purpose or f"The engine `{comment_text(engine.name)}`.", "///")
    if descriptions:
        lines.append("///")
    widest = max((len(name) for name, _ in descriptions), default=0)
    lines += [f"/// \\param {name:<{widest}}  {text}" for name, text in descriptions]
    return lines


def _header(
    engine: Engine, head: list[str], documentation: list[str], declarations: list[str]
) -> str:
    out = Writer()
    out.paragraph(*head, "#pragma once")
    out.paragraph('#include "formats.hpp"', '#include "hardware.hpp"', '#include "model.hpp"', "")
    out.paragraph(*documentation, *call(f"void {engine.name}", declarations, ";"))
    return out.text()


def _source(unit: Unit, body: Body, head: list[str], declarations: list[str]) -> str:
    engine = unit.engine
    assert engine is not None
    out = Writer()
    out.paragraph(*head)
    out.paragraph(f'#include "{engine.name}.hpp"', "", '#include "arithmetic.hpp"', "")
    write_static_parts(unit, out)
    out.paragraph(*call(f"void {engine.name}", declarations, " {"), pragmas.keep_function())
    out.lines += body.out.lines
    out.line("}")
    return out.text()


def write_static_parts(unit: Unit, out: Writer) -> None:
    """The conditions that a file relies on, and its static functions."""
    for condition, sentence in unit.assertions.items():
        out.line(f"static_assert({condition}, {string_literal(sentence)});")
    if unit.assertions:
        out.line()
    if not unit.functions:
        return
    out.paragraph("namespace {", "")
    for _, lines in unit.functions.values():
        out.paragraph(*lines, "")
    out.paragraph("}  // namespace", "")
