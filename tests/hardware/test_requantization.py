"""Requantization: one lane of a product, a shift by a constant, and saturation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hardware.checks import check_costs, check_values
from tests.hardware.circuit import Circuit
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.passes.costs.vector_units import round_lane, scale_lane


@dataclass(frozen=True)
class Lane:
    """A lane."""

    sum_bits: int
    shift: int
    bits: int

    def build(self, circuit: Circuit) -> None:
        """One slice, and what brings its result into the range."""
        total = circuit.input("sum", self.sum_bits)
        multiplier = circuit.input("multiplier", MULTIPLIER_BITS)
        offset = circuit.input("offset", OFFSET_BITS)
        scaled = circuit.product(total, self.sum_bits, multiplier, MULTIPLIER_BITS, offset)
        rest = OFFSET_BITS - self.shift
        steps = circuit.wire(rest, f"{scaled}[{OFFSET_BITS - 1}:{self.shift}]")
        largest = (1 << (self.bits - 1)) - 1
        limited = (
            f"{steps} > {largest} ? {self.bits}'sd{largest} : "
            f"{steps} < -{largest + 1} ? -{self.bits}'sd{largest + 1} : {steps}"
        )
        circuit.output("y", self.bits, circuit.wire(self.bits, limited))

    def reference(self, values: Mapping[str, int]) -> dict[str, int]:
        """The formula of `docs/numerics.md`."""
        scaled = values["sum"] * values["multiplier"] + values["offset"]
        half = 1 << (OFFSET_BITS - 1)
        steps = ((scaled + half) % (2 * half) - half) >> self.shift
        largest = (1 << (self.bits - 1)) - 1
        return {"y": max(-largest - 1, min(largest, steps))}


@pytest.mark.slow
@pytest.mark.parametrize(
    "lane", [Lane(20, 24, 8), Lane(24, 30, 6), Lane(18, 20, 16), Lane(20, 39, 8)], ids=str
)
def test_requantization(lane: Lane, tmp_path: Path):
    check_values(lane.build, lane.reference, tmp_path)
    rounded = round_lane(OFFSET_BITS, lane.shift, lane.bits)
    check_costs(lane.build, scale_lane(lane.sum_bits) + rounded, tmp_path)
