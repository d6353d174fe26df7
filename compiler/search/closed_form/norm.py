"""Engines for LayerNorms."""

from __future__ import annotations

from math import ceil

import numpy as np

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import Counts, divided_up, nest_of_units, words
from vaqf.compiler.search.closed_form.vectors import in_memory, scalars, store_lane
from vaqf.compiler.search.workload import Norm, Spent
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    OFFSET_BITS,
)
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.passes.costs import vector_units
from vaqf.passes.costs.latencies import (
    ACCESS_LATENCY,
    MULTIPLIER_LATENCY,
    UPDATE_LATENCY,
    adder_tree_latency,
    root_latency,
)
from vaqf.passes.costs.memories import (
    array_storage,
    memory,
    registers,
)
from vaqf.passes.costs.resources import Resources
from vaqf.passes.parallel_access import PORTS


def norm_interval(choice: Choice, rows: int) -> int:
    """Cycles between words: the lanes, and what is read and written of each number of a token."""
    # Moments, which are read and written, are read for the root, and sums for normalization too.
    accesses = [2, 4 * in_memory(3, rows), 3 * in_memory(2, rows)]
    return max(ceil(choice.tiling.lanes / choice.vector_lanes), ceil(max(accesses) / PORTS))


def moments_latency(lanes: int) -> int:
    """Cycles from the numbers of a word to their moments."""
    return ACCESS_LATENCY + MULTIPLIER_LATENCY + adder_tree_latency(lanes)


def tokens_without_a_gap(engine: Norm, lanes: int, interval: int) -> int:
    """The fewest tokens of a unit with which a unit starts right after the one before."""
    tiles = ceil(engine.channels / lanes)
    root = ACCESS_LATENCY + root_latency(LayerNormWidths(engine.channels, engine.bits))
    latencies = UPDATE_LATENCY, moments_latency(lanes), ceil(root / tiles)
    return ceil(max(latencies) / interval)


def norm_cycles(engine: Norm, tokens: Counts, choice: Choice) -> tuple[dict[int, Counts], int]:
    """
    What the calls of an engine for LayerNorms take.

    Args:
        engine: the engine.
        tokens: of a unit of work.
        choice: all other parameters.

    Returns:
        Cycles by the tokens of a call, for each of the tokens of a unit; and words of a call.
    """
    lanes, port = choice.tiling.lanes, choice.word_bits
    widths, tiles = LayerNormWidths(engine.channels, engine.bits), ceil(engine.channels / lanes)
    moments, root = moments_latency(lanes), ACCESS_LATENCY + root_latency(widths)
    one = np.ones_like(tokens)
    each_tile = divided_up(UPDATE_LATENCY, tokens) if tiles > 1 else one
    # Roots need the moments of the tokens before, normalization needs the roots of the unit before.
    each_unit = np.max(
        [each_tile, divided_up(moments, tokens), divided_up(root, tokens * tiles)], axis=0
    )
    depth = max(moments, root, ACCESS_LATENCY + 2 * MULTIPLIER_LATENCY + 2 + ACCESS_LATENCY)
    moved = sum(tiles * words(lanes, width, port) for width in (MULTIPLIER_BITS, OFFSET_BITS))
    before = CALL_OVERHEAD + 2 * BURST_LATENCY + moved
    interval = np.array([norm_interval(choice, rows) for rows in tokens.tolist()], np.int64)

    def of_call(count: int) -> Counts:
        units = divided_up(count, tokens) + 2, each_unit
        nest = nest_of_units(depth * one, interval, tokens, (tiles, each_tile), units)
        return before + nest

    return {each: of_call(each) for each in {call.numbers[0] for call in engine.calls}}, moved


def norm_calls(engine: Norm, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine for LayerNorms takes."""
    cycles, moved = norm_cycles(engine, np.array([choice.tiling.norm_tokens]), choice)
    return tuple(Spent(int(cycles[call.numbers[0]][0]), moved) for call in engine.calls)


def norm_resources(engine: Norm, choice: Choice) -> Resources:
    """Resources of an engine for LayerNorms."""
    lanes, rows = choice.tiling.lanes, choice.tiling.norm_tokens
    widths, tiles = LayerNormWidths(engine.channels, engine.bits), ceil(engine.channels / lanes)
    each_lane = ceil(lanes / norm_interval(choice, rows))
    total = vector_units.moments(each_lane, LayerNormWidths(1 << 10, engine.bits))
    total += vector_units.reciprocal_root(widths)
    total += vector_units.normalize_lane(widths) * each_lane
    scaled_bits = scaled_width(MULTIPLIER_BITS)
    for epilogue in engine.epilogues:
        total += store_lane(scaled_bits, epilogue) * each_lane
    for width in (MULTIPLIER_BITS, OFFSET_BITS):
        if in_memory(tiles, lanes):
            total += array_storage((tiles, lanes), width, {1: 0}, 1)
        else:
            total += registers(tiles * lanes, width)
    total += memory(1, scaled_bits) * lanes
    for turns, width in (
        (3, widths.sum_bits),
        (2, widths.squares_bits + 1),
        (2, INVERSE_ROOT_BITS + 3),
        (2, widths.variance_bits.bit_length() + 1),
    ):
        total += scalars(turns, rows, width)
    return total
