"""The README of a project."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.func import CallOp

from vaqf.backends.hls.analysis import evaluate
from vaqf.backends.hls.design import TOP, Design
from vaqf.backends.hls.engine_calls import used_arguments
from vaqf.backends.hls.identifiers import counted
from vaqf.backends.hls.sources import layers_of
from vaqf.backends.hls.top import describe_port

OVERLAP = (
    "While one frame is in linear layers, another one is in other layers: `src/top.cpp` says what "
    "runs at the same time."
)
"""Said where a call computes several frames."""

INTRODUCTION = f"""\
# Accelerator for a Vision Transformer

VAQF compiled this project from an ONNX model. One call of `{TOP}` (`src/top.cpp`) computes the
results of FRAMES. Its arithmetic is bit-exact with the IR in `ir/`; `tb/golden/` has values
to prove it.

## Use

- `make csim` builds the testbench with a C++14 compiler, runs the golden frames and compares every
  checkpoint; the exit code says whether all are equal. No vendor tool is needed.
- `build/csim --images FILE` runs raw images; `build/csim --help` says more.
- `make csynth`, `make cosim`, `make export` run Vitis HLS or Vivado HLS (2019 or later) with
  `script.tcl`. `hls_config.cfg` is for `v++ -c --mode hls`.

## Files

| path | what it is |
|---|---|
| `include/hardware.hpp` | parallelism, word width: what the passes chose |
| `include/model.hpp` | sizes of the model, and where parameters lie in memory |
| `include/formats.hpp` | the type of every number |
| `weights/layer_constants.hpp` | numbers that each layer has of its own |
| `include/`, `src/` | one header and one source an engine, and the top function |
| `weights/` | the contents of the parameter memories: words, lowest byte first |
| `tb/` | testbench and golden vectors (32-bit integers, lowest byte first) |
| `csim/ap_int.h` | stands in for the vendor's header where there is none |
| `ir/` | the IR after every stage |
| `manifest.json` | versions, options, passes, and the hash of the model |
| `report/` | estimates of cycles and resources |
"""


def emit_readme(design: Design) -> str:
    """`README.md`."""
    lines = [
        INTRODUCTION.replace("FRAMES", counted(design.frames, "image")),
        "## Ports",
        "",
        f"Every memory is an AXI master port with words of {design.hardware.word_bits} bits; its "
        "address, start and done are registers on the AXI4-Lite port `control`.",
        "",
        "| port | contents |",
        "|---|---|",
        *(f"| `{port.name}` | {_cell(describe_port(port))} |" for port in design.ports),
        "",
        "Integers take a power of two of bits, the first in the lowest bits of a word.",
        "",
        "## Layers",
        "",
        "In the order in which they run. Equal blocks are one loop; their layers share engines.",
        *([OVERLAP] if design.frames > 1 else []),
        "",
        "| layers | engine | sizes |",
        "|---|---|---|",
        *(_row(design, call) for call in _calls(design)),
        "",
    ]
    return "\n".join(lines)


def _calls(design: Design) -> Sequence[CallOp]:
    return [
        op
        for op in design.forward.walk()
        if isinstance(op, CallOp) and op.callee.string_value() in design.engines_by_symbol
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _row(design: Design, call: CallOp) -> str:
    engine = design.engines_by_symbol[call.callee.string_value()]
    sizes: list[str] = []
    for index in used_arguments(engine):
        number = evaluate(call.arguments[index], {})
        name = engine.arguments[index].name_hint
        if number is not None and name:
            sizes.append(f"{name} {number}")
    layers = ", ".join(layers_of([call])) or "?"
    return f"| {_cell(layers)} | `{engine.name}` | {_cell(', '.join(sizes))} |"
