"""The headers that are nothing but definitions."""

from __future__ import annotations

from collections.abc import Iterable

from vaqf.backends.hls.definitions import Definition, Definitions, Emission
from vaqf.backends.hls.design import INPUT, OUTPUT
from vaqf.backends.hls.identifiers import port_constant
from vaqf.backends.hls.text import Writer


def _write(out: Writer, definitions: Iterable[Definition], form: str) -> None:
    """Definitions with their comments in one column."""
    written = [(form.format(name=each.name, value=each.value), each) for each in definitions]
    widest = max((len(text) for text, each in written if each.comment), default=0)
    for text, each in written:
        out.line(f"{text:<{widest}}  // {each.comment}" if each.comment else text)


def _write_sections(out: Writer, definitions: Definitions, form: str) -> None:
    for section, entries in definitions.sections.items():
        out.paragraph("", f"// {section[0].upper()}{section[1:]}")
        _write(out, entries.values(), form)


TYPE = "using {name} = {value};"
CONSTANT = "constexpr int {name} = {value};"


def emit_formats(emission: Emission) -> str:
    """`formats.hpp`: the type of every number."""
    out = Writer()
    out.paragraph("// The number formats of this accelerator: every type is as wide as its values")
    out.paragraph("// can need. docs/numerics.md of VAQF says what they stand for.")
    out.paragraph("#pragma once", "#include <ap_int.h>", "", '#include "hardware.hpp"', "")
    out.line("using word_t = ap_uint<kWordBits>;  // a word of memory")
    _write_sections(out, emission.formats, TYPE)
    return out.text()


def emit_hardware(emission: Emission) -> str:
    """`hardware.hpp`: how much is computed in parallel, and how memories are laid out."""
    hardware = emission.design.hardware
    out = Writer()
    out.paragraph("// The parallelism of this accelerator, as the passes chose it.", "#pragma once")
    out.line()
    _write(
        out,
        [
            Definition("kLanes", str(hardware.lanes), "channels in one word of an on-chip matrix"),
            Definition(
                "kTokenSlots", str(hardware.token_slots), "tokens that a matrix has room for"
            ),
            Definition("kWordBits", str(hardware.word_bits), "bits of a word of memory"),
        ],
        CONSTANT,
    )
    _write_sections(out, emission.parallelism, CONSTANT)
    return out.text()


def emit_model(emission: Emission) -> str:
    """`model.hpp`: the sizes of the model."""
    out = Writer()
    out.paragraph("// The sizes of this model.", "#pragma once", "")
    ports: list[Definition] = []
    for port in emission.design.ports:
        name = port_constant(port.name)
        ports.append(Definition(f"{name}Words", str(port.words), "words of memory"))
        if port.kind in (INPUT, OUTPUT):
            words = str(port.frame_words)
            ports.append(Definition(f"{name}FrameWords", words, "words of a frame"))
            count = " * ".join(map(str, port.shape))
            ports.append(Definition(f"{name}Elements", count, "integers"))
            ports.append(Definition(f"{name}Bits", str(port.width), "bits of each"))
    _write(out, ports, CONSTANT)
    _write_sections(out, emission.sizes, CONSTANT)
    return out.text()


def emit_layer_constants(emission: Emission) -> str:
    """`layer_constants.hpp`: numbers that each layer has of its own."""
    out = Writer()
    out.paragraph("// Numbers that each layer has of its own.", "#pragma once")
    out.paragraph('#include "formats.hpp"')
    for each in emission.layer_constants:
        out.line()
        out.line(f"const {each.element} {each.name}[{len(each.values)}] = {{")
        line = ""
        for value in each.values:
            piece = f"{value},"
            if line and len(line) + len(piece) > 90:
                out.line(f"    {line}")
                line = ""
            line = f"{line} {piece}" if line else piece
        out.line(f"    {line}")
        out.line("};")
    return out.text()
