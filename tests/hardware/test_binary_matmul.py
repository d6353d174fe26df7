"""The binary matmul: one token and two output channels, in each form of a sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.hardware.checks import check_costs, check_values
from tests.hardware.circuit import Circuit
from vaqf.dialects.accel.tiles import CONDITIONAL_NEGATION, PAIRED_SUM, SELECTED_SUM
from vaqf.passes.costs.binary_sums import PAIRS_OF_CHAIN, binary_array

OUTPUTS = 2


@dataclass(frozen=True)
class Size:
    """A size of the array."""

    inputs: int
    bits: int
    sum_bits: int

    def __str__(self) -> str:
        return f"{self.inputs}x{self.bits}"


SIZES = [Size(8, 8, 20), Size(16, 4, 16), Size(32, 6, 20)]


def negated(circuit: Circuit, size: Size, lanes: list[str], signs: list[str]) -> str:
    """The sign of each activation is turned before the tree."""
    terms = [
        circuit.value(size.bits + 1, f"{sign} ? {lane} : -{lane}")
        for lane, sign in zip(lanes, signs, strict=True)
    ]
    return circuit.tree(terms, size.bits + 1)


def selected(circuit: Circuit, size: Size, lanes: list[str], signs: list[str], total: str) -> str:
    """Twice a tree of the selected activations, less all of them."""
    chosen = [
        circuit.wire(size.bits, f"{sign} ? {lane} : {size.bits}'sd0")
        for lane, sign in zip(lanes, signs, strict=True)
    ]
    width = size.bits + (size.inputs - 1).bit_length() + 1
    return circuit.value(width, f"2 * {circuit.tree(chosen, size.bits)} - {total}")


def paired(
    circuit: Circuit, size: Size, sums: list[str], differences: list[str], signs: list[str]
) -> str:
    """Chains of pairs. A carry subtracts: `chain - term` is `chain + ~term + 1`."""
    width = size.bits + 1
    pairs = size.inputs // 2
    chains: list[str] = []
    chain_width = width + (min(pairs, PAIRS_OF_CHAIN) - 1).bit_length()
    for start in range(0, pairs, PAIRS_OF_CHAIN):
        chain = ""
        for link, pair in enumerate(range(start, min(start + PAIRS_OF_CHAIN, pairs))):
            first, second = signs[2 * pair], signs[2 * pair + 1]
            # Every output lane has its own: the two choices of a bit and its adder are one LUT.
            equal = circuit.value(1, f"{first} == {second}", signed=False)
            term = circuit.wire(
                width, f"({equal} ? {sums[pair]} : {differences[pair]}) ^ {{{width}{{~{first}}}}}"
            )
            bits = width + link.bit_length()
            chain = circuit.add_with_carry(bits, chain or "1'sb0", term, f"~{first}")
        chains.append(chain)
    return circuit.tree(chains, chain_width)


def build(form: str, size: Size, circuit: Circuit) -> None:
    """The array of a form."""
    lanes = circuit.inputs_of("a", size.inputs, size.bits)
    rows = [
        circuit.inputs_of(f"w{output}_", size.inputs, 1, signed=False) for output in range(OUTPUTS)
    ]
    total, sums, differences = "", list[str](), list[str]()
    if form == SELECTED_SUM:
        total = circuit.tree(lanes, size.bits)
    elif form == PAIRED_SUM:
        pairs = list(zip(lanes[::2], lanes[1::2], strict=True))
        sums = [circuit.value(size.bits + 1, f"{a} + {b}") for a, b in pairs]
        differences = [circuit.value(size.bits + 1, f"{a} - {b}") for a, b in pairs]
    for output, signs in enumerate(rows):
        match form:
            case _ if form == SELECTED_SUM:
                products = selected(circuit, size, lanes, signs, total)
            case _ if form == PAIRED_SUM:
                products = paired(circuit, size, sums, differences, signs)
            case _:
                products = negated(circuit, size, lanes, signs)
        circuit.accumulate(f"y{output}", size.sum_bits, products)


def reference(size: Size, values: Mapping[str, int]) -> dict[str, int]:
    """Sums of activations with the signs of the weights."""
    results: dict[str, int] = {}
    for output in range(OUTPUTS):
        products = sum(
            values[f"a{lane}"] * (2 * values[f"w{output}_{lane}"] - 1)
            for lane in range(size.inputs)
        )
        before = 0 if values["restart"] else values[f"y{output}_before"]
        results[f"y{output}"] = before + products
    return results


@pytest.mark.slow
@pytest.mark.parametrize("form", [CONDITIONAL_NEGATION, SELECTED_SUM, PAIRED_SUM])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_binary_matmul(form: str, size: Size, tmp_path: Path):
    check_values(partial(build, form, size), partial(reference, size), tmp_path)
    expected = binary_array(
        form,
        tokens=1,
        outputs=OUTPUTS,
        inputs=size.inputs,
        bits=size.bits,
        sum_bits=size.sum_bits,
    )
    check_costs(partial(build, form, size), expected, tmp_path)
