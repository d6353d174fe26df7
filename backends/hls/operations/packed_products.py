"""Two sums of products that share their factors, in one multiplier each."""

from __future__ import annotations

from math import ceil

from vaqf.backends.hls.body import Function
from vaqf.backends.hls.identifiers import counted
from vaqf.backends.hls.storage import Array
from vaqf.dialects.accel.multipliers import FIELD_BITS, WIDE_PORT_BITS


def packed_sums(
    function: Function,
    *,
    shared: str,
    packed: str,
    sum_type: str,
    size: str,
    count: int,
    terms: int,
) -> str:
    """
    The name of a function that forms two sums of products.

    Args:
        function: what calls it.
        shared: type of the factors that both sums have.
        packed: type of the factors that each sum has of its own.
        sum_type: type of a sum.
        size: name of the number of products of a sum.
        count: that number.
        terms: how many packed products can be added up before they are taken apart.
    """
    unit = function.unit
    factor_type = unit.general_type(
        "packed_factor_t", f"ap_int<{WIDE_PORT_BITS}>", "two factors of at most 8 bits, 18 apart"
    )
    products_type = unit.general_type(
        "packed_products_t", "ap_int<48>", "two sums of products, as a DSP48E2 accumulates them"
    )
    field_type = unit.general_type(
        "packed_field_t", f"ap_int<{FIELD_BITS}>", "the lower one of two packed sums"
    )
    several = f"up to {terms} of them add up" if terms > 1 else "it is taken apart at once,"
    inner = Function(
        function.body,
        function.op,
        "multiply_pair",
        "Two sums of products with the same factors `shared`, two products in one multiplier.",
        "",
        f"(high * 2^{FIELD_BITS} + low) * shared holds both products; {several} before the lower "
        f"sum needs more than its {FIELD_BITS} bits. Where that is negative, the upper one is one "
        "too small.",
    )
    inner.parameters += [
        f"const {Array('shared', shared, (size,)).declaration()}",
        f"const {Array('low', packed, (size,)).declaration()}",
        f"const {Array('high', packed, (size,)).declaration()}",
        f"{sum_type}& low_sum",
        f"{sum_type}& high_sum",
    ]
    inner.line("low_sum = 0;")
    inner.line("high_sum = 0;")
    chains = ceil(count / terms)
    comment = f"{counted(chains, 'chain')} of at most {terms} multipliers"
    with inner.unrolled("chain", str(chains)) as chain:
        inner.line(f"// {comment}.")
        inner.variable(products_type, "products", "0")
        with inner.unrolled("term", str(terms)) as term:
            inner.const("int", "lane", f"{terms} * {chain} + {term}" if terms > 1 else chain)
            condition = f"lane < {size}" if count % terms else None
            with inner.only_if(condition):
                inner.const(
                    factor_type,
                    "factor",
                    f"({factor_type}(high[lane]) << {FIELD_BITS}) + low[lane]",
                )
                inner.line("products += factor * shared[lane];")
        inner.const(field_type, "field", "products")
        inner.line("low_sum += field;")
        inner.line(f"high_sum += (products >> {FIELD_BITS}) + (field < 0 ? 1 : 0);")
    return inner.finish()
