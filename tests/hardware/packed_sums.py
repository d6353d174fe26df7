"""Sums of products in DSP48E2 slices, as the emitted C++ forms them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.hardware.circuit import Circuit
from vaqf.dialects.accel.multipliers import FIELD_BITS


def packed_sums(
    circuit: Circuit,
    shared: Sequence[str],
    shared_bits: int,
    own: tuple[Sequence[str], Sequence[str]],
    own_bits: int,
    *,
    terms: int,
    bits: int,
) -> tuple[str, tuple[str, str]]:
    """
    Two sums of products with the factors `shared`, two products in a slice.

    Args:
        circuit: where they are built.
        shared: factors of both sums.
        shared_bits: signed width of these.
        own: factors of the lower and of the upper sum.
        own_bits: signed width of these.
        terms: products of a chain.
        bits: of a sum.

    Returns:
        the lower sum; the upper sum and the carry that it lacks.
    """
    low, high = own
    lowers: list[str] = []
    uppers: list[tuple[str, str]] = []
    for start in range(0, len(shared), terms):
        chain = "48'sd0"
        for lane in range(start, min(start + terms, len(shared))):
            chain = circuit.packed_product(
                low[lane], high[lane], own_bits, shared[lane], shared_bits, chain
            )
        field = f"$signed({chain}[{FIELD_BITS - 1}:0])"
        lowers.append(circuit.wire(FIELD_BITS, field))
        width = min(bits, 2 * FIELD_BITS)
        upper = circuit.wire(width, f"$signed({chain}[47:{FIELD_BITS}])")
        uppers.append((upper, f"{chain}[{FIELD_BITS - 1}]"))
    return _low_tree(circuit, lowers, bits), _high_tree(circuit, uppers, bits)


def _low_tree(circuit: Circuit, terms: list[str], bits: int) -> str:
    width = FIELD_BITS
    while len(terms) > 1:
        width = min(bits, width + 1)
        terms = [
            circuit.value(width, " + ".join(terms[start : start + 2]))
            for start in range(0, len(terms), 2)
        ]
    return terms[0]


def _high_tree(circuit: Circuit, terms: list[tuple[str, str]], bits: int) -> tuple[str, str]:
    """Each adder takes the carry of its left one; that of its right one is added behind it."""
    while len(terms) > 1:
        sums = [
            (circuit.add_with_carry(bits, left, right, carry), circuit.value(1, last, signed=False))
            for (left, carry), (right, last) in zip(terms[::2], terms[1::2], strict=False)
        ]
        terms = sums + terms[len(sums) * 2 :]
    return terms[0]


def chained_sum(
    circuit: Circuit, left: Sequence[str], left_bits: int, right: Sequence[str], right_bits: int
) -> str:
    """A sum of products that are added up in the accumulators of slices."""
    chain = "48'sd0"
    for a, b in zip(left, right, strict=True):
        chain = circuit.product(a, left_bits, b, right_bits, chain)
    return chain
