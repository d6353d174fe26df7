"""Engines for attention."""

from __future__ import annotations

from math import ceil

from vaqf.compiler.search.closed_form.choice import Choice, Cost
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
from vaqf.passes.costs.resources import logic
from vaqf.passes.engines.attention import Sizes
from vaqf.passes.parallel_access import PORTS


def attention(engine: Attention, choice: Choice) -> Cost:
    """What an engine for attention takes."""
    tiling = choice.tiling
    keys, rows, port = tiling.keys, tiling.queries, choice.word_bits
    counts = [call.numbers[1] or engine.heads for call in engine.calls]
    sizes = Sizes(engine.tokens, max(counts), rows, keys)
    depth = engine.channels // engine.heads
    activation = IntType(engine.bits, 1.0)
    score_bits = accumulator_type(depth, activation, activation).width.data
    probability = engine.probability_bits
    mixed_bits = accumulator_type(
        engine.tokens, UnsignedType(probability, 1.0), activation
    ).width.data
    softmax = SoftmaxWidths(engine.tokens, probability, engine.probability_shift)
    exponential_bits = EXPONENTIAL_FRACTION_BITS + 2

    score = ACCESS_LATENCY + MULTIPLIER_LATENCY + adder_tree_latency(depth) + 2
    exponential = 2 * ACCESS_LATENCY + MULTIPLIER_LATENCY + 2 + adder_tree_latency(keys)
    reciprocal = ACCESS_LATENCY + divider_latency(softmax.dividend_shift + 1)
    mix = ACCESS_LATENCY + 2 * MULTIPLIER_LATENCY + 1 + adder_tree_latency(keys)
    stored = mix + ACCESS_LATENCY + MULTIPLIER_LATENCY
    interval = ceil(3 / PORTS) if in_memory(2, rows) else 1
    each_tile = ceil(UPDATE_LATENCY / rows)
    each_unit = max(
        each_tile,
        ceil(score / rows),
        ceil(exponential / rows),
        ceil(reciprocal / (rows * sizes.key_tiles)),
    )
    hanging_over = sizes.key_tiles * keys - engine.tokens
    copies, late = sizes.heads_kept(0), sizes.heads_kept(3)
    table = words(EXPONENTIAL_ENTRIES, exponential_bits, port)
    loading = BURST_LATENCY
    loading += table * min(EXPONENTIAL_ENTRIES, port // storage_bits(exponential_bits))
    copying = pipeline(engine.tokens, 1, ACCESS_LATENCY)
    if engine.tokens % keys:
        copying += sum(
            pipeline(slots * hanging_over, 1, ACCESS_LATENCY) for slots in (copies, late)
        )
    cycles = CALL_OVERHEAD + max(loading, copying)
    longest = max(score, exponential, reciprocal, stored)

    def of_call(heads: int) -> Spent:
        around = (sizes.key_tiles, each_tile), (sizes.units(heads) + 3, each_unit)
        return Spent(cycles + nest(longest, interval, rows, *around), table)

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
    total += array_storage((3, rows, slots), exponential_bits, by_score, 1)
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
    total += memory(EXPONENTIAL_ENTRIES, exponential_bits) * lookups
    return Cost(tuple(map(of_call, counts)), total)
