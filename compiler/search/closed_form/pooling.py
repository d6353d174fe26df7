"""Engines for the mean of tokens."""

from __future__ import annotations

from math import ceil

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import nest, pipeline
from vaqf.compiler.search.workload import Pooling, Spent
from vaqf.dialects.accel.timing import CALL_OVERHEAD
from vaqf.dialects.quant.formats import IntType, sum_bits
from vaqf.passes.costs import vector_units
from vaqf.passes.costs.latencies import ACCESS_LATENCY, MULTIPLIER_LATENCY, UPDATE_LATENCY
from vaqf.passes.costs.memories import memory
from vaqf.passes.costs.resources import Resources, logic


def pooling_calls(engine: Pooling, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine for the mean of tokens takes."""
    tiles = ceil(engine.channels / choice.tiling.lanes)

    def of_call(tokens: int) -> Spent:
        loops = pipeline(tiles, 1, ACCESS_LATENCY)
        loops += nest(ACCESS_LATENCY, 1, tiles, (tokens, ceil(UPDATE_LATENCY / tiles)))
        loops += pipeline(tiles, 1, ACCESS_LATENCY + MULTIPLIER_LATENCY)
        return Spent(CALL_OVERHEAD + loops, 0)

    return tuple(of_call(call.numbers[0]) for call in engine.calls)


def pooling_resources(engine: Pooling, choice: Choice) -> Resources:
    """Resources of an engine for the mean of tokens."""
    lanes = choice.tiling.lanes
    width = sum_bits(max(call.numbers[0] for call in engine.calls), IntType(engine.bits, 1.0))
    one = logic(width) + vector_units.rescale_lane(width, engine.shift, engine.result_bits)
    return one * lanes + memory(ceil(engine.channels / lanes), lanes * width)
