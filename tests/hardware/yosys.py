"""Yosys: netlists for UltraScale+, and values of Verilog expressions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.hardware.circuit import Circuit
from tests.hardware.sites import Cell

# Yosys ends its process when something is wrong, so that it has one of its own.
RUN_SCRIPT = """
import sys
from pyosys import libyosys
libyosys.run_pass(f"script {sys.argv[1]}", libyosys.Design())
"""

SYNTHESIS = "synth_xilinx -family xcup -noiopad -noclkbuf -nosrl -top top"


class YosysError(Exception):
    """Yosys refuses a circuit."""


def _run(circuit: Circuit, commands: Sequence[str], folder: Path) -> str:
    """What Yosys prints."""
    source, script = folder / "top.v", folder / "commands.ys"
    source.write_text(circuit.verilog())
    script.write_text("\n".join([f"tee -q read_verilog -sv {source}", *commands]))
    result = subprocess.run(
        [sys.executable, "-c", RUN_SCRIPT, script], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise YosysError(f"{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
    return result.stdout


def synthesize(circuit: Circuit, folder: Path) -> dict[str, list[Cell]]:
    """The primitives of each module."""
    result = folder / "netlist.json"
    # Circuits have no memories; without that stage the others take half of the time.
    stages = [f"tee -q {SYNTHESIS} -run {part}" for part in ("begin:map_memory", "map_ffram:")]
    _run(circuit, [*stages, f"write_json {result}"], folder)
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
    widths = {"restart": 1} | {port.name: port.bits for port in circuit.inputs}
    shown = " ".join(f"-show {name}" for name in circuit.outputs)
    evaluations: list[str] = []
    for vector in vectors:
        given = " ".join(
            f"-set {name} {width}'b{vector[name] & ((1 << width) - 1):0{width}b}"
            for name, width in widths.items()
        )
        evaluations.append(f"eval {given} {shown} top")
    preparations = [f"tee -q {command}" for command in ("hierarchy -top top", "proc", "flatten")]
    printed = _run(circuit, [*preparations, *evaluations], folder)
    # Numbers of 32 bits are printed in decimal, others bit by bit.
    found = re.findall(r"Eval result: \\(\w+) = (?:\d+'([01]+)|(-?\d+))\.", printed)
    count = len(circuit.outputs)
    return [
        {
            name: int(bits, 2) if bits else int(number) & ((1 << circuit.outputs[name]) - 1)
            for name, bits, number in found[start : start + count]
        }
        for start in range(0, len(found), count)
    ]
