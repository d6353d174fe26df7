"""LayerNorm: moments of the lanes of a token, and lanes that are normalized and scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hardware.checks import check_costs, check_values
from tests.hardware.circuit import Circuit
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.passes.costs.vector_units import moments, normalize_lane


@dataclass(frozen=True)
class Size:
    """Lanes of tokens."""

    lanes: int
    channels: int
    bits: int

    @property
    def widths(self) -> LayerNormWidths:
        """Widths of the integers."""
        return LayerNormWidths(self.channels, self.bits)

    @property
    def largest_shift(self) -> int:
        """What normalized values are shifted by when the variance is large."""
        widths = self.widths
        return widths.variance_bits // 2 + INVERSE_ROOT_BITS - widths.fraction_bits

    def build_moments(self, circuit: Circuit) -> None:
        """The sum and the sum of the squares."""
        lanes = circuit.inputs_of("x", self.lanes, self.bits)
        squares = [
            circuit.wire(
                2 * self.bits - 1, circuit.product(lane, self.bits, lane, self.bits), signed=False
            )
            for lane in lanes
        ]
        circuit.accumulate("sum", self.widths.sum_bits, circuit.tree(lanes, self.bits))
        total = circuit.tree(squares, 2 * self.bits - 1, signed=False)
        circuit.accumulate("squares", self.widths.squares_bits, total, signed=False)

    def moments(self, values: Mapping[str, int]) -> dict[str, int]:
        """What `build_moments` computes."""
        lanes = [values[f"x{lane}"] for lane in range(self.lanes)]
        kept = 0 if values["restart"] else 1
        return {
            "sum": kept * values["sum_before"] + sum(lanes),
            "squares": kept * values["squares_before"] + sum(lane * lane for lane in lanes),
        }

    def build_normalized(self, circuit: Circuit) -> None:
        """
        The distance from the mean times the reciprocal, shifted, scaled.

        The shift and its half are the token's, for all lanes. A multiplication by the number of
        channels is an addition for each of its bits that is set.
        """
        widths, shift_bits = self.widths, self.largest_shift.bit_length()
        total = circuit.input("sum", widths.sum_bits)
        inverse = circuit.input("inverse", INVERSE_ROOT_BITS + 2, signed=False)
        shift = circuit.input("shift", shift_bits, signed=False)
        product_bits = widths.centered_bits + INVERSE_ROOT_BITS + 3
        half = circuit.input("half", product_bits - 1)
        for lane in range(self.lanes):
            x = circuit.input(f"x{lane}", self.bits)
            multiplier = circuit.input(f"multiplier{lane}", MULTIPLIER_BITS)
            offset = circuit.input(f"offset{lane}", OFFSET_BITS)
            centered = f"-{total}"
            for bit in range(self.channels.bit_length()):
                if self.channels >> bit & 1:
                    term = circuit.wire(widths.centered_bits, f"{x} <<< {bit}")
                    centered = (
                        circuit.value(widths.centered_bits, f"{term} - {total}")
                        if centered == f"-{total}"
                        else circuit.value(widths.centered_bits, f"{term} + {centered}")
                    )
            product = circuit.product(
                centered,
                widths.centered_bits,
                f"{{1'b0, {inverse}}}",
                INVERSE_ROOT_BITS + 3,
                half,
            )
            narrow = circuit.wire(product_bits, product)
            normalized = circuit.value(MULTIPLIER_BITS, f"{narrow} >>> {shift}")
            scaled = circuit.product(
                normalized, MULTIPLIER_BITS, multiplier, MULTIPLIER_BITS, offset
            )
            circuit.output(f"y{lane}", OFFSET_BITS, scaled)

    def normalized(self, values: Mapping[str, int]) -> dict[str, int]:
        """What `build_normalized` computes."""
        results: dict[str, int] = {}
        for lane in range(self.lanes):
            centered = _signed(
                self.channels * values[f"x{lane}"] - values["sum"], self.widths.centered_bits
            )
            bits = self.widths.centered_bits + INVERSE_ROOT_BITS + 3
            product = _signed(centered * values["inverse"] + values["half"], bits)
            normalized = _signed(product >> values["shift"], MULTIPLIER_BITS)
            results[f"y{lane}"] = normalized * values[f"multiplier{lane}"] + values[f"offset{lane}"]
        return results


def _signed(value: int, bits: int) -> int:
    """A value as a signed number of so many bits holds it."""
    half = 1 << (bits - 1)
    return (value + half) % (2 * half) - half


@pytest.mark.slow
@pytest.mark.parametrize("size", [Size(4, 64, 8), Size(8, 192, 16), Size(16, 768, 12)], ids=str)
def test_moments(size: Size, tmp_path: Path):
    check_values(size.build_moments, size.moments, tmp_path)
    check_costs(size.build_moments, moments(size.lanes, size.widths), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("size", [Size(1, 192, 8), Size(1, 192, 16), Size(2, 768, 16)], ids=str)
def test_normalized_lanes(size: Size, tmp_path: Path):
    check_values(size.build_normalized, size.normalized, tmp_path)
    check_costs(size.build_normalized, normalize_lane(size.widths) * size.lanes, tmp_path)
