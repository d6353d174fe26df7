"""
Cycles and resources of engines as functions of their parameters: what `estimate-performance` reads
off the lowered IR, without lowering it.

Both share the formulas of `passes/costs`; here are the trip counts and widths that the passes
between `tile-engines` and `estimate-performance` arrive at. What loops and indices take is no part
of it: that depends on no parameter.
"""

from vaqf.compiler.search.closed_form.choice import Choice, Cost
from vaqf.compiler.search.closed_form.engines import cost
from vaqf.compiler.search.closed_form.matmul import products
from vaqf.compiler.search.closed_form.matrices import matrices

__all__ = ["Choice", "Cost", "cost", "matrices", "products"]
