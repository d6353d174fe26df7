"""The comparison with netlists can fail."""

from pathlib import Path

import pytest

from tests.hardware.checks import check_costs, check_values
from tests.hardware.circuit import Circuit
from vaqf.passes.costs.resources import Resources


def build(circuit: Circuit) -> None:
    """An adder of 10 LUTs and a multiplier."""
    a, b = circuit.inputs_of("a", 2, 10)
    circuit.output("sum", 10, circuit.value(10, f"{a} + {b}"))
    circuit.output("product", 20, circuit.product(a, 10, b, 10))


@pytest.mark.slow
def test_wrong_costs_are_found(tmp_path: Path):
    check_costs(build, Resources(lut=10, dsp=1), tmp_path)
    for wrong in (Resources(lut=12, dsp=1), Resources(lut=8, dsp=1), Resources(lut=10, dsp=2)):
        with pytest.raises(AssertionError):
            check_costs(build, wrong, tmp_path)


def test_wrong_values_are_found(tmp_path: Path):
    with pytest.raises(AssertionError):
        check_values(build, lambda values: {"sum": values["a0"], "product": 0}, tmp_path)
