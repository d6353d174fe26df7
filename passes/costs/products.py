"""Sums of products in multipliers."""

from __future__ import annotations

from functools import cache
from math import ceil

from vaqf.dialects.accel.multipliers import FIELD_BITS, packed_terms, slices_of_product
from vaqf.passes.costs.adders import tree_levels, tree_luts
from vaqf.passes.costs.resources import Resources, logic


def packed_sum_luts(count: int, terms: int) -> int:
    """
    LUTs behind the multipliers of two packed sums of `count` products.

    Chains of `terms` multipliers add up in their accumulators; then the two fields are taken apart
    and the chains are added: one tree each, in the upper one with the carry of a negative lower
    field for every chain.
    """
    chains = ceil(count / terms)
    return tree_luts(chains, FIELD_BITS) + tree_luts(chains, FIELD_BITS) + 2 * chains


def upper_carry_luts(results: int, width: int, *, shared: int, own: int) -> int:
    """
    LUTs that add the carries of upper packed sums where no accumulator follows, which takes them.

    Args:
        results: sums.
        width: of a sum.
        shared: largest magnitude of a factor that all sums have.
        own: largest magnitude of a factor of one sum.
    """
    return results // 2 * (width + 1) if packed_terms(shared, own) else 0


@cache
def product_sums(
    results: int, count: int, *, shared: int, own: int, shared_bits: int, own_bits: int
) -> Resources:
    """
    Sums of products that share their first factors: `results` sums of `count` products each.

    Two sums share multipliers where their own factors are narrow; else the products of a sum are
    added up in the accumulators of a chain of multipliers.

    Args:
        results: sums.
        count: products of a sum.
        shared: largest magnitude of a factor that all sums have.
        own: largest magnitude of a factor of one sum.
        shared_bits: signed width of the former.
        own_bits: signed width of the latter.
    """
    terms = packed_terms(shared, own) if results > 1 else 0
    if terms:
        pairs = results // 2
        both = logic(packed_sum_luts(count, terms), 4 * FIELD_BITS * ceil(count / terms), count)
        alone = product_sums(
            1, count, shared=shared, own=own, shared_bits=shared_bits, own_bits=own_bits
        )
        return both * pairs + alone * (results % 2)
    slices = slices_of_product(shared_bits, own_bits)
    if not slices:
        # A sign: the sum needs an adder for each product.
        lut = tree_luts(count, max(shared_bits, own_bits, 2))
        return logic(lut + count) * results
    # Products of several slices are added outside of them.
    lut = 0 if slices == 1 else tree_luts(count, shared_bits + own_bits)
    return logic(lut, lut + 18 * count, slices * count) * results


def product_sum_depth(count: int) -> int:
    """Cycles of a sum of products: four in a multiplier, then two levels of a tree in each."""
    return 4 + ceil(tree_levels(count) / 2)
