"""Attention: scores of two keys, exponentials, and two channels of weighted values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hardware.checks import check_costs, check_values
from tests.hardware.circuit import Circuit
from tests.hardware.packed_sums import chained_sum, packed_sums
from vaqf.dialects.accel.multipliers import packed_terms, signed_magnitude
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES, EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.widths import SoftmaxWidths, probability_bits
from vaqf.passes.costs.products import product_sums, upper_carry_luts
from vaqf.passes.costs.resources import logic
from vaqf.passes.costs.vector_units import (
    POWER_BITS,
    exponentials,
    maximum_luts,
    probability_lane,
)

PAIR = 2
"""Keys or channels, whose products share multipliers."""

STEP_BITS = EXPONENTIAL_ENTRIES.bit_length() - 1
OCTAVE_BITS = EXPONENTIAL_FRACTION_BITS.bit_length()


@dataclass(frozen=True)
class Scores:
    """Scores of a query with two keys."""

    depth: int
    bits: int

    @property
    def score_bits(self) -> int:
        """Signed width of a score."""
        return (self.depth << (2 * self.bits - 2)).bit_length() + 1

    def build(self, circuit: Circuit) -> None:
        """The sums, and the largest so far."""
        query = circuit.inputs_of("q", self.depth, self.bits)
        low, high = (circuit.inputs_of(f"k{key}_", self.depth, self.bits) for key in range(PAIR))
        magnitude, width = signed_magnitude(self.bits), self.score_bits
        terms = packed_terms(magnitude, magnitude)
        if terms:
            lower, (upper, carry) = packed_sums(
                circuit, query, self.bits, (low, high), self.bits, terms=terms, bits=width
            )
            zero = f"{width}'sd0"
            scores = [
                circuit.value(width, lower),
                circuit.add_with_carry(width, upper, zero, carry),
            ]
        else:
            scores = [
                circuit.value(width, chained_sum(circuit, query, self.bits, keys, self.bits))
                for keys in (low, high)
            ]
        maximum = circuit.input("maximum_before", width)
        maximum = circuit.wire(width, f"restart ? {width}'sd{1 << (width - 1)} : {maximum}")
        for key, score in enumerate(scores):
            circuit.output(f"score{key}", width, score)
            maximum = circuit.value(width, f"{score} > {maximum} ? {score} : {maximum}")
        circuit.output("maximum", width, maximum)

    def reference(self, values: Mapping[str, int]) -> dict[str, int]:
        """Sums of products, and their largest."""
        scores = [
            sum(
                values[f"q{channel}"] * values[f"k{key}_{channel}"] for channel in range(self.depth)
            )
            for key in range(PAIR)
        ]
        before = -(1 << (self.score_bits - 1)) if values["restart"] else values["maximum_before"]
        return {"score0": scores[0], "score1": scores[1], "maximum": max(before, *scores)}


@pytest.mark.slow
@pytest.mark.parametrize("size", [Scores(8, 6), Scores(20, 8), Scores(8, 16)], ids=str)
def test_scores(size: Scores, tmp_path: Path):
    check_values(size.build, size.reference, tmp_path)
    magnitude = signed_magnitude(size.bits)
    sums = product_sums(
        PAIR,
        size.depth,
        shared=magnitude,
        own=magnitude,
        shared_bits=size.bits,
        own_bits=size.bits,
    )
    carries = upper_carry_luts(PAIR, size.score_bits, shared=magnitude, own=magnitude)
    largest = maximum_luts(PAIR, size.score_bits)
    check_costs(size.build, sums + logic(carries + largest), tmp_path)


@dataclass(frozen=True)
class Exponentials:
    """Exponentials of the scores of some keys."""

    lanes: int
    score_bits: int
    shift: int

    @property
    def sum_bits(self) -> int:
        """Width of the sum of a row, here of 64 keys."""
        return EXPONENTIAL_FRACTION_BITS + 7

    def build(self, circuit: Circuit) -> None:
        """Distances, products, and entries of the table that are shifted by whole octaves."""
        largest, factor = (
            circuit.input("largest", self.score_bits),
            circuit.input("factor", MULTIPLIER_BITS - 1, signed=False),
        )
        factor = circuit.wire(MULTIPLIER_BITS, factor)
        powers: list[str] = []
        product_bits = self.score_bits + MULTIPLIER_BITS
        steps_bits = product_bits - self.shift
        for lane in range(self.lanes):
            score = circuit.input(f"score{lane}", self.score_bits)
            entry = circuit.input(f"entry{lane}", POWER_BITS, signed=False)
            distance = circuit.value(self.score_bits, f"{largest} - {score}", signed=False)
            product = circuit.product(
                f"{{1'b0, {distance}}}",
                self.score_bits + 1,
                factor,
                MULTIPLIER_BITS,
                f"48'sd{1 << (self.shift - 1)}",
            )
            steps = circuit.wire(
                steps_bits, f"{product}[{product_bits - 1}:{self.shift}]", signed=False
            )
            far = circuit.wire(
                1, f"|{steps}[{steps_bits - 1}:{STEP_BITS + OCTAVE_BITS}]", signed=False
            )
            octaves = f"{steps}[{STEP_BITS + OCTAVE_BITS - 1}:{STEP_BITS}]"
            # The fraction is the address of the table; here it is a result.
            circuit.output(f"fraction{lane}", STEP_BITS, f"{steps}[{STEP_BITS - 1}:0]")
            power = circuit.wire(
                POWER_BITS, f"{far} ? {POWER_BITS}'d0 : {entry} >> {octaves}", signed=False
            )
            circuit.output(f"power{lane}", POWER_BITS, power)
            powers.append(power)
        total = circuit.tree(powers, POWER_BITS, signed=False)
        circuit.accumulate("sum", self.sum_bits, total, signed=False)

    def reference(self, values: Mapping[str, int]) -> dict[str, int]:
        """The formulas of `docs/numerics.md`."""
        total, results = 0, dict[str, int]()
        for lane in range(self.lanes):
            distance = (values["largest"] - values[f"score{lane}"]) % (1 << self.score_bits)
            steps = (distance * values["factor"] + (1 << (self.shift - 1))) >> self.shift
            octaves, fraction = divmod(steps, EXPONENTIAL_ENTRIES)
            far = octaves > EXPONENTIAL_FRACTION_BITS
            power = 0 if far else values[f"entry{lane}"] >> octaves
            results |= {f"fraction{lane}": fraction, f"power{lane}": power}
            total += power
        return results | {"sum": total + (0 if values["restart"] else values["sum_before"])}


@pytest.mark.slow
@pytest.mark.parametrize(
    "size", [Exponentials(1, 16, 18), Exponentials(2, 22, 20), Exponentials(4, 20, 24)], ids=str
)
def test_exponentials(size: Exponentials, tmp_path: Path):
    check_values(size.build, size.reference, tmp_path)
    check_costs(size.build, exponentials(size.lanes, size.score_bits, size.sum_bits), tmp_path)


@dataclass(frozen=True)
class Mix:
    """Probabilities of some keys, and two channels of values that they weigh."""

    lanes: int
    bits: int
    keys: int

    @property
    def softmax(self) -> SoftmaxWidths:
        """Widths of a row."""
        return SoftmaxWidths(self.keys, probability_bits(self.keys, self.bits))

    @property
    def sum_bits(self) -> int:
        """Signed width of a sum over all keys."""
        return (self.keys << (self.softmax.bits + self.bits - 1)).bit_length() + 1

    @property
    def lane_bits(self) -> int:
        """Signed width of a sum over the lanes."""
        return (self.lanes << (self.softmax.bits + self.bits - 1)).bit_length() + 1

    @property
    def terms(self) -> int:
        """Packed products that can be added up."""
        return packed_terms((1 << self.softmax.bits) - 1, signed_magnitude(self.bits))

    def build(self, circuit: Circuit) -> None:
        """Products with the reciprocal, and sums of products of values."""
        widths = self.softmax
        bits, shift = widths.bits, widths.result_shift
        inverse = circuit.input("inverse", widths.inverse_bits, signed=False)
        probabilities: list[str] = []
        product_bits = POWER_BITS + widths.inverse_bits + 1
        for lane in range(self.lanes):
            power = circuit.input(f"power{lane}", POWER_BITS, signed=False)
            product = circuit.product(
                f"{{1'b0, {inverse}}}",
                widths.inverse_bits + 1,
                f"{{1'b0, {power}}}",
                POWER_BITS + 1,
                f"48'sd{1 << (shift - 1)}",
            )
            quotient = circuit.wire(
                product_bits - shift, f"{product}[{product_bits - 1}:{shift}]", signed=False
            )
            largest = f"{bits}'d{(1 << bits) - 1}"
            probability = circuit.wire(
                bits, f"{quotient} > {largest} ? {largest} : {quotient}", signed=False
            )
            probabilities.append(f"{{1'b0, {probability}}}")
        even, odd = (
            circuit.inputs_of(f"v{channel}_", self.lanes, self.bits) for channel in range(PAIR)
        )
        lower, (upper, carry) = packed_sums(
            circuit,
            probabilities,
            bits + 1,
            (even, odd),
            self.bits,
            terms=self.terms,
            bits=self.lane_bits,
        )
        circuit.accumulate("y0", self.sum_bits, lower)
        circuit.accumulate("y1", self.sum_bits, upper, carry=carry)

    def reference(self, values: Mapping[str, int]) -> dict[str, int]:
        """The formulas of `docs/numerics.md`."""
        widths, results = self.softmax, dict[str, int]()
        shift = widths.result_shift
        for channel in range(PAIR):
            total = 0 if values["restart"] else values[f"y{channel}_before"]
            for lane in range(self.lanes):
                quotient = (
                    values[f"power{lane}"] * values["inverse"] + (1 << (shift - 1))
                ) >> shift
                probability = min(quotient, (1 << widths.bits) - 1)
                total += probability * values[f"v{channel}_{lane}"]
            results[f"y{channel}"] = total
        return results


@pytest.mark.slow
@pytest.mark.parametrize("size", [Mix(2, 6, 17), Mix(4, 8, 64), Mix(4, 8, 197)], ids=str)
def test_mix(size: Mix, tmp_path: Path):
    check_values(size.build, size.reference, tmp_path)
    widths = size.softmax
    sums = product_sums(
        PAIR,
        size.lanes,
        shared=(1 << widths.bits) - 1,
        own=signed_magnitude(size.bits),
        shared_bits=widths.bits + 1,
        own_bits=size.bits,
    )
    lanes = probability_lane(widths.inverse_bits, widths.bits) * size.lanes
    check_costs(size.build, sums + logic(size.sum_bits) * PAIR + lanes, tmp_path)
