"""Engines of every kind."""

from __future__ import annotations

from vaqf.compiler.search.closed_form.attention import attention_calls, attention_resources
from vaqf.compiler.search.closed_form.choice import Choice, Cost
from vaqf.compiler.search.closed_form.matmul import matmul_calls, matmul_resources
from vaqf.compiler.search.closed_form.norm import norm_calls, norm_resources
from vaqf.compiler.search.closed_form.patches import patches_calls, patches_resources
from vaqf.compiler.search.closed_form.pooling import pooling_calls, pooling_resources
from vaqf.compiler.search.closed_form.transfers import loading_calls, storing_calls
from vaqf.compiler.search.workload import (
    Attention,
    Engine,
    Loading,
    Matmul,
    Norm,
    Patches,
    Pooling,
    Spent,
    Storing,
)
from vaqf.passes.costs.resources import Resources


def calls_of(engine: Engine, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine takes."""
    match engine:
        case Matmul():
            return matmul_calls(engine, choice)
        case Norm():
            return norm_calls(engine, choice)
        case Attention():
            return attention_calls(engine, choice)
        case Patches():
            return patches_calls(engine, choice)
        case Pooling():
            return pooling_calls(engine, choice)
        case Loading():
            return loading_calls(engine, choice)
        case Storing():
            return storing_calls(engine, choice)


def resources_of(engine: Engine, choice: Choice) -> Resources:
    """Resources of an engine, without those of loops and indices."""
    match engine:
        case Matmul():
            return matmul_resources(engine, choice)
        case Norm():
            return norm_resources(engine, choice)
        case Attention():
            return attention_resources(engine, choice)
        case Patches():
            return patches_resources(engine, choice)
        case Pooling():
            return pooling_resources(engine, choice)
        case Loading() | Storing():
            return Resources()


def cost(engine: Engine, choice: Choice) -> Cost:
    """What an engine takes."""
    return Cost(calls_of(engine, choice), resources_of(engine, choice))
