"""The matmul with wide weights: one token and two output channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.hardware.checks import check_costs, check_values
from tests.hardware.circuit import Circuit
from tests.hardware.packed_sums import chained_sum, packed_sums
from vaqf.dialects.accel.multipliers import packed_terms, signed_magnitude
from vaqf.passes.costs.products import product_sums
from vaqf.passes.costs.resources import logic

OUTPUTS = 2


@dataclass(frozen=True)
class Size:
    """A size of the array."""

    inputs: int
    bits: int
    weight_bits: int
    sum_bits: int

    @property
    def terms(self) -> int:
        """Packed products that can be added up, or none."""
        return packed_terms(signed_magnitude(self.bits), self.largest_weight)

    @property
    def largest_weight(self) -> int:
        """Weights are symmetric."""
        return (1 << (self.weight_bits - 1)) - 1

    @property
    def tile_bits(self) -> int:
        """Signed width of a sum over the inputs."""
        return (self.inputs * self.largest_weight << (self.bits - 1)).bit_length() + 1

    def __str__(self) -> str:
        return f"{self.inputs}x{self.bits}x{self.weight_bits}"


SIZES = [Size(8, 6, 8, 24), Size(24, 8, 8, 26), Size(8, 16, 16, 40)]


def build(size: Size, circuit: Circuit) -> None:
    """The array."""
    lanes = circuit.inputs_of("a", size.inputs, size.bits)
    low, high = (
        circuit.inputs_of(f"w{output}_", size.inputs, size.weight_bits) for output in range(OUTPUTS)
    )
    if size.terms:
        lower, (upper, carry) = packed_sums(
            circuit,
            lanes,
            size.bits,
            (low, high),
            size.weight_bits,
            terms=size.terms,
            bits=size.tile_bits,
        )
        circuit.accumulate("y0", size.sum_bits, lower)
        circuit.accumulate("y1", size.sum_bits, upper, carry=carry)
        return
    for output, weights in enumerate((low, high)):
        products = chained_sum(circuit, lanes, size.bits, weights, size.weight_bits)
        circuit.accumulate(f"y{output}", size.sum_bits, products)


def reference(size: Size, values: Mapping[str, int]) -> dict[str, int]:
    """Sums of products."""
    results: dict[str, int] = {}
    for output in range(OUTPUTS):
        products = sum(
            values[f"a{lane}"] * values[f"w{output}_{lane}"] for lane in range(size.inputs)
        )
        before = 0 if values["restart"] else values[f"y{output}_before"]
        results[f"y{output}"] = before + products
    return results


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_integer_matmul(size: Size, tmp_path: Path):
    check_values(partial(build, size), partial(reference, size), tmp_path)
    sums = product_sums(
        OUTPUTS,
        size.inputs,
        shared=signed_magnitude(size.bits),
        own=size.largest_weight,
        shared_bits=size.bits,
        own_bits=size.weight_bits,
    )
    check_costs(partial(build, size), sums + logic(size.sum_bits) * OUTPUTS, tmp_path)
