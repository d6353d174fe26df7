"""Engines for linear layers."""

from __future__ import annotations

from math import ceil

import numpy as np

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import Counts, divided_up
from vaqf.compiler.search.closed_form.matmul_cycles import (
    Sizes,
    matmul_cycles,
    scaling_interval,
)
from vaqf.compiler.search.closed_form.vectors import store_lane
from vaqf.compiler.search.workload import (
    Matmul,
    Spent,
)
from vaqf.dialects.accel.layers import GELU
from vaqf.dialects.accel.multipliers import signed_magnitude
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.quant.activations import (
    MAXIMUM_GELU_SEGMENTS,
)
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    OFFSET_BITS,
)
from vaqf.passes.costs import vector_units
from vaqf.passes.costs.binary_sums import binary_array
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


def sizes_of(engine: Matmul, choice: Choice) -> Sizes:
    """The one size that is chosen."""
    outputs, inputs, tokens = (np.array([each]) for each in choice.matmul_tile(engine))
    return Sizes(outputs, inputs, tokens)


def handed_over(numbers: int, width: int) -> Resources:
    """Numbers that one stage hands to the next, in two sets."""
    if 2 * numbers <= MOST_REGISTERS:
        return turned_registers(2 * numbers, width)
    return memory(1, width) * (2 * numbers)


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


def matmul_calls(engine: Matmul, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine for linear layers takes."""
    spent = {
        numbers: Spent(int(cycles[0]), int(words[0]))
        for numbers, (cycles, words) in matmul_cycles(
            engine, sizes_of(engine, choice), choice
        ).items()
    }
    return tuple(spent[call.numbers] for call in engine.calls)


def matmul_units(engine: Matmul, choice: Choice) -> Resources:
    """What of an engine for linear layers depends on its sizes alone: all before requantization."""
    outputs, inputs, tokens = choice.matmul_tile(engine)
    sum_bits = sum_bits_of(engine)
    total = products(engine, choice)
    strip = ceil(engine.most_inputs / inputs)
    slots = ceil(engine.most_tokens / tokens) * tokens
    total += weight_storage(2, strip, outputs, inputs * engine.weight_bits)
    factors = {0: 0} | ({1: tokens} if tokens > 1 else {})
    total += array_storage((2, slots), sum_bits * outputs, factors, 1)
    total += handed_over(outputs, MULTIPLIER_BITS) + handed_over(outputs, OFFSET_BITS)
    return total + memory(1, scaled_width(sum_bits)) * outputs


def scaling_lanes(engine: Matmul, sizes: Sizes, choice: Choice) -> Counts:
    """Lanes that requantize the sums of a cycle, for each of some sizes."""
    return divided_up(sizes.outputs, scaling_interval(engine, sizes.outputs, choice))


def scaling_lane(engine: Matmul) -> Resources:
    """One of these lanes."""
    sum_bits = sum_bits_of(engine)
    total = vector_units.scale_lane(sum_bits)
    for each in engine.epilogues:
        total += store_lane(scaled_width(sum_bits), each)
    return total


def tables(engine: Matmul, sizes: Sizes, choice: Choice) -> Counts:
    """Copies of the table of GELU that the lanes need, for each of some sizes."""
    interval = scaling_interval(engine, sizes.outputs, choice)
    copies = np.zeros_like(sizes.outputs)
    for each in engine.epilogues:
        if each.name == GELU:
            entries = 1 if 1 << each.bits <= MAXIMUM_GELU_SEGMENTS else 2
            copies = np.maximum(copies, divided_up(sizes.outputs * entries, interval * PORTS))
    return copies


def table(engine: Matmul) -> Resources:
    """One of these copies."""
    return Resources() if engine.table is None else memory(*engine.table)


def matmul_resources(engine: Matmul, choice: Choice) -> Resources:
    """Resources of an engine for linear layers."""
    sizes = sizes_of(engine, choice)
    lanes, copies = (int(each(engine, sizes, choice)[0]) for each in (scaling_lanes, tables))
    total = matmul_units(engine, choice) + scaling_lane(engine) * lanes
    return total + table(engine) * copies
