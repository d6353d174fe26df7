"""
Cycles and resources of engines as functions of their parameters: what `estimate-performance` reads
off the lowered IR, without lowering it.

Both share the formulas of `passes/costs`; here are the trip counts and widths that the passes
between `tile-engines` and `estimate-performance` arrive at.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, lcm

from vaqf.compiler.search.workload import (
    Attention,
    Call,
    Engine,
    Epilogue,
    Matmul,
    Matrix,
    Norm,
    Workload,
)
from vaqf.dialects.accel.layers import ADD, GELU
from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.multipliers import signed_magnitude
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD, LOOP_OVERHEAD
from vaqf.dialects.quant.activations import (
    EXPONENTIAL_ENTRIES,
    EXPONENTIAL_FRACTION_BITS,
    MAXIMUM_GELU_SEGMENTS,
)
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    OFFSET_BITS,
    IntType,
    UnsignedType,
    accumulator_type,
)
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths, SoftmaxWidths
from vaqf.passes.costs import vector_units
from vaqf.passes.costs.binary_sums import binary_array
from vaqf.passes.costs.latencies import (
    ACCESS_LATENCY,
    MULTIPLIER_LATENCY,
    UPDATE_LATENCY,
    adder_tree_latency,
    divider_latency,
    root_latency,
)
from vaqf.passes.costs.memories import (
    array_storage,
    matrix_storage,
    memory,
    registers,
    turned_registers,
    weight_storage,
)
from vaqf.passes.costs.products import product_sums
from vaqf.passes.costs.resources import Resources, logic
from vaqf.passes.engines.attention import Sizes
from vaqf.passes.parallel_access import MOST_REGISTERS, PORTS, words_of
from vaqf.passes.tile_engines import TileEnginesPass


@dataclass(frozen=True)
class Choice:
    """The parameters of all engines."""

    tiling: TileEnginesPass
    """Sizes of the engines."""

    vector_lanes: int
    """Elements that vector units take in one cycle."""

    word_bits: int
    """Width of the ports."""

    def matmul_tile(self, engine: Matmul) -> tuple[int, int, int]:
        """Output channels, input channels and tokens of one cycle."""
        sizes = self.tiling.binary_matmul if engine.weight_bits == 1 else self.tiling.integer_matmul
        outputs, inputs, tokens = sizes
        return outputs, inputs, tokens


@dataclass(frozen=True)
class Cost:
    """What an engine takes."""

    cycles: tuple[int, ...]
    """Of each of its calls."""

    resources: Resources

    def frame(self, calls: tuple[Call, ...]) -> int:
        """Cycles of all calls in a frame."""
        return sum(cycles * call.times for cycles, call in zip(self.cycles, calls, strict=True))


def words(elements: int, width: int, word_bits: int) -> int:
    """Words that so many elements take in memory, from a word boundary on."""
    return ceil(elements * storage_bits(width) / word_bits)


def pipeline(trips: int, interval: int, depth: int) -> int:
    """Cycles of a pipelined loop."""
    return (trips - 1) * interval + depth + interval - 1 + LOOP_OVERHEAD if trips else 0


def nest(depth: int, interval: int, trips: int, *around: tuple[int, int]) -> int:
    """
    Cycles of a pipelined loop and of those around it, which become part of it where they can.

    Args:
        depth: of an iteration.
        interval: of the innermost loop alone.
        trips: of the innermost loop.
        around: of each loop around it, from the innermost: trips, and the interval that its
            iterations need as part of the pipeline.
    """
    rest = list(around)
    while rest and rest[0][1] <= interval:
        trips *= rest.pop(0)[0]
    cycles = pipeline(trips, interval, depth)
    for count, _ in rest:
        cycles = count * (cycles + LOOP_OVERHEAD)
    return cycles


def requantization_interval(
    channels: int, epilogues: tuple[Epilogue, ...], choice: Choice, reads: int = 0
) -> int:
    """
    Cycles between tokens that are requantized: the lanes, and the words of matrices.

    Args:
        channels: of a token that are requantized together.
        epilogues: what is done with them.
        choice: the lanes.
        reads: words that are read of another matrix.
    """
    wide = words_of(channels, choice.tiling.lanes)
    ports = [wide * (2 if each.name == ADD else 1) for each in epilogues]
    return max(ceil(channels / choice.vector_lanes), ceil(max([*ports, reads]) / PORTS))


def store_lane(scaled_bits: int, epilogue: Epilogue) -> Resources:
    """One lane of an epilogue."""
    bits, shift = epilogue.bits, epilogue.shift
    if epilogue.name == ADD:
        return vector_units.add_lane(scaled_bits, shift, bits)
    if epilogue.name == GELU:
        interpolated = 1 << bits > MAXIMUM_GELU_SEGMENTS
        return vector_units.lookup_lane(scaled_bits, shift, bits, interpolated)
    return vector_units.round_lane(scaled_bits, shift, bits)


def sum_bits_of(engine: Matmul) -> int:
    """Signed width of the longest sum of products of an engine."""
    longest = max(call.numbers[1] for call in engine.calls)
    weight = 1 if engine.weight_bits == 1 else (1 << (engine.weight_bits - 1)) - 1
    return (longest * signed_magnitude(engine.activation_bits) * weight).bit_length() + 1


def handed_over(numbers: int, width: int) -> Resources:
    """Numbers that one stage hands to the next, in two sets."""
    if 2 * numbers <= MOST_REGISTERS:
        return turned_registers(2 * numbers, width)
    return memory(1, width) * (2 * numbers)


def matmul_cycles(engine: Matmul, call: Call, choice: Choice) -> int:
    """Cycles of one call of an engine for linear layers."""
    outputs, inputs, tokens = choice.matmul_tile(engine)
    count, channels, results, epilogue = call.numbers
    port = choice.word_bits
    input_tiles, output_tiles = ceil(channels / inputs), ceil(results / outputs)
    weights = BURST_LATENCY + input_tiles * words(outputs * inputs, engine.weight_bits, port)
    constants = 2 * BURST_LATENCY + sum(
        words(outputs, width, port) for width in (MULTIPLIER_BITS, OFFSET_BITS)
    )
    steps = ceil(count / tokens)
    if engine.weight_bits == 1:
        depth = ACCESS_LATENCY + 2 + adder_tree_latency(inputs)
    else:
        depth = ACCESS_LATENCY + MULTIPLIER_LATENCY + adder_tree_latency(inputs)
    if is_flattened(engine, choice):
        sums = pipeline(input_tiles * steps, 1, depth)
    else:
        sums = input_tiles * (pipeline(steps, 1, depth) + LOOP_OVERHEAD)
    interval = requantization_interval(outputs, engine.epilogues, choice)
    scaling = pipeline(count, interval, 2 * ACCESS_LATENCY + MULTIPLIER_LATENCY)
    total = CALL_OVERHEAD
    if engine.table is not None and engine.epilogues[epilogue].name == GELU:
        entries, width = engine.table
        # One element a cycle is written to each memory, and the table is one.
        total += BURST_LATENCY + words(entries, width, port) * min(
            entries, port // storage_bits(width)
        )
    for turn in range(output_tiles + 2):
        stages = [0]
        if turn < output_tiles:
            stages.append(weights)
        if 1 <= turn <= output_tiles:
            stages += [constants, sums]
        if turn >= 2:
            stages.append(scaling)
        total += max(stages) + LOOP_OVERHEAD
    return total


def is_flattened(engine: Matmul, choice: Choice) -> bool:
    """Whether the loops over input channels and tokens are one pipeline, in every call."""
    _, inputs, tokens = choice.matmul_tile(engine)
    return all(
        ceil(call.numbers[1] / inputs) == 1 or ceil(call.numbers[0] / tokens) >= UPDATE_LATENCY
        for call in engine.calls
    )


def matmul(engine: Matmul, choice: Choice) -> Cost:
    """What an engine for linear layers takes."""
    outputs, inputs, tokens = choice.matmul_tile(engine)
    sum_bits = sum_bits_of(engine)
    scaled_bits = scaled_width(sum_bits)
    if engine.weight_bits == 1:
        products = binary_array(
            choice.tiling.binary_form,
            tokens=tokens,
            outputs=outputs,
            inputs=inputs,
            bits=engine.activation_bits,
            sum_bits=sum_bits,
        )
    else:
        one = product_sums(
            outputs,
            inputs,
            shared=signed_magnitude(engine.activation_bits),
            own=(1 << (engine.weight_bits - 1)) - 1,
            shared_bits=engine.activation_bits,
            own_bits=engine.weight_bits,
        )
        products = (one + logic(sum_bits) * outputs) * tokens
    interval = requantization_interval(outputs, engine.epilogues, choice)
    lanes = ceil(outputs / interval)
    total = products + vector_units.scale_lane(sum_bits) * lanes
    for each in engine.epilogues:
        total += store_lane(scaled_bits, each) * lanes
    strip = max(ceil(call.numbers[1] / inputs) for call in engine.calls)
    slots = ceil(max(call.numbers[0] for call in engine.calls) / tokens) * tokens
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
    return Cost(tuple(matmul_cycles(engine, call, choice) for call in engine.calls), total)


def norm(engine: Norm, choice: Choice) -> Cost:
    """What an engine for LayerNorms takes."""
    lanes, rows = choice.tiling.lanes, choice.tiling.norm_tokens
    widths, tiles = LayerNormWidths(engine.channels, engine.bits), ceil(engine.channels / lanes)
    port = choice.word_bits
    # Moments, which are read and written, are read for the root, and sums for normalization too.
    accesses = [2, 4 * in_memory(3, rows), 3 * in_memory(2, rows)]
    interval = max(ceil(lanes / choice.vector_lanes), ceil(max(accesses) / PORTS))
    moments = ACCESS_LATENCY + MULTIPLIER_LATENCY + adder_tree_latency(lanes)
    root = ACCESS_LATENCY + root_latency(widths)
    each_tile = ceil(UPDATE_LATENCY / rows)
    # Roots need the moments of the tokens before, normalization needs the roots of the unit before.
    each_unit = max(each_tile, ceil(moments / rows), ceil(root / (rows * tiles)))
    depth = max(
        moments,
        root,
        ACCESS_LATENCY + 2 * MULTIPLIER_LATENCY + 2 + ACCESS_LATENCY,
    )
    loads = 2 * BURST_LATENCY + sum(
        tiles * words(lanes, width, port) for width in (MULTIPLIER_BITS, OFFSET_BITS)
    )

    def cycles(call: Call) -> int:
        units = ceil(call.numbers[0] / rows) + 2
        loops = nest(depth, interval, rows, (tiles, each_tile), (units, each_unit))
        return CALL_OVERHEAD + loads + loops

    each_lane = ceil(lanes / interval)
    total = vector_units.moments(each_lane, LayerNormWidths(1 << 10, engine.bits))
    total += vector_units.reciprocal_root(widths)
    total += vector_units.normalize_lane(widths) * each_lane
    scaled_bits = scaled_width(MULTIPLIER_BITS)
    for epilogue in engine.epilogues:
        total += store_lane(scaled_bits, epilogue) * each_lane
    for width in (MULTIPLIER_BITS, OFFSET_BITS):
        total += array_storage((tiles, lanes), width, {1: 0}, 1)
    total += memory(1, scaled_bits) * lanes
    for turns, width in (
        (3, widths.sum_bits),
        (2, widths.squares_bits + 1),
        (2, INVERSE_ROOT_BITS + 3),
        (2, widths.variance_bits.bit_length() + 1),
    ):
        total += scalars(turns, rows, width)
    return Cost(tuple(cycles(call) for call in engine.calls), total)


def in_memory(turns: int, rows: int) -> bool:
    """Whether a number for each row, in several sets, is too much for registers."""
    return turns * rows > MOST_REGISTERS


def scalars(turns: int, rows: int, width: int) -> Resources:
    """A number for each row, in several sets that take turns."""
    if not in_memory(turns, rows):
        return registers(turns * rows, width)
    return array_storage((turns, rows), width, {}, 1)


def attention(engine: Attention, choice: Choice) -> Cost:
    """What an engine for attention takes."""
    tiling = choice.tiling
    keys, rows, port = tiling.keys, tiling.queries, choice.word_bits
    sizes = Sizes(engine.tokens, engine.heads, rows, keys)
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
    cycles = CALL_OVERHEAD + BURST_LATENCY
    cycles += words(EXPONENTIAL_ENTRIES, exponential_bits, port) * min(
        EXPONENTIAL_ENTRIES, port // storage_bits(exponential_bits)
    )
    if engine.tokens % keys:
        cycles += sum(pipeline(slots * hanging_over, 1, ACCESS_LATENCY) for slots in (copies, late))
    cycles += pipeline(engine.tokens, 1, ACCESS_LATENCY)
    longest = max(score, exponential, reciprocal, stored)
    cycles += nest(
        longest, interval, rows, (sizes.key_tiles, each_tile), (sizes.units + 3, each_unit)
    )

    magnitude = signed_magnitude(engine.bits)
    total = logic(vector_units.maximum_luts(keys, score_bits)) + product_sums(
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
    lookups = ceil(keys / (interval * PORTS))
    total += memory(EXPONENTIAL_ENTRIES, exponential_bits) * lookups
    return Cost(tuple(cycles for _ in engine.calls), total)


def cost(engine: Engine, choice: Choice) -> Cost:
    """What an engine takes."""
    match engine:
        case Matmul():
            return matmul(engine, choice)
        case Norm():
            return norm(engine, choice)
        case Attention():
            return attention(engine, choice)


def matrix(record: Matrix, workload: Workload, choice: Choice) -> Resources:
    """What a matrix of activations takes."""
    tiles = {
        each.name: choice.matmul_tile(each) for each in workload.engines if isinstance(each, Matmul)
    }
    banks = lcm(*(tiles[name][2] for name in record.readers)) if record.readers else 1
    every = lcm(
        *(
            tokens
            for *_, tokens in (
                choice.tiling.binary_matmul,
                choice.tiling.integer_matmul,
            )
        )
    )
    return matrix_storage(
        record.channels,
        record.bits,
        lanes=choice.tiling.lanes,
        channel_slots=lcm(choice.tiling.binary_matmul[0], choice.tiling.integer_matmul[0]),
        token_slots=ceil(workload.tokens / every) * every,
        banks=banks,
    )
