"""Building the C++ of a project with make and g++, and running it."""

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.interface import Interface, Port
from vaqf.compiler.project import read_manifest
from vaqf.dialects.diagnostics import UserError

TESTBENCH = Path("build/csim")
"""The testbench within a project. It is run in the folder of the project."""

_LINES_SHOWN = 5
"""How many lines of a failed command an error repeats."""

_OF_OUTER_MAKE = frozenset({"MAKEFLAGS", "MFLAGS", "MAKELEVEL"})

_TELLING_LINE = re.compile(
    r"\b(error|Error|undefined reference|mismatch|No such file|not found)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Simulation:
    """
    The C++ of a project as a program.

    Given the folder of its project it checks itself against golden vectors. `--images FILE`
    takes images, raw little-endian float32, one after the other; `--results FILE` stores the int32
    results of each.
    """

    folder: Path
    """Of the project."""

    input: Port
    """What it takes."""

    outputs: Sequence[Port]
    """What it gives."""

    @staticmethod
    def of(folder: Path) -> "Simulation":
        """
        The simulation of a project.

        Raises:
            UserError: when the folder is no project, or has not one input.
        """
        interface = Interface.read(read_manifest(folder))
        if len(interface.inputs) != 1:
            raise UserError(
                f"{folder}: has {len(interface.inputs)} inputs, only one can be simulated"
            )
        return Simulation(folder, interface.inputs[0], interface.outputs)

    def build(self) -> None:
        """
        Compile the testbench.

        Raises:
            UserError: when a tool is missing, or with the messages of the compiler.
        """
        self._run("building", ["make", "--no-print-directory", str(TESTBENCH)])

    def check(self) -> str:
        """
        Run the testbench on its golden vectors.

        Returns:
            What it printed.

        Raises:
            UserError: when something is not as it should be.
        """
        return self._run("the self-check of", [str(self._program), "--project", "."])

    def images(self, array: NDArray[np.float32]) -> NDArray[np.float32]:
        """
        Images as the testbench wants them, one or several, with a first axis for their number.

        Raises:
            UserError: when the shape is not that of the input.
        """
        shape = self.input.shape
        if array.shape[-len(shape) :] != shape or array.ndim > len(shape) + 1:
            wanted = ", ".join(str(each) for each in shape)
            raise UserError(
                f"input '{self.input.name}' has shape {array.shape}, expected (images, {wanted})"
            )
        return array.reshape(-1, *shape)

    def results(self, images: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """
        Run the accelerator.

        Args:
            images: images x the shape of the input.

        Returns:
            For each output its real values, images x the shape of the output; without a dimension
            for its rows when it has one.

        Raises:
            UserError: when the testbench fails.
        """
        with tempfile.TemporaryDirectory() as scratch:
            source, result = Path(scratch) / "images", Path(scratch) / "results"
            source.write_bytes(images.astype("<f4").tobytes())
            arguments = ["--project", ".", "--images", str(source), "--results", str(result)]
            self._run("simulating", [str(self._program), *arguments])
            integers = np.fromfile(result, dtype="<i4")
        found: dict[str, NDArray[np.float32]] = {}
        first, rows = 0, integers.reshape(len(images), -1)
        for port in self.outputs:
            count = prod(port.shape)
            shape = port.shape[1:] if port.shape[:1] == (1,) else port.shape
            values = rows[:, first : first + count].reshape(len(images), *shape)
            found[port.name] = (values * port.scale).astype(np.float32)
            first += count
        return found

    @property
    def _program(self) -> Path:
        return (self.folder / TESTBENCH).resolve()

    def _run(self, what: str, command: Sequence[str]) -> str:
        """
        Run a command in the folder of the project.

        Returns:
            What it printed.

        Raises:
            UserError: when it cannot be run, or fails, with the lines that say why.
        """
        # A make around this one must not share its flags and job slots with the one run here.
        environment = {k: v for k, v in os.environ.items() if k not in _OF_OUTER_MAKE}
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
        except FileNotFoundError:
            raise UserError(
                f"{what} {self.folder} needs '{command[0]}', which is not there"
            ) from None
        if done.returncode != 0:
            lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
            telling = [line for line in lines if _TELLING_LINE.search(line)] or lines[-1:]
            why = "; ".join(telling[:_LINES_SHOWN]) or f"exit code {done.returncode}"
            raise UserError(f"{what} {self.folder} failed: {why}")
        return done.stdout
