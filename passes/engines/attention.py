"""The attention engine."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from xdsl.ir import Block, Region, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.quant.activations import EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import IntType, UnsignedType, accumulator_type
from vaqf.dialects.quant.widths import SoftmaxWidths
from vaqf.dialects.shapes import shape_of
from vaqf.passes.engines.code import Code
from vaqf.passes.engines.tiling import Tiling, rounded_up
from vaqf.passes.index_values import index_value

SCORE, EXPONENTIATE, RECIPROCAL, MIX = range(4)
"""How many units a step is behind the first one."""


@dataclass(frozen=True)
class Sizes:
    """What the loops of the engine count."""

    tokens: int

    heads: int
    """The most heads of a call."""

    query_tile: int
    """Queries of a unit of work."""

    lanes: int
    """Keys of one cycle."""

    @property
    def query_tiles(self) -> int:
        """Units of a head."""
        return rounded_up(self.tokens, self.query_tile) // self.query_tile

    @property
    def key_tiles(self) -> int:
        """Cycles that a query takes."""
        return rounded_up(self.tokens, self.lanes) // self.lanes

    def units(self, heads: int) -> int:
        """Units of some heads."""
        return heads * self.query_tiles

    def heads_kept(self, lag: int) -> int:
        """Heads whose copies a step needs that is `lag` units behind, while the next is copied."""
        return min(self.heads, 2 + rounded_up(lag, self.query_tiles) // self.query_tiles)


@dataclass(frozen=True)
class Iteration:
    """What the nest of loops counts."""

    code: Code
    sizes: Sizes

    units: SSAValue
    """Units of all heads of the call."""

    unit: SSAValue
    key_tile: SSAValue
    query: SSAValue
    key: SSAValue
    """First key of the lanes."""

    is_first: SSAValue
    """Whether these are the first keys of a query."""

    @contextmanager
    def step(self, lag: int) -> Generator[Unit]:
        """Work on the unit that is `lag` behind, where there is one and the query is a token."""
        code, sizes = self.code, self.sizes
        with code.behind(self.unit, lag, self.units, MIX) as unit:
            head = code.divided(unit, sizes.query_tiles, f"head_{lag}")
            tile = code.remainder(unit, sizes.query_tiles, f"query_tile_{lag}")
            first = code.times(tile, sizes.query_tile, f"first_query_{lag}")
            row = code.plus(first, self.query, f"row_{lag}")
            work = Unit(code, unit, head, tile, row)
            if sizes.tokens % sizes.query_tile == 0:
                yield work
                return
            with code.when(code.is_less(row, code.constant(sizes.tokens), f"is_token_{lag}")):
                yield work


@dataclass(frozen=True)
class Unit:
    """The queries of one head that a step works on."""

    code: Code
    number: SSAValue
    head: SSAValue
    tile: SSAValue
    row: SSAValue
    """The token of the present query."""

    def slot(self, arrays: SSAValue, index: SSAValue) -> SSAValue:
        """The one of several equal arrays whose turn it is."""
        count, name = shape_of(arrays)[0], arrays.name_hint or "array"
        if count == 1:
            return self.code.slot(arrays, self.code.constant(0), f"{name}_now")
        turn = self.code.remainder(index, count, f"turn_of_{name}")
        return self.code.slot(arrays, turn, f"{name}_now")

    def of_unit(self, arrays: SSAValue) -> SSAValue:
        """The array that belongs to the unit."""
        return self.slot(arrays, self.number)

    def of_head(self, arrays: SSAValue) -> SSAValue:
        """The array that belongs to the head."""
        return self.slot(arrays, self.head)


def expand_attention(
    code: Code, layer: accel.AttentionOp, tiling: Tiling, *, heads: Sequence[int]
) -> None:
    """
    Write the attention engine: one pipeline in which all steps of attention run side by side.

    A unit of work is some queries of one head against all keys. While the scores of one unit are
    computed, those of the unit before become exponentials, the sums before that reciprocals, and
    the unit before that mixes the values; and the keys, values and queries of the next head are
    copied. Keys change after all queries of a unit have passed, so that what belongs to a query is
    needed again only after that of all the others.

    Args:
        code: where to write.
        layer: the layer that it replaces.
        tiling: keys of one cycle, queries of a unit.
        heads: how many heads the engine's layers compute.
    """
    lanes, query_tile = tiling.keys, tiling.queries
    tokens, channels = shape_of(layer.query)
    sizes = Sizes(tokens, max(heads), query_tile, lanes)
    arrays = Arrays.of(code, layer, sizes)
    table = code.buffer("octave", element_width(layer.exponentials), *shape_of(layer.exponentials))
    count = code.constant(tokens)
    limit = count if tokens % lanes else None
    depth = channels // layer.heads.value.data
    first_channel = code.constant(0)
    if layer.first_head is not None:
        first_channel = code.times(layer.first_head, depth, "first_channel")
    loading, copying = Block(), Block()
    with code.inside(loading):
        code.add(accel.LoadOp(layer.exponentials, (), table))
    with code.inside(copying):
        if limit is not None:
            arrays.fill(code, sizes, 1 if element_width(layer.query) == 1 else 0)
        with code.loop("token", count) as token:
            query_tile_number = code.divided(token, query_tile, "query_tile")
            query = code.remainder(token, query_tile, "query")
            first = Unit(code, code.constant(0), code.constant(0), query_tile_number, token)
            arrays.copy(layer, first, query_tile_number, query, first_channel)
    code.add(accel.ConcurrentOp([Region(loading), Region(copying)]))
    units = code.constant(sizes.units(sizes.heads))
    if layer.head_count is not None:
        units = code.times(layer.head_count, sizes.query_tiles, "units")
    end = code.plus(units, code.constant(MIX), "end")
    with (
        code.loop("unit", end) as unit,
        code.loop("key_tile", code.constant(sizes.key_tiles)) as key_tile,
        code.loop("query", code.constant(query_tile)) as query,
    ):
        key = code.times(key_tile, lanes, "key")
        is_first = code.is_equal(key_tile, 0, "is_first")
        now = Iteration(code, sizes, units, unit, key_tile, query, key, is_first)
        copy_next_head(now, layer, arrays, first_channel, depth)
        with now.step(SCORE) as work:
            code.add(
                accel.ScoreOp(
                    code.slot(work.of_head(arrays.queries), work.tile, "queries_of_tile"),
                    query,
                    work.of_head(arrays.keys),
                    key,
                    work.of_unit(arrays.scores),
                    work.of_unit(arrays.maxima),
                    restart=is_first,
                    limit=limit,
                    lanes=lanes,
                )
            )
        with now.step(EXPONENTIATE) as work:
            code.add(
                accel.ExponentiateOp(
                    work.of_unit(arrays.scores),
                    query,
                    key,
                    work.of_unit(arrays.maxima),
                    table,
                    layer.softmax_multiplier,
                    work.of_unit(arrays.exponentials),
                    work.of_unit(arrays.sums),
                    restart=is_first,
                    limit=limit,
                    lanes=lanes,
                    shift=layer.softmax_shift.value.data,
                )
            )
        with now.step(RECIPROCAL) as work, code.when(is_first):
            code.add(
                accel.ReciprocalOp(
                    work.of_unit(arrays.sums),
                    work.of_unit(arrays.inverses),
                    query,
                    arrays.softmax.dividend_shift,
                    layer.probability_multiplier,
                )
            )
        with now.step(MIX) as work:
            code.add(
                accel.MixOp(
                    work.of_unit(arrays.exponentials),
                    query,
                    key,
                    work.of_unit(arrays.inverses),
                    work.of_head(arrays.values),
                    arrays.mixed,
                    restart=is_first,
                    limit=limit,
                    lanes=lanes,
                    bits=layer.probability_bits.value.data,
                    shift=arrays.softmax.result_shift,
                    packed=tiling.pack_values,
                )
            )
            is_last = code.is_equal(key_tile, sizes.key_tiles - 1, "is_last")
            with code.when(is_last):
                code.add(
                    accel.StoreRescaledOp(
                        arrays.mixed,
                        query,
                        layer.value_multiplier,
                        layer.result,
                        work.row,
                        channel_of(code, work.head, depth, first_channel, "channel"),
                        layer.value_shift.value.data,
                        layer.bits if element_width(layer.result) > 1 else None,
                    )
                )


def channel_of(
    code: Code, head: SSAValue, depth: int, first_channel: SSAValue, name: str
) -> SSAValue:
    """The first channel of a head, counted from the first head of the call."""
    if index_value(first_channel) == 0:
        return code.times(head, depth, name)
    return code.plus(code.times(head, depth, "channels_before"), first_channel, name)


@dataclass(frozen=True)
class Arrays:
    """What the engine keeps; the first dimension takes turns, by head or by unit."""

    softmax: SoftmaxWidths
    queries: SSAValue
    keys: SSAValue
    values: SSAValue
    scores: SSAValue
    maxima: SSAValue
    exponentials: SSAValue
    sums: SSAValue
    inverses: SSAValue
    mixed: SSAValue

    @staticmethod
    def of(code: Code, layer: accel.AttentionOp, sizes: Sizes) -> Arrays:
        """The arrays for a layer."""
        tokens, channels = shape_of(layer.query)
        depth = channels // layer.heads.value.data
        slots = sizes.key_tiles * sizes.lanes
        bits, width = layer.probability_bits.value.data, element_width(layer.query)
        activation = IntType(width, 1.0)
        score_bits = accumulator_type(depth, activation, activation).width.data
        mixed_bits = accumulator_type(tokens, UnsignedType(bits, 1.0), activation).width.data
        shift = layer.probability_shift
        softmax = SoftmaxWidths(tokens, bits, None if shift is None else shift.value.data)
        queries, turns = sizes.query_tile, EXPONENTIATE - SCORE + 1
        copies, late = sizes.heads_kept(SCORE), sizes.heads_kept(MIX)
        exponential_bits, exponential_turns = EXPONENTIAL_FRACTION_BITS + 2, MIX - EXPONENTIATE + 1
        return Arrays(
            softmax,
            code.buffer("queries", width, copies, sizes.query_tiles, queries, depth),
            code.buffer("keys", width, copies, slots, depth),
            code.buffer("values", width, late, slots, depth),
            code.buffer("scores", score_bits, turns, queries, slots),
            code.buffer("maxima", score_bits, turns, queries),
            code.buffer("exponential_rows", exponential_bits, exponential_turns, queries, slots),
            code.buffer("sums", softmax.sum_bits + 1, turns, queries),
            code.buffer("inverses", softmax.inverse_bits + 1, turns, queries),
            code.buffer("mixed", mixed_bits, queries, depth),
        )

    def fill(self, code: Code, sizes: Sizes, value: int) -> None:
        """Let what no token writes be a number: it is multiplied by probabilities of zero."""
        hanging_over = sizes.key_tiles * sizes.lanes - sizes.tokens
        for array in (self.keys, self.values):
            with (
                code.loop("head", code.constant(shape_of(array)[0])) as head,
                code.loop("slot", code.constant(hanging_over)) as slot,
            ):
                row = code.plus(code.constant(sizes.tokens), slot, "row")
                code.add(accel.FillOp(code.slot(array, head, "filled"), (row,), value))

    def copy(
        self,
        layer: accel.AttentionOp,
        unit: Unit,
        tile: SSAValue,
        query: SSAValue,
        channel: SSAValue,
    ) -> None:
        """Copy what a head has of one token."""
        code = unit.code
        queries = code.slot(unit.of_head(self.queries), tile, "queries_of_tile")
        keys, values = unit.of_head(self.keys), unit.of_head(self.values)
        code.add(accel.CopyRowOp(layer.query, unit.row, channel, queries, query))
        code.add(accel.CopyRowOp(layer.key, unit.row, channel, keys, unit.row))
        code.add(accel.CopyRowOp(layer.value, unit.row, channel, values, unit.row))


def copy_next_head(
    now: Iteration,
    layer: accel.AttentionOp,
    arrays: Arrays,
    first_channel: SSAValue,
    depth: int,
) -> None:
    """Copy one token of the next head in each of the first iterations of a head."""
    code, sizes = now.code, now.sizes
    if sizes.heads == 1:
        return
    last = code.minus(now.units, sizes.query_tiles, "last_head")
    with code.when(code.is_less(now.unit, last, "has_next")):
        head = code.divided(now.unit, sizes.query_tiles, "head")
        tile = code.remainder(now.unit, sizes.query_tiles, "query_tile")
        before = code.times(tile, sizes.key_tiles, "blocks_before")
        block = code.plus(before, now.key_tile, "block")
        first = code.times(block, sizes.query_tile, "first_token")
        token = code.plus(first, now.query, "token")
        with code.when(code.is_less(token, code.constant(sizes.tokens), "is_token")):
            following = code.plus(head, code.constant(1), "next_head")
            channel = channel_of(code, following, depth, first_channel, "next_channel")
            unit = Unit(code, now.unit, following, block, token)
            arrays.copy(layer, unit, block, now.query, channel)
