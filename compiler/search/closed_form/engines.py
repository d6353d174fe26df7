"""Engines of every kind."""

from __future__ import annotations

from vaqf.compiler.search.closed_form.attention import attention
from vaqf.compiler.search.closed_form.choice import Choice, Cost
from vaqf.compiler.search.closed_form.matmul import matmul
from vaqf.compiler.search.closed_form.norm import norm
from vaqf.compiler.search.workload import (
    Attention,
    Engine,
    Matmul,
    Norm,
)


def cost(engine: Engine, choice: Choice) -> Cost:
    """What an engine takes."""
    match engine:
        case Matmul():
            return matmul(engine, choice)
        case Norm():
            return norm(engine, choice)
        case Attention():
            return attention(engine, choice)
