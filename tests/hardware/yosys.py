"""Yosys: netlists for UltraScale+, and values of Verilog expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from pyosys import libyosys

from tests.hardware.circuit import Circuit
from tests.hardware.sites import Cell


def _design(circuit: Circuit, folder: Path) -> libyosys.Design:
    source = folder / "top.v"
    source.write_text(circuit.verilog())
    design = libyosys.Design()
    _run(design, f"read_verilog -sv {source}")
    return design


def _run(design: libyosys.Design, command: str) -> None:
    libyosys.run_pass(f"tee -q {command}", design)


def synthesize(circuit: Circuit, folder: Path) -> dict[str, list[Cell]]:
    """The primitives of each module."""
    design, result = _design(circuit, folder), folder / "netlist.json"
    _run(design, "synth_xilinx -family xcup -noiopad -noclkbuf -nosrl -top top")
    _run(design, f"write_json {result}")
    modules = json.loads(result.read_text())["modules"]
    return {
        name: [Cell(cell["type"], cell["connections"]) for cell in module["cells"].values()]
        for name, module in modules.items()
        if name == "top" or name in circuit.slices
    }


def evaluate(
    circuit: Circuit, vectors: list[Mapping[str, int]], folder: Path
) -> list[dict[str, int]]:
    """The outputs, as unsigned numbers, of a circuit without registers for each set of inputs."""
    design, answer = _design(circuit, folder), folder / "values.txt"
    _run(design, "hierarchy -top top")
    _run(design, "proc")
    _run(design, "flatten")
    widths = {"restart": 1} | {port.name: port.bits for port in circuit.inputs}
    shown = " ".join(f"-show {name}" for name in circuit.outputs)
    results: list[dict[str, int]] = []
    for vector in vectors:
        given = " ".join(
            f"-set {name} {width}'b{vector[name] & ((1 << width) - 1):0{width}b}"
            for name, width in widths.items()
        )
        libyosys.run_pass(f"tee -q -o {answer} eval {given} {shown} top", design)
        found = re.findall(r"Eval result: \\(\w+) = \d+'([01]+)", answer.read_text())
        results.append({name: int(bits, 2) for name, bits in found})
    return results
