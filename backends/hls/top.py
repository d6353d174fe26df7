"""The top function: the ports, the matrices on chip, and the sequence of layers."""

from __future__ import annotations

from xdsl.dialects.func import CallOp

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.body import Body
from vaqf.backends.hls.definitions import Emission
from vaqf.backends.hls.design import OUTPUT, TOP, Port
from vaqf.backends.hls.engine import write_static_parts
from vaqf.backends.hls.engine_calls import idle_values
from vaqf.backends.hls.identifiers import comment_text, counted
from vaqf.backends.hls.schedule import is_scheduled
from vaqf.backends.hls.statements import emit_block
from vaqf.backends.hls.storage import Dram
from vaqf.backends.hls.text import Writer, call
from vaqf.backends.hls.unit import Unit


def declarations(emission: Emission) -> list[str]:
    """The parameters of the top function."""
    return [
        f"{'' if port.kind == OUTPUT else 'const '}word_t* {port.name}"
        for port in emission.design.ports
    ]


def describe_port(port: Port) -> str:
    """What lies behind a port."""
    sizes = " x ".join(map(str, port.shape))
    if port.kind not in ("input", "output"):
        return f"{counted(port.words, 'word')} of prepared parameters"
    scale = "" if port.format is None else f", in steps of {port.format.scale.data!r}"
    each = f" a frame, {port.frames} frames" if port.frames > 1 else ""
    return (
        f"`{comment_text(port.model_name)}` of the model: {sizes} integers of {port.width} bits"
        f"{scale}, in {counted(port.frame_words, 'word')}{each}"
    )


def emit_top_header(emission: Emission) -> str:
    """`top.hpp`, which the testbench includes."""
    out = Writer()
    frames = counted(emission.design.frames, "frame")
    out.paragraph(f"// The accelerator: one call is {frames}.", "#pragma once")
    out.paragraph('#include "formats.hpp"', "")
    out.line(f"/// Computes the results of {counted(emission.design.frames, 'image')}.")
    out.line("///")
    widest = max(len(port.name) for port in emission.design.ports)
    for port in emission.design.ports:
        out.line(f"/// \\param {port.name:<{widest}}  {describe_port(port)}")
    out.paragraph(*call(f'extern "C" void {TOP}', declarations(emission), ";"))
    return out.text()


def emit_top(emission: Emission) -> str:
    """
    `top.cpp`.

    Raises:
        PassFailedException: when a part of it has no form in C++.
    """
    design = emission.design
    unit = Unit.of(emission, design.forward, None)
    body = Body(unit)
    body.unnecessary = idle_values(design)
    hardware = design.hardware
    if is_scheduled(body) and hardware.memory_bits is not None:
        body.out.line(f"SCHEDULE_MEMORY({hardware.word_bits}, {hardware.memory_bits});")
    for port in design.ports:
        shape, rank = port.shape, None
        if port.frames > 1:
            shape, rank = (port.frames, *port.shape), len(port.shape)
        body.places[port.argument] = Dram(body.names.fresh(port.name), "0", shape, port.width, rank)
    emit_block(body, design.forward.body.block)
    called = {op.callee.string_value() for op in design.forward.walk() if isinstance(op, CallOp)}
    engines = [each for each in design.engines if each.function.sym_name.data in called]
    out = Writer()
    out.paragraph("// The accelerator: its ports, its matrices on chip, and its layers in order.")
    out.paragraph('#include "top.hpp"', "")
    headers = ["arithmetic", "checkpoint", "layer_constants", "model"]
    for name in sorted([*headers, *(each.name for each in engines)]):
        out.line(f'#include "{name}.hpp"')
    out.line()
    write_static_parts(unit, out)
    out.paragraph(*call(f'extern "C" void {TOP}', declarations(emission), " {"))
    for port in design.ports:
        for line in pragmas.memory_port(port.name, port.words):
            out.pragma(line)
    out.pragma(pragmas.control_port())
    for each in engines:
        out.pragma(pragmas.one_instance(each.name))
    out.line()
    out.lines += body.out.lines
    out.line("}")
    return out.text()
