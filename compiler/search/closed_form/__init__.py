"""
Cycles and resources of engines as functions of their parameters: what `estimate-performance` reads
off the lowered IR, without lowering it.

Both share the formulas of `passes/costs`; here are the trip counts and widths that the passes
between `tile-engines` and `estimate-performance` arrive at. What loops and indices take is no part
of it: that depends on no parameter.
"""

from vaqf.compiler.search.closed_form.attention import (
    are_many,
    attention_cycles,
    attention_storage,
    attention_units,
    queries_without_a_gap,
)
from vaqf.compiler.search.closed_form.choice import Choice, Cost
from vaqf.compiler.search.closed_form.engines import calls_of, cost, resources_of
from vaqf.compiler.search.closed_form.matmul import (
    matmul_units,
    products,
    scaling_lane,
    scaling_lanes,
    table,
    tables,
)
from vaqf.compiler.search.closed_form.matmul_cycles import Sizes, matmul_cycles
from vaqf.compiler.search.closed_form.matrices import matrices
from vaqf.compiler.search.closed_form.norm import norm_cycles, tokens_without_a_gap

__all__ = [
    "Choice",
    "Cost",
    "Sizes",
    "are_many",
    "attention_cycles",
    "attention_storage",
    "attention_units",
    "calls_of",
    "cost",
    "matmul_cycles",
    "matmul_units",
    "matrices",
    "norm_cycles",
    "products",
    "queries_without_a_gap",
    "resources_of",
    "scaling_lane",
    "scaling_lanes",
    "table",
    "tables",
    "tokens_without_a_gap",
]
