"""What is done with one tile, against plain loops; and what hangs over, or was never written."""

import numpy as np
import pytest
from xdsl.dialects.builtin import IntegerType, i1
from xdsl.utils.exceptions import InterpretationError
from xdsl.utils.test_value import create_ssa_value

from tests.unit.interpreters.accel_operations import INDEX, dram, integers, local, matrix, run
from vaqf.dialects import accel
from vaqf.dialects.accel.tiles.common import scaled_width
from vaqf.dialects.quant.widths import LayerNormWidths, SoftmaxWidths
from vaqf.interpreters.accel.buffers import UNDEFINED, is_defined, new_buffer
from vaqf.interpreters.arithmetic import layer_norm, layout, requantize, softmax, tables
from vaqf.interpreters.arithmetic.integers import Integers, clamp

MULTIPLIER = create_ssa_value(IntegerType(18))
CONDITION = create_ssa_value(i1)
NEVER_WRITTEN = "reads an element that was never written"


def written_part(buffer: Integers) -> Integers:
    """The elements that were written, in order."""
    return buffer[buffer != UNDEFINED]


def test_load():
    tiles, pair = integers(8, (6, 3, 2)), new_buffer((2, 3, 2))
    run(accel.LoadOp(dram(8, 6, 3, 2), [INDEX], local(8, 3, 2)), tiles, 4, pair[0])
    assert np.array_equal(pair[0], tiles[4])
    several = accel.LoadOp(dram(8, 6, 3, 2), [INDEX], local(8, 2, 3, 2), INDEX)
    run(several, tiles, 3, 2, pair)
    assert np.array_equal(pair, tiles[3:5])
    run(several, tiles, 0, 1, pair)
    assert np.array_equal(pair, tiles[[0, 4]]), "there is one unit less"
    for first, count in ((5, 2), (0, 3)):
        with pytest.raises(InterpretationError, match=f"reads {count} units from {first} on"):
            run(several, tiles, first, count, pair)
    whole = new_buffer((6, 3, 2))
    run(accel.LoadOp(dram(8, 6, 3, 2), [], local(8, 6, 3, 2)), tiles, whole)
    assert np.array_equal(whole, tiles)
    with pytest.raises(InterpretationError, match=r"'accel\.load': index 6 is out of bounds"):
        run(accel.LoadOp(dram(8, 6, 3, 2), [INDEX], local(8, 3, 2)), tiles, 6, pair[0])


def test_fill():
    buffer = new_buffer((3, 2))
    run(accel.FillOp(local(8, 3, 2), [INDEX], -7), buffer, 1)
    run(accel.FillOp(local(8, 3, 2), [INDEX, INDEX], 5), buffer, 2, 0)
    assert buffer[1].tolist() == [-7, -7] and buffer[2, 0] == 5 and not is_defined(buffer[0])
    run(accel.FillOp(local(8, 3, 2), [], 0), buffer)
    assert not buffer.any()


@pytest.mark.parametrize("widths", [(8, 1), (8, 8), (1, 1), (1, 8), (16, 16)])
def test_accumulate(widths: tuple[int, int]):
    """7 tokens of 6 channels in tiles of 4 tokens, 4 input and 5 output lanes."""
    left, right = widths
    activation = integers(left, (7, 6))
    weight = integers(right, (5, 4))
    op = accel.AccumulateOp(
        matrix(left, 7, 6),
        INDEX,
        INDEX,
        local(right, *weight.shape),
        local(40, 8, 5),
        restart=CONDITION,
        limit=INDEX,
        tokens=4,
        form="paired_sum" if right == 1 else None,
    )
    sums = new_buffer((8, 5))
    for token in (0, 4):
        run(op, activation, token, 0, weight, sums, True, 6)
    expected = activation[:, :4] @ weight.T
    assert np.array_equal(sums[:7], expected)
    assert not is_defined(sums[7]), "there is no token 7"
    for token in (0, 4):
        run(op, activation, token, 4, weight, sums, False, 6)
    expected += activation[:, 4:] @ weight[:, :2].T
    assert np.array_equal(sums[:7], expected)


def accumulation(bits: int) -> accel.AccumulateOp:
    """2 tokens, 4 input and 1 output lanes; no restart, no limit."""
    return accel.AccumulateOp(
        matrix(8, 2, 6), INDEX, INDEX, local(8, 1, 4), local(bits, 2, 1), tokens=2
    )


def test_accumulate_refuses_junk():
    activation, weight = np.full((2, 6), 127), np.full((1, 4), 127)
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(accumulation(20), activation, 0, 0, weight, new_buffer((2, 1)))
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(accumulation(20), new_buffer((2, 6)), 0, 0, weight, np.zeros((2, 1), np.int64))
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(accumulation(20), activation, 0, 0, new_buffer((1, 4)), np.zeros((2, 1), np.int64))
    with pytest.raises(InterpretationError, match="lane 2 hangs over the end of 6 elements"):
        run(accumulation(20), activation, 0, 4, weight, np.zeros((2, 1), np.int64))
    with pytest.raises(InterpretationError, match="64516 does not fit 16 bits"):
        run(accumulation(16), activation, 0, 0, weight, np.zeros((2, 1), np.int64))
    sums = np.zeros((2, 1), np.int64)
    run(accumulation(17), activation, 0, 0, weight, sums)
    assert sums.tolist() == [[64516], [64516]]


def test_scale():
    sums, multipliers, offsets = integers(20, (4, 6)), integers(18, (6,)), integers(48, (6,))
    scaled = new_buffer((6,))
    op = accel.ScaleOp(
        local(20, 4, 6), INDEX, local(18, 6), local(48, 6), local(scaled_width(20), 6)
    )
    run(op, sums, 2, multipliers, offsets, scaled)
    assert np.array_equal(scaled, sums[2] * multipliers + offsets)


@pytest.mark.parametrize("bits", [1, 2, 6, 8, 11, 16])
@pytest.mark.parametrize("channel", [0, 4])
def test_epilogues(bits: int, channel: int):
    """4 lanes, of which 2 hang over at channel 4 of 6; their scaled values are junk."""
    shift, scaled = 20, new_buffer((4,))
    lanes = slice(0, min(4, 6 - channel))
    scaled[lanes] = integers(20 + bits, (4,), channel)[lanes]
    there = slice(channel, channel + 4)
    rounded = clamp(scaled[lanes] >> shift, bits)

    stored = new_buffer((3, 6))
    store = accel.StoreRoundedOp(local(49, 4), matrix(bits, 3, 6), INDEX, INDEX, shift)
    run(store, scaled, stored, 1, channel)
    assert np.array_equal(stored[1, there], rounded)
    assert len(written_part(stored)) == len(rounded), "nothing else is written"

    if bits > 1:
        narrow = new_buffer((3, 6))
        count = create_ssa_value(IntegerType(6))
        store = accel.StoreRoundedOp(local(49, 4), matrix(16, 3, 6), INDEX, INDEX, shift, count)
        run(store, scaled, narrow, 1, channel, bits)
        assert np.array_equal(narrow, stored)

    table = tables.gelu_table(0.3, bits, 0.2, bits)
    looked_up = new_buffer((3, 6))
    lookup = accel.StoreLookupOp(
        local(49, 4), local(bits, len(table)), matrix(bits, 3, 6), INDEX, INDEX, shift
    )
    run(lookup, scaled, table, looked_up, 1, channel)
    assert np.array_equal(looked_up[1, there], tables.lookup(rounded, table, bits, bits))
    assert len(written_part(looked_up)) == len(rounded)

    before = integers(bits, (3, 6))
    residual = before.copy()
    add = accel.AddRoundedOp(local(49, 4), matrix(bits, 3, 6), INDEX, INDEX, shift)
    run(add, scaled, residual, 1, channel)
    assert np.array_equal(
        residual[1, there], requantize.saturating_add(before[1, there], rounded, bits)
    )
    residual[1, there] = before[1, there]
    assert np.array_equal(residual, before)


def test_epilogues_refuse_junk():
    scaled, half = np.zeros(4, np.int64), new_buffer((4,))
    half[:2] = 0
    store = accel.StoreRoundedOp(local(49, 4), matrix(8, 3, 6), INDEX, INDEX, 20)
    run(store, half, new_buffer((3, 6)), 0, 4)
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(store, half, new_buffer((3, 6)), 0, 0)
    with pytest.raises(InterpretationError, match="index 3 is out of bounds"):
        run(store, scaled, new_buffer((3, 6)), 3, 0)
    add = accel.AddRoundedOp(local(49, 4), matrix(16, 3, 6), INDEX, INDEX, 20)
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(add, scaled, new_buffer((3, 6)), 0, 0)


@pytest.mark.parametrize("order", ["colours_first", "colours_last"])
def test_gather_patch(order: str):
    """Patches of 2 x 3, in words of 5 pixels; the last word hangs over."""
    image, patches = integers(8, (3, 4, 9)), new_buffer((6, 18))
    op = accel.GatherPatchOp(
        *(local(8, 3, 4, 9), matrix(8, 6, 18), INDEX, INDEX),
        lanes=5,
        patch=(2, 3),
        order=order,
    )
    for patch in range(6):
        for channel in range(0, 18, 5):
            run(op, image, patches, patch, channel)
    assert np.array_equal(patches, layout.extract_patches(image, 2, 3, order))


@pytest.mark.parametrize("limit", [None, 10])
def test_layer_norm(limit: int | None):
    """3 tokens in rows 2 to 4 of a matrix, 10 channels in tiles of 4 or 5 lanes."""
    tokens, epsilon, lanes = integers(16, (6, 10)), 9, 4 if limit else 5
    widths = LayerNormWidths(10, 16)
    sums, squares = np.zeros(3, np.int64), np.zeros(3, np.int64)
    inverses, exponents = new_buffer((3,)), new_buffer((3,))
    x, per_token = matrix(16, 6, 10), local(40, 3)
    add = accel.AddMomentsOp(
        x, INDEX, INDEX, per_token, per_token, INDEX, limit=INDEX if limit else None, lanes=lanes
    )
    root = accel.ReciprocalRootOp(
        per_token,
        per_token,
        local(19, 3),
        local(7, 3),
        INDEX,
        channels=10,
        epsilon=epsilon,
        bits=16,
    )
    parameters = local(18, lanes), local(48, lanes), local(scaled_width(18), lanes)
    normalize = accel.NormalizeOp(
        *(x, INDEX, INDEX, per_token, local(19, 3), local(7, 3), INDEX), *parameters, channels=10
    )
    multiplier, offset = integers(18, (10,)), integers(47, (10,))
    for channel in range(0, 10, lanes):
        for token in range(3):
            limits = () if limit is None else (limit,)
            run(add, tokens, token + 2, channel, sums, squares, token, *limits)
    for token in range(3):
        run(root, sums, squares, inverses, exponents, token)
    result = new_buffer((3, 10))
    for channel in range(0, 10, lanes):
        tile = slice(channel, channel + lanes)
        multipliers, offsets, scaled = (np.zeros(lanes, np.int64) for _ in range(3))
        count = len(result[0, tile])
        multipliers[:count], offsets[:count] = multiplier[tile], offset[tile]
        for token in range(3):
            run(
                *(normalize, tokens, token + 2, channel, sums, inverses, exponents, token),
                *(multipliers, offsets, scaled),
            )
            result[token, tile] = requantize.round_scaled(scaled[:count], 20, 8)
    expected = layer_norm.layer_norm(
        *(tokens[2:5], multiplier, offset), epsilon=epsilon, shift=20, input_bits=16, output_bits=8
    )
    assert np.array_equal(result, expected)
    assert widths.fraction_bits > 0


def test_moments_refuse_junk():
    add = accel.AddMomentsOp(
        matrix(16, 2, 4), INDEX, INDEX, local(18, 2), local(34, 2), INDEX, lanes=4
    )
    tokens, zeros = np.full((2, 4), -(1 << 15)), np.zeros(2, np.int64)
    run(add, tokens, 0, 0, zeros.copy(), zeros.copy(), 0)
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(add, tokens, 0, 0, new_buffer((2,)), zeros, 0)
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(add, new_buffer((2, 4)), 0, 0, zeros, zeros, 0)
    with pytest.raises(InterpretationError, match="lane 3 hangs over the end of 4 elements"):
        run(add, tokens, 0, 1, zeros, zeros, 0)
    with pytest.raises(InterpretationError, match="-131073 does not fit 18 bits"):
        run(add, tokens, 0, 0, zeros - 1, zeros, 0)


@pytest.mark.parametrize("bits", [1, 8])
@pytest.mark.parametrize("limited", [True, False])
def test_attention(bits: int, limited: bool):
    """One head, 7 queries and keys in tiles of 3 (8 and of 4 without a limit)."""
    tokens, lanes, depth = (7, 3, 5) if limited else (8, 4, 5)
    slots = -(-tokens // lanes) * lanes
    query, key, value = (integers(bits, (tokens, depth), seed) for seed in range(3))
    table, multiplier, shift = tables.exponential_table(), 100000, 17
    widths = SoftmaxWidths(tokens, 8)
    limit = INDEX if limited else None
    limits = (tokens,) if limited else ()

    queries, keys, values = (new_buffer((rows, depth)) for rows in (tokens, slots, slots))
    for source, rows, destination in ((query, tokens, queries), (key, slots, keys)):
        copied = local(bits, rows, depth)
        copy = accel.CopyRowOp(matrix(bits, tokens, depth), INDEX, INDEX, copied, INDEX)
        for token in range(tokens):
            run(copy, source, token, 0, destination, token)
    values[:tokens] = value

    scores, rows = new_buffer((tokens, slots)), new_buffer((tokens, slots))
    maxima, sums = np.full(tokens, -(1 << 21)), np.zeros(tokens, np.int64)
    inverses, mixed = new_buffer((tokens,)), np.zeros((tokens, depth), np.int64)
    per_query, per_key = local(22, tokens), local(22, tokens, slots)
    score = accel.ScoreOp(
        *(local(bits, tokens, depth), INDEX, local(bits, slots, depth), INDEX),
        *(per_key, per_query),
        limit=limit,
        lanes=lanes,
    )
    exponentiate = accel.ExponentiateOp(
        *(per_key, INDEX, INDEX, per_query, local(17, 256), MULTIPLIER),
        *(local(17, tokens, slots), local(widths.sum_bits + 1, tokens)),
        limit=limit,
        lanes=lanes,
        shift=shift,
    )
    reciprocal = accel.ReciprocalOp(
        local(widths.sum_bits + 1, tokens),
        local(widths.inverse_bits + 1, tokens),
        INDEX,
        widths.inverse_shift,
    )
    mix = accel.MixOp(
        *(local(17, tokens, slots), INDEX, INDEX, local(widths.inverse_bits + 1, tokens)),
        *(local(bits, slots, depth), local(24, tokens, depth)),
        limit=limit,
        lanes=lanes,
        bits=8,
        shift=widths.result_shift,
    )
    for each in range(tokens):
        for first in range(0, tokens, lanes):
            run(score, queries, each, keys, first, scores, maxima, *limits)
        for first in range(0, tokens, lanes):
            run(
                *(exponentiate, scores, each, first, maxima, table, multiplier, rows, sums),
                *limits,
            )
        run(reciprocal, sums, inverses, each)
        for first in range(0, tokens, lanes):
            run(mix, rows, each, first, inverses, values, mixed, *limits)

    expected_scores = query @ key.T
    assert np.array_equal(scores[:, :tokens], expected_scores)
    assert np.array_equal(maxima, expected_scores.max(axis=1))
    assert len(written_part(scores)) == tokens * tokens, "lanes beyond the keys do not count"
    assert is_defined(rows) and not rows[:, tokens:].any(), "but their exponentials are 0"
    probabilities = softmax.softmax(expected_scores, table, multiplier, shift, 8)
    assert np.array_equal(mixed, probabilities @ value)

    result = new_buffer((tokens, depth + 2))
    destination = matrix(bits, tokens, depth + 2)
    rescale = accel.StoreRescaledOp(
        local(24, tokens, depth), INDEX, MULTIPLIER, destination, INDEX, INDEX, 20
    )
    for token in range(tokens):
        run(rescale, mixed, token, 70000, result, tokens - 1 - token, 2)
    assert np.array_equal(result[::-1, 2:], requantize.rescale(mixed, 70000, 20, bits))
    assert not (result[:, :2] != UNDEFINED).any()

    narrow = new_buffer((tokens, depth + 2))
    rescale = accel.StoreRescaledOp(
        *(local(24, tokens, depth), INDEX, MULTIPLIER, destination, INDEX, INDEX, 20),
        create_ssa_value(IntegerType(6)),
    )
    for token in range(tokens):
        run(rescale, mixed, token, 70000, narrow, token, 2, 2)
    assert np.array_equal(narrow[:, 2:], requantize.rescale(mixed, 70000, 20, 2))


def test_keys_without_limit():
    score = accel.ScoreOp(
        *(local(8, 2, 3), INDEX, local(8, 4, 3), INDEX, local(20, 2, 4), local(20, 2)), lanes=4
    )
    keys = new_buffer((4, 3))
    keys[:3] = 1
    queries, maxima = np.ones((2, 3), np.int64), np.zeros(2, np.int64)
    with pytest.raises(InterpretationError, match=NEVER_WRITTEN):
        run(score, queries, 0, keys, 0, new_buffer((2, 4)), maxima)


def test_copied_row_must_be_there():
    copy = accel.CopyRowOp(matrix(8, 2, 6), INDEX, INDEX, local(8, 2, 4), INDEX)
    with pytest.raises(InterpretationError, match="lane 3 hangs over the end of 6 elements"):
        run(copy, integers(8, (2, 6)), 0, 3, new_buffer((2, 4)), 0)
