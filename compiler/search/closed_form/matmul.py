"""Engines for linear layers."""

from __future__ import annotations

from math import ceil

from vaqf.compiler.search.closed_form.choice import Choice, Cost
from vaqf.compiler.search.closed_form.loops import pipeline, words
from vaqf.compiler.search.closed_form.vectors import requantization_interval, store_lane
from vaqf.compiler.search.workload import (
    Matmul,
    Spent,
)
from vaqf.dialects.accel.layers import GELU
from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.multipliers import signed_magnitude
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD, LOOP_OVERHEAD
from vaqf.dialects.quant.activations import (
    MAXIMUM_GELU_SEGMENTS,
)
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    OFFSET_BITS,
)
from vaqf.passes.costs import vector_units
from vaqf.passes.costs.binary_sums import binary_array
from vaqf.passes.costs.latencies import (
    ACCESS_LATENCY,
    MULTIPLIER_LATENCY,
    UPDATE_LATENCY,
    adder_tree_latency,
)
from vaqf.passes.costs.memories import (
    array_storage,
    memory,
    turned_registers,
    weight_storage,
)
from vaqf.passes.costs.products import product_sums
from vaqf.passes.costs.resources import Resources, logic
from vaqf.passes.parallel_access import MOST_REGISTERS, PORTS


def sum_bits_of(engine: Matmul) -> int:
    """Signed width of the longest sum of products of an engine."""
    weight = 1 if engine.weight_bits == 1 else (1 << (engine.weight_bits - 1)) - 1
    return (engine.most_inputs * signed_magnitude(engine.activation_bits) * weight).bit_length() + 1


def handed_over(numbers: int, width: int) -> Resources:
    """Numbers that one stage hands to the next, in two sets."""
    if 2 * numbers <= MOST_REGISTERS:
        return turned_registers(2 * numbers, width)
    return memory(1, width) * (2 * numbers)


def spent_by_matmul(
    engine: Matmul, numbers: tuple[int, ...], choice: Choice, *, flattened: bool
) -> Spent:
    """What a call of an engine for linear layers that passes some sizes takes."""
    outputs, inputs, tokens = choice.matmul_tile(engine)
    count, channels, results, epilogue = numbers
    port = choice.word_bits
    input_tiles, output_tiles = ceil(channels / inputs), ceil(results / outputs)
    matrix = input_tiles * words(outputs * inputs, engine.weight_bits, port)
    factors = sum(words(outputs, width, port) for width in (MULTIPLIER_BITS, OFFSET_BITS))
    moved = output_tiles * (matrix + factors)
    weights, constants = BURST_LATENCY + matrix, 2 * BURST_LATENCY + factors
    steps = ceil(count / tokens)
    if engine.weight_bits == 1:
        depth = ACCESS_LATENCY + 2 + adder_tree_latency(inputs)
    else:
        depth = ACCESS_LATENCY + MULTIPLIER_LATENCY + adder_tree_latency(inputs)
    if flattened:
        sums = pipeline(input_tiles * steps, 1, depth)
    else:
        sums = input_tiles * (pipeline(steps, 1, depth) + LOOP_OVERHEAD)
    interval = requantization_interval(outputs, engine.epilogues, choice)
    scaling = pipeline(count, interval, 2 * ACCESS_LATENCY + MULTIPLIER_LATENCY)
    total = CALL_OVERHEAD
    if engine.table is not None and engine.epilogues[epilogue].name == GELU:
        entries, width = engine.table
        # One element a cycle is written to each memory, and the table is one.
        table = words(entries, width, port)
        total += BURST_LATENCY + table * min(entries, port // storage_bits(width))
        moved += table
    # While one tile of outputs is summed, the next one's weights arrive and the last one is scaled.
    summing = max(constants, sums)
    turns = [weights, summing, scaling]
    if output_tiles > 1:
        both = max(weights, summing, scaling)
        turns = [weights, max(weights, summing), max(summing, scaling), scaling]
        turns += [both] * (output_tiles - 2)
    return Spent(total + sum(turns) + len(turns) * LOOP_OVERHEAD, moved)


def is_flattened(engine: Matmul, choice: Choice) -> bool:
    """Whether the loops over input channels and tokens are one pipeline, in every call."""
    _, inputs, tokens = choice.matmul_tile(engine)
    return all(
        ceil(channels / inputs) == 1 or ceil(count / tokens) >= UPDATE_LATENCY
        for count, channels, *_ in engine.sizes
    )


def products(engine: Matmul, choice: Choice) -> Resources:
    """What multiplies and adds in an engine for linear layers: the largest part of it."""
    outputs, inputs, tokens = choice.matmul_tile(engine)
    sum_bits = sum_bits_of(engine)
    if engine.weight_bits == 1:
        return binary_array(
            choice.tiling.binary_form,
            tokens=tokens,
            outputs=outputs,
            inputs=inputs,
            bits=engine.activation_bits,
            sum_bits=sum_bits,
        )
    one = product_sums(
        outputs,
        inputs,
        shared=signed_magnitude(engine.activation_bits),
        own=(1 << (engine.weight_bits - 1)) - 1,
        shared_bits=engine.activation_bits,
        own_bits=engine.weight_bits,
    )
    return (one + logic(sum_bits) * outputs) * tokens


def matmul(engine: Matmul, choice: Choice) -> Cost:
    """What an engine for linear layers takes."""
    outputs, inputs, tokens = choice.matmul_tile(engine)
    sum_bits = sum_bits_of(engine)
    scaled_bits = scaled_width(sum_bits)
    interval = requantization_interval(outputs, engine.epilogues, choice)
    lanes = ceil(outputs / interval)
    total = products(engine, choice) + vector_units.scale_lane(sum_bits) * lanes
    for each in engine.epilogues:
        total += store_lane(scaled_bits, each) * lanes
    strip = ceil(engine.most_inputs / inputs)
    slots = ceil(engine.most_tokens / tokens) * tokens
    total += weight_storage(2, strip, outputs, inputs * engine.weight_bits)
    factors = {0: 0} | ({1: tokens} if tokens > 1 else {})
    total += array_storage((2, slots), sum_bits * outputs, factors, 1)
    total += handed_over(outputs, MULTIPLIER_BITS) + handed_over(outputs, OFFSET_BITS)
    total += memory(1, scaled_bits) * outputs
    if engine.table is not None:
        entries, width = engine.table
        copies = max(
            ceil(
                outputs * (1 if 1 << each.bits <= MAXIMUM_GELU_SEGMENTS else 2) / (interval * PORTS)
            )
            for each in engine.epilogues
            if each.name == GELU
        )
        total += memory(entries, width) * copies
    flattened = is_flattened(engine, choice)
    spent = {
        numbers: spent_by_matmul(engine, numbers, choice, flattened=flattened)
        for numbers in engine.sizes
    }
    return Cost(tuple(spent[call.numbers] for call in engine.calls), total)
