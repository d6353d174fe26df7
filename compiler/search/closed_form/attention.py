"""Engines for attention."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from math import ceil

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import nest, pipeline, words
from vaqf.compiler.search.closed_form.vectors import in_memory, scalars
from vaqf.compiler.search.workload import (
    Attention,
    Spent,
)
from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.multipliers import signed_magnitude
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD
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
from vaqf.passes.parallel_access import PORTS, words_of

EXPONENTIAL_BITS = EXPONENTIAL_FRACTION_BITS + 2
"""Of an entry of the table."""


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
        rows = self.choice.tiling.queries
        return max(self.row, ceil(3 / PORTS) if in_memory(2, rows) else 1)


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


def attention_calls(engine: Attention, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine for attention takes."""
    shape = Shape(engine, choice)
    keys, rows, port = choice.tiling.keys, choice.tiling.queries, choice.word_bits
    sizes = shape.sizes
    score, exponential, reciprocal = latencies(engine, keys)
    mix = ACCESS_LATENCY + 2 * MULTIPLIER_LATENCY + 1 + adder_tree_latency(keys)
    stored = mix + ACCESS_LATENCY + MULTIPLIER_LATENCY
    each_tile = ceil(UPDATE_LATENCY / rows) if sizes.key_tiles > 1 else 1
    copied = 1
    if sizes.key_tiles == 1 and sizes.heads > 1:
        # The first query of a head meets all keys, the last of which was copied shortly before.
        copied = ceil(ACCESS_LATENCY / (sizes.query_tiles * rows - engine.tokens + 1))
    each_unit = max(
        each_tile,
        copied,
        ceil(score / rows),
        ceil(exponential / rows),
        ceil(reciprocal / (rows * sizes.key_tiles)),
    )
    table = words(EXPONENTIAL_ENTRIES, EXPONENTIAL_BITS, port)
    loading = BURST_LATENCY
    loading += table * min(EXPONENTIAL_ENTRIES, port // storage_bits(EXPONENTIAL_BITS))
    copying = pipeline(engine.tokens, shape.row, ACCESS_LATENCY)
    if engine.tokens % keys:
        hanging_over = sizes.key_tiles * keys - engine.tokens
        copying += sum(
            pipeline(sizes.heads_kept(lag) * hanging_over, 1, ACCESS_LATENCY) for lag in (0, 3)
        )
    cycles = CALL_OVERHEAD + max(loading, copying)
    longest = max(score, exponential, reciprocal, stored)

    def of_call(heads: int) -> Spent:
        around = (sizes.key_tiles, each_tile), (sizes.units(heads) + 3, each_unit)
        return Spent(cycles + nest(longest, shape.interval, rows, *around), table)

    spent = {heads: of_call(heads) for heads in set(shape.heads_of_calls)}
    return tuple(spent[heads] for heads in shape.heads_of_calls)


@cache
def sum_bits_of(engine: Attention) -> tuple[int, int]:
    """Widths of a score, and of a sum of values times probabilities."""
    activation = IntType(engine.bits, 1.0)
    probability = UnsignedType(engine.probability_bits, 1.0)
    depth = engine.channels // engine.heads
    score = accumulator_type(depth, activation, activation)
    mixed = accumulator_type(engine.tokens, probability, activation)
    return score.width.data, mixed.width.data


def attention_resources(engine: Attention, choice: Choice) -> Resources:
    """Resources of an engine for attention."""
    shape = Shape(engine, choice)
    tiling, sizes, depth, softmax = choice.tiling, shape.sizes, shape.depth, softmax_of(engine)
    keys, rows, interval = tiling.keys, tiling.queries, shape.interval
    copies, late = sizes.heads_kept(0), sizes.heads_kept(3)
    probability = engine.probability_bits
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

    kept, slots = max(2, engine.bits), sizes.key_tiles * keys
    total += array_storage((copies, sizes.query_tiles, rows), kept * depth, {}, 1)
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
    lookups = ceil(keys / (interval * PORTS))
    total += memory(EXPONENTIAL_ENTRIES, EXPONENTIAL_BITS) * lookups
    return total
