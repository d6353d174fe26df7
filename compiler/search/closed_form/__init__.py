"""
Cycles and resources of engines as functions of their parameters: what `estimate-performance` reads
off the lowered IR, without lowering it.

Both share the formulas of `passes/costs`; here are the trip counts and widths that the passes
between `tile-engines` and `estimate-performance` arrive at. What loops and indices take is no part
of it: that depends on no parameter.
"""

from vaqf.compiler.search.closed_form.attention import attention_cycles, queries_without_a_gap
from vaqf.compiler.search.closed_form.choice import Choice, Cost
from vaqf.compiler.search.closed_form.engines import calls_of, cost, resources_of
from vaqf.compiler.search.closed_form.matmul import products, scaling_luts
from vaqf.compiler.search.closed_form.matmul_cycles import Sizes, matmul_cycles
from vaqf.compiler.search.closed_form.matrices import matrices
from vaqf.compiler.search.closed_form.norm import norm_cycles, tokens_without_a_gap

__all__ = [
    "Choice",
    "Cost",
    "Sizes",
    "attention_cycles",
    "calls_of",
    "cost",
    "matmul_cycles",
    "matrices",
    "norm_cycles",
    "products",
    "queries_without_a_gap",
    "resources_of",
    "scaling_luts",
    "tokens_without_a_gap",
]
