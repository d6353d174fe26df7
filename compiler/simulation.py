"""Building the C++ of a project with make and g++, and running it."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.interface import Interface, Port, TracedValue
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


Integers = NDArray[np.int32]


@dataclass(frozen=True)
class SimulatedFrame:
    """What the C++ computed for an image."""

    outputs: Sequence[Integers]
    """The integers of each output."""

    traced: Mapping[tuple[str, int], Integers]
    """What checkpoints showed, tokens x channels, by label and number; empty without a trace."""


def _read_trace(path: Path, images: int) -> list[dict[tuple[str, int], Integers]]:
    """What the testbench wrote of each image, see its `--help`; nothing without a file."""
    found: list[dict[tuple[str, int], Integers]] = [{} for _ in range(images)]
    if not path.exists():
        return found
    with path.open("rb") as file:
        while line := file.readline():
            image, index, tokens, channels, label = line.decode().rstrip("\n").split(" ", 4)
            shape = int(tokens), int(channels)
            values = np.frombuffer(file.read(4 * prod(shape)), dtype="<i4").reshape(shape)
            found[int(image)][label, int(index)] = values
    return found


@dataclass(frozen=True)
class Simulation:
    """
    The C++ of a project as a program.

    Given the folder of its project it checks itself against golden vectors. `--images FILE`
    takes images, raw little-endian float32, one after the other; `--results FILE` stores the int32
    results of each, and `--trace FILE` what its checkpoints show.
    """

    folder: Path
    """Of the project."""

    input: Port
    """What it takes."""

    outputs: Sequence[Port]
    """What it gives."""

    traced: Sequence[TracedValue] = ()
    """What its checkpoints show."""

    @staticmethod
    def of(folder: Path) -> Simulation:
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
        return Simulation(folder, interface.inputs[0], interface.outputs, interface.traced)

    def expect_traced(self) -> None:
        """
        Check that checkpoints show what layers compute.

        Raises:
            UserError: when the project has none that do.
        """
        if not self.traced:
            raise UserError(f"{self.folder}: has no layers to trace, compile the model again")

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
        return self.real_results(self.frames(images))

    def real_results(self, frames: Sequence[SimulatedFrame]) -> dict[str, NDArray[np.float32]]:
        """Results of images as real values, see `results`."""
        found: dict[str, NDArray[np.float32]] = {}
        for number, port in enumerate(self.outputs):
            shape = port.shape[1:] if port.shape[:1] == (1,) else port.shape
            integers = np.stack([each.outputs[number].reshape(shape) for each in frames])
            found[port.name] = (integers * port.scale).astype(np.float32)
        return found

    def real_trace(self, frames: Sequence[SimulatedFrame]) -> dict[str, NDArray[np.float32]]:
        """
        What checkpoints showed as real values, images x tokens x channels.

        By the ONNX node that each is the value of, with a number where a node has several.
        """
        counts = Counter(each.name for each in self.traced)
        places = Counter[str]()
        found: dict[str, NDArray[np.float32]] = {}
        for each in self.traced:
            place = f"[{places[each.name]}]" if counts[each.name] > 1 else ""
            places[each.name] += 1
            integers = np.stack([frame.traced[each.label, each.index] for frame in frames])
            found[f"{each.name}{place}"] = (integers * each.scale).astype(np.float32)
        return found

    def frames(
        self, images: NDArray[np.float32], *, is_traced: bool = False
    ) -> list[SimulatedFrame]:
        """
        Run the accelerator.

        Args:
            images: images x the shape of the input.
            is_traced: whether to note what checkpoints show.

        Raises:
            UserError: when the testbench fails.
        """
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            source, result, trace = folder / "images", folder / "results", folder / "trace"
            source.write_bytes(images.astype("<f4").tobytes())
            arguments = ["--project", ".", "--images", str(source), "--results", str(result)]
            if is_traced:
                arguments += ["--trace", str(trace)]
            self._run("simulating", [str(self._program), *arguments])
            rows = np.fromfile(result, dtype="<i4").reshape(len(images), -1)
            traces = _read_trace(trace, len(images))
        ends = list(accumulate(prod(port.shape) for port in self.outputs))[:-1]
        return [
            SimulatedFrame(
                [
                    values.reshape(port.shape)
                    for values, port in zip(np.split(row, ends), self.outputs, strict=True)
                ],
                traced,
            )
            for row, traced in zip(rows, traces, strict=True)
        ]

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
