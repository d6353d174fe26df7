"""Cycles of engines for linear layers, for many sizes at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import Counts, divided_up
from vaqf.compiler.search.workload import Matmul
from vaqf.dialects.accel.layers import ADD, GELU
from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD, LOOP_OVERHEAD
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.passes.costs.latencies import (
    ACCESS_LATENCY,
    MULTIPLIER_LATENCY,
    UPDATE_LATENCY,
    adder_tree_latency,
)
from vaqf.passes.parallel_access import PORTS

Count = TypeVar("Count", int, Counts)
"""A number, or many at once."""


@dataclass(frozen=True)
class Sizes:
    """Sizes that an engine for linear layers may have."""

    outputs: Counts
    """Output channels of a cycle: words of a matrix."""

    inputs: Counts
    """Input channels of a cycle."""

    tokens: Counts
    """Tokens of a cycle."""


def words_of_bits(elements: Counts, width: int, word_bits: int) -> Counts:
    """Words that so many elements take in memory, from a word boundary on."""
    return divided_up(elements * storage_bits(width), word_bits)


def pipelined(trips: Counts, interval: Counts | int, depth: Counts | int) -> Counts:
    """Cycles of a pipelined loop with at least one iteration."""
    return (trips - 1) * interval + depth + interval - 1 + LOOP_OVERHEAD


def scaling_interval(engine: Matmul, outputs: Count, choice: Choice) -> Count:
    """Cycles between tokens that are requantized: the lanes, and the words of matrices."""
    most = 2 if any(each.name == ADD for each in engine.epilogues) else 1
    through_lanes = -(-outputs // choice.vector_lanes)
    through_ports = -(-(outputs // choice.tiling.lanes) * most // PORTS)
    return through_lanes + (through_ports - through_lanes) * (through_ports > through_lanes)


def matmul_cycles(
    engine: Matmul, sizes: Sizes, choice: Choice
) -> dict[tuple[int, ...], tuple[Counts, Counts]]:
    """
    What the calls of an engine take.

    Args:
        engine: for linear layers.
        sizes: that it may have.
        choice: all other parameters.

    Returns:
        For what calls pass, cycles and words for each of the sizes.
    """
    outputs, inputs, tokens, port = sizes.outputs, sizes.inputs, sizes.tokens, choice.word_bits
    tree = {each: adder_tree_latency(each) for each in np.unique(inputs).tolist()}
    product = 2 if engine.weight_bits == 1 else MULTIPLIER_LATENCY
    depth = np.array([ACCESS_LATENCY + product + tree[each] for each in inputs.tolist()], np.int64)
    is_flattened = np.full(outputs.shape, True)
    for count, channels, *_ in engine.sizes:
        in_turn = divided_up(count, tokens) >= UPDATE_LATENCY
        is_flattened &= (divided_up(channels, inputs) == 1) | in_turn
    interval = scaling_interval(engine, outputs, choice)
    tile = words_of_bits(outputs * inputs, engine.weight_bits, port)
    factors = sum(
        (words_of_bits(outputs, width, port) for width in (MULTIPLIER_BITS, OFFSET_BITS)),
        np.zeros_like(outputs),
    )
    found: dict[tuple[int, ...], tuple[Counts, Counts]] = {}
    for numbers in engine.sizes:
        count, channels, results, epilogue = numbers
        input_tiles, output_tiles = divided_up(channels, inputs), divided_up(results, outputs)
        steps, matrix = divided_up(count, tokens), input_tiles * tile
        weights, constants = BURST_LATENCY + matrix, 2 * BURST_LATENCY + factors
        sums = np.where(
            is_flattened,
            pipelined(input_tiles * steps, 1, depth),
            input_tiles * (pipelined(steps, 1, depth) + LOOP_OVERHEAD),
        )
        scaling = pipelined(
            np.full_like(outputs, count), interval, 2 * ACCESS_LATENCY + MULTIPLIER_LATENCY
        )
        # While a tile of outputs is summed, the next one's weights arrive, the last one is scaled.
        summing = np.maximum(constants, sums)
        one = weights + summing + scaling + 3 * LOOP_OVERHEAD
        ends = np.maximum(weights, summing) + np.maximum(summing, scaling)
        both = np.maximum(np.maximum(weights, summing), scaling) + LOOP_OVERHEAD
        many = weights + ends + scaling + 4 * LOOP_OVERHEAD + (output_tiles - 2) * both
        total = CALL_OVERHEAD + np.where(output_tiles > 1, many, one)
        moved = output_tiles * (matrix + factors)
        if engine.table is not None and engine.epilogues[epilogue].name == GELU:
            entries, width = engine.table
            # One element a cycle is written to each memory, and the table is one.
            table = -(-entries * storage_bits(width) // port)
            total += BURST_LATENCY + table * min(entries, port // storage_bits(width))
            moved = moved + table
        found[numbers] = total, moved
    return found
