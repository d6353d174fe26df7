"""Engines that cut images into patches."""

from __future__ import annotations

from math import ceil, prod

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import nest, words
from vaqf.compiler.search.workload import Patches, Spent
from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD
from vaqf.dialects.vit.patches import COLOURS_FIRST
from vaqf.passes.costs.latencies import ACCESS_LATENCY
from vaqf.passes.costs.memories import array_storage
from vaqf.passes.costs.resources import Resources, logic
from vaqf.passes.parallel_access import PORTS


def split(engine: Patches) -> dict[int, int]:
    """Into how many memories each dimension of the image is split; 0 for one an element."""
    colours = {} if engine.order == COLOURS_FIRST else {0: 0}
    return colours | {2: engine.width}


def patches_calls(engine: Patches, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine that cuts images into patches takes."""
    lanes, port, (colours, _, width) = choice.tiling.lanes, choice.word_bits, engine.image
    memories = min(engine.width, width)
    if engine.order == COLOURS_FIRST:
        rows = ceil(lanes / engine.width)
    else:
        # The first place need not have all of its colours in the lanes.
        rows = ceil((1 + ceil((lanes - 1) / colours)) / engine.width)
        memories *= colours
    moved = words(prod(engine.image), engine.bits, port)
    at_once = min(prod(engine.image), port // storage_bits(engine.bits))
    loading = BURST_LATENCY + moved * ceil(at_once / memories)
    around = ceil(engine.pixels / lanes), 1
    loops = nest(ACCESS_LATENCY, ceil(rows / PORTS), engine.patches, around)
    return (Spent(CALL_OVERHEAD + loading + loops, moved),) * len(engine.calls)


def patches_resources(engine: Patches, choice: Choice) -> Resources:
    """Resources of an engine that cuts images into patches."""
    image = array_storage(engine.image, engine.bits, split(engine), 1)
    return logic(choice.tiling.lanes * engine.bits) + image
