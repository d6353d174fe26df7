"""What the testbench, which is the same for every accelerator, knows of this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from vaqf.backends.hls.design import TOP, Design, Port
from vaqf.backends.hls.identifiers import extended, port_constant, string_literal
from vaqf.backends.hls.text import Writer, call


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that the testbench compares."""

    label: str
    index: int
    file: str
    """Name of its file in the folder of each golden frame."""


def golden_file(port: Port) -> str:
    """Name of the file with the golden values of an input or output."""
    return f"{port.name}.bin"


def memory_of(port: Port) -> str:
    """What the testbench calls the memory behind a port, unlike anything in the C library."""
    return extended(port.name, "words")


def emit_testbench_interface(design: Design, frames: int, checkpoints: Sequence[Checkpoint]) -> str:
    """
    `interface.hpp`.

    Args:
        design: The accelerator.
        frames: Number of golden frames.
        checkpoints: What is compared in each of them before the result.
    """
    image = design.image
    scale = 1.0 if image.format is None else image.format.scale.data
    out = Writer()
    out.paragraph("// What the testbench knows of this accelerator.", "#pragma once")
    out.paragraph("#include <cstdint>", "#include <vector>", "")
    out.paragraph('#include "model.hpp"', '#include "support.hpp"', '#include "top.hpp"', "")
    for port in design.ports:
        out.line(f"static word_t {memory_of(port)}[{port_constant(port.name)}Words];")
    out.line()
    with out.block("inline void run_accelerator()"):
        for line in call(TOP, [memory_of(port) for port in design.ports], ";", out.depth):
            out.line(line)
    out.line()
    name = port_constant(image.name)
    out.paragraph(
        f"static word_t* const input_memory = {memory_of(image)};",
        f"constexpr int kInputFrameWords = {name}FrameWords;",
        f"constexpr int kInputBits = {name}Bits;",
        f"constexpr int kInputElements = {name}Elements;",
        f"constexpr double kInputScale = {scale!r};  // real value of one step",
        f"constexpr const char* kInputFile = {string_literal(golden_file(image))};",
        "",
    )
    with out.block("struct output_port", end="};"):
        out.paragraph(
            "const char* name;  // in the model",
            "const char* file;  // its golden values",
            "int rows, columns;",
            "std::vector<std::int32_t> (*read)(int frame);  // what the accelerator has written",
        )
    with out.block("static const std::vector<output_port> kOutputs =", end="};"):
        for port in design.results:
            constant = port_constant(port.name)
            memory = f"{memory_of(port)} + frame * {constant}FrameWords"
            unpack = f"packing<{constant}Bits>::unpack({memory}, {constant}Elements)"
            columns = port.shape[-1]
            sizes = f"{prod(port.shape) // columns}, {columns}"
            names = f"{string_literal(port.model_name)}, {string_literal(golden_file(port))}"
            out.line(f"{{{names}, {sizes}, [](int frame) {{ return {unpack}; }}}},")
    out.line()
    with out.block("struct parameter_file", end="};"):
        out.paragraph("word_t* memory;", "int words;", "const char* file;")
    with out.block("static const std::vector<parameter_file> kParameters =", end="};"):
        for port in design.parameters:
            words = f"{port_constant(port.name)}Words"
            out.line(f"{{{memory_of(port)}, {words}, {string_literal(f'{port.name}.bin')}}},")
    out.line()
    out.line(f"constexpr int kFrames = {frames};  // golden frames")
    out.line(
        f"constexpr int kFramesOfCall = {design.frames};  // that the accelerator computes at once"
    )
    with out.block("struct checkpoint_file", end="};"):
        out.paragraph("const char* label;", "int index;", "const char* file;")
    with out.block("static const std::vector<checkpoint_file> kCheckpoints =", end="};"):
        for each in checkpoints:
            label, file = string_literal(each.label), string_literal(each.file)
            out.line(f"{{{label}, {each.index}, {file}}},")
    return out.text()
