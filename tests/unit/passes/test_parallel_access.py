"""What tile ops need of memories in one cycle, against what they touch element by element."""

from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects import scf
from xdsl.ir import Operation, SSAValue

from tests.unit.passes.accel_ir import operations, parse
from vaqf.dialects import accel
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.shapes import shape_of
from vaqf.passes.array_uses import TILE_OPS, array_uses
from vaqf.passes.costs.latencies import UPDATE_LATENCY
from vaqf.passes.loop_dependence import dependences
from vaqf.passes.loop_nests import Nest
from vaqf.passes.parallel_access import (
    COMPLETE,
    PORTS,
    Access,
    Units,
    accesses,
    interval_of,
    lookup_of,
    own_interval,
    port_uses,
    words_of,
)

Element = tuple[SSAValue, tuple[int, ...]]


@given(st.integers(1, 100), st.integers(1, 64), st.integers(0, 50))
def test_no_run_of_channels_lies_in_more_words(channels: int, lanes: int, index: int):
    first = index * channels
    words = {channel // lanes for channel in range(first, first + channels)}
    assert len(words) <= words_of(channels, lanes)


@given(st.integers(1, 100), st.integers(1, 64))
def test_some_run_of_channels_lies_in_as_many_words(channels: int, lanes: int):
    runs = (range(first, first + channels) for first in range(0, channels * lanes, channels))
    assert words_of(channels, lanes) == max(
        len({channel // lanes for channel in run}) for run in runs
    )


def tile_ops(tokens: int, outputs: int, inputs: int, lanes: int, depth: int) -> str:
    """An engine with the tile ops that use several elements a cycle."""
    slots, keys = 3 * tokens, 3 * lanes
    return f"""
builtin.module {{
  func.func private @engine(%multiplier: i18, %x: memref<{slots}x64xi8, #accel.onchip>) {{
    %c0 = arith.constant 0 : index
    %tiles = accel.buffer : memref<2x{outputs}x{inputs}xi8, #accel.local>
    %weights = accel.slot %tiles[%c0] : memref<2x{outputs}x{inputs}xi8, #accel.local>
      -> memref<{outputs}x{inputs}xi8, #accel.local>
    %sums = accel.buffer : memref<{slots}x{outputs}xi20, #accel.local>
    %queries = accel.buffer : memref<{slots}x{depth}xi8, #accel.local>
    %keys = accel.buffer : memref<{keys}x{depth}xi8, #accel.local>
    %scores = accel.buffer : memref<{slots}x{keys}xi22, #accel.local>
    %maxima = accel.buffer : memref<{slots}xi22, #accel.local>
    %exponentials = accel.buffer : memref<{slots}x{keys}xi17, #accel.local>
    %totals = accel.buffer : memref<{slots}xi25, #accel.local>
    %octave = accel.buffer : memref<256xi17, #accel.local>
    %mixed = accel.buffer : memref<{slots}x{depth}xi24, #accel.local>
    accel.accumulate %x at %c0, %c0 weights %weights to %sums {{tokens = {tokens} : i64}}
      : memref<{slots}x64xi8, #accel.onchip>, memref<{outputs}x{inputs}xi8, #accel.local>,
        memref<{slots}x{outputs}xi20, #accel.local>
    accel.score %queries[%c0], %keys[%c0] to %scores, %maxima {{lanes = {lanes} : i64}}
      : memref<{slots}x{depth}xi8, #accel.local>, memref<{keys}x{depth}xi8, #accel.local>,
        memref<{slots}x{keys}xi22, #accel.local>, memref<{slots}xi22, #accel.local>
    accel.exponentiate %scores[%c0, %c0], %maxima, %octave, %multiplier
      to %exponentials, %totals {{lanes = {lanes} : i64, shift = 17 : i64}}
      : memref<{slots}x{keys}xi22, #accel.local>, memref<{slots}xi22, #accel.local>,
        memref<256xi17, #accel.local>, memref<{slots}x{keys}xi17, #accel.local>,
        memref<{slots}xi25, #accel.local>
    accel.mix %exponentials[%c0, %c0], %totals, %keys to %mixed
      {{bits = 8 : i64, lanes = {lanes} : i64, shift = 30 : i64}}
      : memref<{slots}x{keys}xi17, #accel.local>, memref<{slots}xi25, #accel.local>,
        memref<{keys}x{depth}xi8, #accel.local>, memref<{slots}x{depth}xi24, #accel.local>
    accel.copy_row %x[%c0, %c0] to %queries[%c0]
      : memref<{slots}x64xi8, #accel.onchip>, memref<{slots}x{depth}xi8, #accel.local>
    accel.fill %mixed[%c0] with 0 : memref<{slots}x{depth}xi24, #accel.local>
    accel.store_rescaled %mixed[%c0], %multiplier to %x[%c0, %c0] {{shift = 24 : i64}}
      : memref<{slots}x{depth}xi24, #accel.local>, memref<{slots}x64xi8, #accel.onchip>
    accel.add_row %x[%c0, %c0] to %mixed[%c0]
      : memref<{slots}x64xi8, #accel.onchip>, memref<{slots}x{depth}xi24, #accel.local>
    func.return
  }}
}}
"""


def touched(op: Operation, tile: int) -> Iterator[Element]:
    """The elements of arrays that an op uses in one cycle, when it works on tile `tile`."""

    def block(array: SSAValue, *ranges: range) -> Iterator[Element]:
        yield from ((array, index) for index in product(*ranges))

    row = range(tile, tile + 1)
    match op:
        case accel.AccumulateOp():
            tokens = op.tokens.value.data
            rows = range(tile * tokens, (tile + 1) * tokens)
            outputs, inputs = shape_of(op.weight)
            tiles, _ = array_behind(op.weight)
            yield from block(tiles, range(1), range(outputs), range(inputs))
            yield from block(op.sums, rows, range(outputs))
            # The lanes of a matrix are one word.
            yield from block(op.activation, rows, range(1))
        case accel.ScoreOp():
            lanes, depth = op.lanes.value.data, shape_of(op.keys)[1]
            keys = range(tile * lanes, (tile + 1) * lanes)
            yield from block(op.queries, row, range(depth))
            yield from block(op.keys, keys, range(depth))
            yield from block(op.scores, row, keys)
            yield from block(op.maxima, row)
        case accel.ExponentiateOp():
            lanes = op.lanes.value.data
            keys = range(tile * lanes, (tile + 1) * lanes)
            yield from block(op.scores, row, keys)
            yield from block(op.exponentials, row, keys)
            yield from block(op.maxima, row)
            yield from block(op.sums, row)
        case accel.MixOp():
            lanes, depth = op.lanes.value.data, shape_of(op.values)[1]
            keys = range(tile * lanes, (tile + 1) * lanes)
            yield from block(op.exponentials, row, keys)
            yield from block(op.values, keys, range(depth))
            yield from block(op.mixed, row, range(depth))
        case accel.CopyRowOp():
            yield from block(op.destination, row, range(shape_of(op.destination)[1]))
        case accel.FillOp():
            yield from block(op.buffer, row, range(shape_of(op.buffer)[1]))
        case accel.StoreRescaledOp():
            yield from block(op.values, row, range(shape_of(op.values)[1]))
        case accel.AddRowOp():
            yield from block(op.matrix, row, range(1))
            yield from block(op.sums, row, range(shape_of(op.sums)[1]))
        case _:
            return


def memory_of(element: Element, needed: list[Access]) -> tuple[SSAValue, tuple[int, ...]]:
    """The memory that an element lies in, when an array is split as accesses need it."""
    array, index = element
    factors = {each.dimension: each.factor for each in needed if each.buffer is array}
    return array, tuple(
        place if factors.get(dimension, 1) == COMPLETE else place % factors.get(dimension, 1)
        for dimension, place in enumerate(index)
    )


@given(
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(1, 6),
    st.integers(0, 2),
)
def test_no_memory_is_asked_for_two_elements_in_a_cycle(
    tokens: int, outputs: int, inputs: int, lanes: int, depth: int, tile: int
):
    module = parse(tile_ops(tokens, outputs, inputs, lanes, depth))
    checked = 0
    for op in module.walk():
        needed = list(accesses(op))
        memories = Counter(memory_of(element, needed) for element in touched(op, tile))
        assert max(memories.values(), default=1) == 1
        checked += len(memories) > 0
    assert checked == 8


@given(st.integers(1, 20), st.integers(1, 8), st.integers(0, 5), st.sampled_from([True, False]))
def test_pixels_of_a_patch_lie_in_different_memories(
    lanes: int, width: int, index: int, colours_first: bool
):
    """Each memory gives a pixel a cycle through each port, so that the loop's interval suffices."""
    size, order = 2 * width, "colours_first" if colours_first else "colours_last"
    (gather,) = operations(
        parse(
            f"""
builtin.module {{
  func.func private @engine(%x: memref<4x{3 * width * width}xi8, #accel.onchip>) {{
    %c0 = arith.constant 0 : index
    %pixels = accel.buffer : memref<3x{size}x{size}xi8, #accel.local>
    accel.gather_patch %pixels to %x[%c0, %c0]
      {{lanes = {lanes} : i64, patch = array<i64: {width}, {width}>, order = "{order}"}}
      : memref<3x{size}x{size}xi8, #accel.local>, memref<4x{3 * width * width}xi8, #accel.onchip>
    func.return
  }}
}}"""
        ),
        "accel.gather_patch",
    )
    needed = [(each.dimension, each.factor) for each in accesses(gather)]
    pixels = range(index * lanes, (index + 1) * lanes)
    if colours_first:
        assert needed == [(2, width)]
        memories = Counter(pixel % width for pixel in pixels)
    else:
        assert needed == [(2, width), (0, COMPLETE)]
        memories = Counter((pixel % 3, pixel // 3 % width) for pixel in pixels)
    assert max(memories.values()) <= PORTS * own_interval(gather, Units(1, 1)).cycles


def loop_around(body: str, *, step: str = "%c1", lanes: int = 4) -> scf.ForOp:
    """A loop over tokens around some ops, on arrays of 24 rows."""
    module = parse(
        f"""
builtin.module {{
  func.func private @engine(
    %x: memref<24x{4 * lanes}xi8, #accel.onchip>, %epilogue: index, %tokens: index
  ) {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<24x4xi20, #accel.local>
    %scaled = accel.buffer : memref<{4 * lanes}xi49, #accel.local>
    scf.for %token = %c0 to %tokens step {step} {{
{body}
    }}
    func.return
  }}
}}"""
    )
    (loop,) = operations(module, "scf.for")
    assert isinstance(loop, scf.ForOp)
    return loop


STORE = """
      accel.store_rounded %scaled to %x[%token, %c0] {shift = 15 : i64}
        : memref<16xi49, #accel.local>, memref<24x16xi8, #accel.onchip>"""

ADD = STORE.replace("store", "add")


def interval(loop: scf.ForOp, *, vector_lanes: int) -> int:
    return interval_of(loop, Units(vector_lanes, word_lanes=4)).cycles


@pytest.mark.parametrize(
    ("vector_lanes", "cycles"), [(1, 16), (3, 6), (4, 4), (8, 2), (16, 2), (64, 2)]
)
def test_interval_is_bound_by_lanes_then_by_ports(vector_lanes: int, cycles: int):
    """Four words of a row are written through two ports."""
    assert interval(loop_around(STORE), vector_lanes=vector_lanes) == cycles


def test_words_that_are_updated_need_two_ports_each():
    assert interval(loop_around(ADD), vector_lanes=64) == 4


def test_of_alternatives_the_largest_counts():
    body = f"""
      scf.index_switch %epilogue
      case 0 {{{STORE}
        scf.yield
      }}
      default {{{ADD}
        scf.yield
      }}"""
    loop = loop_around(body)
    assert sorted(port_uses(loop.body.block, 4).values()) == [8]
    assert interval(loop, vector_lanes=64) == 4
    assert interval(loop_around(body + STORE), vector_lanes=64) == 6


def test_loop_without_vector_units_starts_every_cycle():
    assert (
        interval(loop_around("      %next = arith.addi %token, %c1 : index"), vector_lanes=1) == 1
    )


@given(
    factor=st.sampled_from([1, 2, 3, 4]),
    offset=st.sampled_from([0, 1, 4]),
    step=st.sampled_from([1, 2, 3, 4]),
    rows=st.sampled_from([1, 2, 3, 4]),
)
def test_iterations_wait_for_the_rows_that_earlier_ones_write(
    factor: int, offset: int, step: int, rows: int
):
    loop = loop_around(
        f"""
      %product = arith.muli %token, %c{factor} : index
      %row = arith.addi %c{offset}, %product : index
      accel.accumulate %x at %row, %c0 weights %weights to %sums {{tokens = {rows} : i64}}
        : memref<24x16xi8, #accel.onchip>, memref<4x4xi8, #accel.local>,
          memref<24x4xi20, #accel.local>""",
        step=f"%c{step}",
    )
    first: dict[int, int] = {}
    distances: list[int] = []
    for number, token in enumerate(range(0, 8 * step, step)):
        for row in range(factor * token + offset, factor * token + offset + rows):
            if row in first:
                distances.append(number - first[row])
            first[row] = number
    found = dependences(Nest((loop,)), [{}])
    nearest = min(distances, default=None)
    assert [each.distance for each in found.found] == ([] if nearest is None else [nearest])
    assert found.interval == (1 if nearest is None else -(-UPDATE_LATENCY // nearest))


def test_every_tile_op_says_what_it_uses():
    """An op that is forgotten would look as if it touched nothing."""
    module = parse(tile_ops(2, 3, 4, 5, 6))
    for op in module.walk():
        if isinstance(op, TILE_OPS):
            arrays = {operand for operand in op.operands if str(operand.type).startswith("memref")}
            assert {use.array for use in array_uses(op)} == arrays


def test_lookups():
    module = parse(tile_ops(2, 3, 4, 5, 6))
    lookups = [(op, lookup_of(op)) for op in module.walk()]
    found = [(op.name, each.entries) for op, each in lookups if each is not None]
    assert found == [("accel.exponentiate", 5)]
