"""What every test of an engine does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy
import pytest

from tests.hardware.circuit import Circuit
from tests.hardware.sites import count_sites
from tests.hardware.yosys import evaluate, synthesize
from vaqf.passes.costs.resources import Resources

TOLERANCE = 0.15
"""By how much LUTs may differ from what the costs say."""

VECTORS = 12
"""Sets of random inputs that a circuit is evaluated for."""

Reference = Callable[[Mapping[str, int]], Mapping[str, int]]
"""From the inputs of a circuit to its outputs."""


def check_values(build: Callable[[Circuit], None], reference: Reference, folder: Path) -> None:
    """A circuit computes what the reference does, for large and for small numbers."""
    circuit = Circuit(registered=False)
    build(circuit)
    random = numpy.random.default_rng(0)
    vectors: list[Mapping[str, int]] = []
    for position in range(VECTORS):
        vector = {"restart": position % 2}
        for port in circuit.inputs:
            start = -(1 << (port.bits - 1)) if port.signed else 0
            number = int(random.integers(start, start + (1 << port.bits)))
            vector[port.name] = number >> int(random.integers(port.bits))
        vectors.append(vector)
    for vector, values in zip(vectors, evaluate(circuit, vectors, folder), strict=True):
        expected = reference(vector)
        assert values == {
            name: value & ((1 << circuit.outputs[name]) - 1) for name, value in expected.items()
        }, vector


def check_costs(build: Callable[[Circuit], None], expected: Resources, folder: Path) -> None:
    """A netlist has the slices that the costs say, and about as many LUTs."""
    circuit = Circuit(registered=True)
    build(circuit)
    cells = synthesize(circuit, folder)
    slices = sum(
        sum(inner.kind == "DSP48E2" for inner in cells[cell.kind])
        for cell in cells["top"]
        if cell.kind in circuit.slices
    )
    assert not any(cell.kind == "DSP48E2" for cell in cells["top"])
    luts = count_sites(cells["top"])
    print(f"{expected.lut} LUTs expected, {luts} synthesised, {slices} slices")
    assert slices == expected.dsp
    assert luts == pytest.approx(expected.lut, rel=TOLERANCE)
