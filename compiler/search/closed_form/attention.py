"""Engines for attention."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from math import ceil

import numpy as np

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import (
    Counts,
    divided_up,
    nest_of_units,
    pipeline,
    words,
)
from vaqf.compiler.search.closed_form.vectors import in_memory, scalars
from vaqf.compiler.search.workload import (
    Attention,
    Spent,
)
from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.multipliers import signed_magnitude
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD, LOOP_OVERHEAD
from vaqf.dialects.quant.activations import (
    EXPONENTIAL_ENTRIES,
    EXPONENTIAL_FRACTION_BITS,
)
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    IntType,
    UnsignedType,
    accumulator_type,
)
from vaqf.dialects.quant.widths import SoftmaxWidths
from vaqf.passes.costs import control, vector_units
from vaqf.passes.costs.latencies import (
    ACCESS_LATENCY,
    MULTIPLIER_LATENCY,
    UPDATE_LATENCY,
    adder_tree_latency,
    divider_latency,
)
from vaqf.passes.costs.memories import (
    array_storage,
    memory,
)
from vaqf.passes.costs.products import product_sums, upper_carry_luts
from vaqf.passes.costs.resources import Resources, logic
from vaqf.passes.engines.attention import Sizes
from vaqf.passes.parallel_access import MOST_REGISTERS, PORTS, words_of

EXPONENTIAL_BITS = EXPONENTIAL_FRACTION_BITS + 2
"""Of an entry of the table."""


def are_many(queries: int) -> bool:
    """Whether numbers of queries that are computed together lie in a memory."""
    return in_memory(2, queries)


@dataclass(frozen=True)
class Shape:
    """Numbers that cycles and resources of an engine have in common."""

    engine: Attention
    choice: Choice

    @property
    def heads_of_calls(self) -> list[int]:
        """Heads that each call computes."""
        return [call.numbers[1] or self.engine.heads for call in self.engine.calls]

    @cached_property
    def sizes(self) -> Sizes:
        """Units of work."""
        tiling = self.choice.tiling
        return Sizes(self.engine.tokens, max(self.heads_of_calls), tiling.queries, tiling.keys)

    @property
    def depth(self) -> int:
        """Channels of a head."""
        return self.engine.channels // self.engine.heads

    @property
    def row(self) -> int:
        """Cycles in which a head's part of a token is read or written."""
        return ceil(words_of(self.depth, self.choice.tiling.lanes) / PORTS)

    @property
    def interval(self) -> int:
        """Cycles between keys of queries."""
        return max(self.row, ceil(3 / PORTS) if are_many(self.choice.tiling.queries) else 1)


def softmax_of(engine: Attention) -> SoftmaxWidths:
    """Widths of numbers."""
    return SoftmaxWidths(engine.tokens, engine.probability_bits, engine.probability_shift)


def latencies(engine: Attention, keys: int) -> tuple[int, int, int]:
    """Cycles of a score, an exponential and a reciprocal, each with what it waits for."""
    depth = engine.channels // engine.heads
    return (
        ACCESS_LATENCY + MULTIPLIER_LATENCY + adder_tree_latency(depth) + 2,
        2 * ACCESS_LATENCY + MULTIPLIER_LATENCY + 2 + adder_tree_latency(keys),
        ACCESS_LATENCY + divider_latency(softmax_of(engine).dividend_shift + 1),
    )


def queries_without_a_gap(engine: Attention, keys: int, interval: int) -> int:
    """The fewest queries of a unit with which a unit starts right after the one before."""
    score, exponential, reciprocal = latencies(engine, keys)
    each_tile = ceil(reciprocal / ceil(engine.tokens / keys))
    return ceil(max(UPDATE_LATENCY, score, exponential, each_tile) / interval)


def attention_cycles(
    engine: Attention, keys: Counts, queries: Counts, choice: Choice
) -> tuple[dict[int, Counts], int]:
    """
    What the calls of an engine for attention take.

    Args:
        engine: the engine.
        keys: compared in a cycle.
        queries: as many, of a unit of work.
        choice: all other parameters.

    Returns:
        Cycles by the heads of a call, for each of the keys and queries; and words of a call.
    """
    shape, port = Shape(engine, choice), choice.word_bits
    most, tokens = max(shape.heads_of_calls), engine.tokens
    key_tiles, query_tiles = divided_up(tokens, keys), divided_up(tokens, queries)
    every = {each: latencies(engine, each) for each in np.unique(keys).tolist()}
    score, exponential, reciprocal = np.array([every[each] for each in keys.tolist()]).T
    tree = np.array([adder_tree_latency(each) for each in keys.tolist()])
    stored = 2 * ACCESS_LATENCY + 3 * MULTIPLIER_LATENCY + 1 + tree
    each_tile = np.where(key_tiles > 1, divided_up(UPDATE_LATENCY, queries), 1)
    # Where the first query of a head meets all keys, the last was copied shortly before.
    since_copied = query_tiles * queries - tokens + 1
    copied = np.where(key_tiles == 1, divided_up(ACCESS_LATENCY, since_copied), 1)
    each_unit = np.max(
        [
            each_tile,
            copied if most > 1 else np.ones_like(copied),
            divided_up(score, queries),
            divided_up(exponential, queries),
            divided_up(reciprocal, queries * key_tiles),
        ],
        axis=0,
    )
    table = words(EXPONENTIAL_ENTRIES, EXPONENTIAL_BITS, port)
    loading = BURST_LATENCY
    loading += table * min(EXPONENTIAL_ENTRIES, port // storage_bits(EXPONENTIAL_BITS))
    copying = np.full_like(keys, pipeline(tokens, shape.row, ACCESS_LATENCY))
    hanging_over = key_tiles * keys - tokens
    for lag in (0, 3):
        # What hangs over is cleared, in each of the copies of a head.
        copies = np.minimum(most, 2 + divided_up(lag, query_tiles))
        cleared = copies * hanging_over + ACCESS_LATENCY - 1 + LOOP_OVERHEAD
        copying += np.where(hanging_over > 0, cleared, 0)
    before = CALL_OVERHEAD + np.maximum(loading, copying)
    longest = np.max([score, exponential, reciprocal, stored], axis=0)
    in_turns = (queries * 2 > MOST_REGISTERS) * ceil(3 / PORTS)
    interval = np.maximum(np.maximum(shape.row, 1), in_turns)

    def of_call(heads: int) -> Counts:
        units = heads * query_tiles + 3, each_unit
        return before + nest_of_units(longest, interval, queries, (key_tiles, each_tile), units)

    return {heads: of_call(heads) for heads in set(shape.heads_of_calls)}, table


def attention_calls(engine: Attention, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine for attention takes."""
    keys, queries = np.array([choice.tiling.keys]), np.array([choice.tiling.queries])
    cycles, moved = attention_cycles(engine, keys, queries, choice)
    heads_of_calls = Shape(engine, choice).heads_of_calls
    return tuple(Spent(int(cycles[heads][0]), moved) for heads in heads_of_calls)


@cache
def sum_bits_of(engine: Attention) -> tuple[int, int]:
    """Widths of a score, and of a sum of values times probabilities."""
    activation = IntType(engine.bits, 1.0)
    probability = UnsignedType(engine.probability_bits, 1.0)
    depth = engine.channels // engine.heads
    score = accumulator_type(depth, activation, activation)
    mixed = accumulator_type(engine.tokens, probability, activation)
    return score.width.data, mixed.width.data


def attention_units(engine: Attention, choice: Choice) -> Resources:
    """What computes in an engine for attention: it depends on the keys, not on the queries."""
    shape = Shape(engine, choice)
    tiling, depth, softmax = choice.tiling, shape.depth, softmax_of(engine)
    keys, interval, probability = tiling.keys, shape.interval, engine.probability_bits
    score_bits, mixed_bits = sum_bits_of(engine)
    magnitude = signed_magnitude(engine.bits)
    compared = vector_units.maximum_luts(keys, score_bits)
    carries = upper_carry_luts(keys, score_bits, shared=magnitude, own=magnitude)
    total = logic(compared + carries) + product_sums(
        keys,
        depth,
        shared=magnitude,
        own=magnitude,
        shared_bits=engine.bits,
        own_bits=engine.bits,
    )
    total += vector_units.exponentials(keys, score_bits, softmax.sum_bits + 1)
    dividend = softmax.dividend_shift + 1
    if engine.probability_shift is not None:
        dividend += MULTIPLIER_BITS - 1
    total += vector_units.divider(dividend, softmax.sum_bits + 1)
    at_once = depth if tiling.pack_values else 1
    total += product_sums(
        at_once,
        keys,
        shared=(1 << probability) - 1,
        own=magnitude,
        shared_bits=probability + 1,
        own_bits=engine.bits,
    ) * (depth // at_once)
    total += logic(mixed_bits) * depth
    total += vector_units.probability_lane(softmax.inverse_bits, probability) * keys
    total += vector_units.rescale_lane(mixed_bits, engine.value_shift, engine.result_bits) * ceil(
        depth / interval
    )
    lookups = ceil(keys / (interval * PORTS))
    return total + memory(EXPONENTIAL_ENTRIES, EXPONENTIAL_BITS) * lookups


def attention_storage(engine: Attention, choice: Choice) -> Resources:
    """What an engine for attention keeps of queries, keys and values, and what that takes."""
    shape = Shape(engine, choice)
    tiling, sizes, depth, softmax = choice.tiling, shape.sizes, shape.depth, softmax_of(engine)
    keys, rows = tiling.keys, tiling.queries
    copies, late = sizes.heads_kept(0), sizes.heads_kept(3)
    score_bits, mixed_bits = sum_bits_of(engine)
    kept, slots = max(2, engine.bits), sizes.key_tiles * keys
    total = array_storage((copies, sizes.query_tiles, rows), kept * depth, {}, 1)
    by_key = {} if keys == 1 else {1: keys}
    for turns in (copies, late):
        total += array_storage((turns, slots), kept * depth, by_key, 1)
    by_score = {} if keys == 1 else {2: keys}
    total += array_storage((2, rows, slots), score_bits, by_score, 1)
    total += array_storage((3, rows, slots), EXPONENTIAL_BITS, by_score, 1)
    for width in (score_bits, softmax.sum_bits + 1, softmax.inverse_bits + 1):
        total += scalars(2, rows, width)
    total += array_storage((rows,), mixed_bits * depth, {}, 1)
    if engine.tokens % keys:
        # The loops that clear what hangs over.
        total += (control.loop_control() * 2 + control.index_arithmetic()) * 2
    if engine.tokens % rows:
        # In each stage, whether a query is one.
        total += control.index_arithmetic() * 4
    return total


def attention_resources(engine: Attention, choice: Choice) -> Resources:
    """Resources of an engine for attention."""
    return attention_units(engine, choice) + attention_storage(engine, choice)
