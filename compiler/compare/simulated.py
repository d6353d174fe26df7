"""Projects, whose C++ is built and run."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vaqf.compiler.compare.accelerators import Shown
from vaqf.compiler.compare.tensors import Array, Network
from vaqf.compiler.interface import Interface
from vaqf.compiler.project import read_manifest
from vaqf.compiler.simulation import Simulation
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.samples import Input

_AT_ONCE = 16
"""Images of which the traces are kept at the same time; even, for two frames in a call."""


@dataclass(frozen=True)
class SimulatedProject:
    """The C++ of a project."""

    simulation: Simulation
    shown: Shown

    @property
    def inputs(self) -> Sequence[Input]:
        """See `Side`."""
        port = self.simulation.input
        return [Input(port.name, port.shape, None)]

    @property
    def network(self) -> Network:
        """See `Side`."""
        return self.shown.network

    @staticmethod
    def open(folder: Path) -> SimulatedProject:
        """
        A project in a folder.

        Raises:
            UserError: when it is none, or has no list of what its checkpoints show.
        """
        interface = Interface.read(read_manifest(folder))
        simulation = Simulation.of(folder)
        simulation.expect_traced()
        return SimulatedProject(simulation, Shown.of(interface))

    def run(
        self, inputs: Mapping[str, Floats], wanted: Collection[int]
    ) -> Iterator[Mapping[int, Array]]:
        """See `Side`."""
        print(f"building {self.simulation.folder}", file=sys.stderr)
        self.simulation.build()
        images = inputs[self.simulation.input.name]
        for first in range(0, len(images), _AT_ONCE):
            for frame in self.simulation.frames(images[first : first + _AT_ONCE], is_traced=True):
                shown = {self.shown.numbers.get(key): each for key, each in frame.traced.items()}
                outputs = dict(zip(self.shown.outputs, frame.outputs, strict=True))
                yield {
                    number: each
                    for number, each in (shown | outputs).items()
                    if number is not None and number in wanted
                }
