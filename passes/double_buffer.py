"""Load the next weight tile while the present one is used."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import engines_of
from vaqf.passes.engines.code import Code
from vaqf.passes.hardware import hardware_size
from vaqf.passes.roll_layers import index_value


@dataclass(frozen=True)
class Nest:
    """Two loops over tiles, around a load of the tile that their counters select."""

    outer: scf.ForOp
    """The loop over tiles of output channels."""

    inner: scf.ForOp
    """The loop over tiles of input channels."""

    load: accel.LoadOp
    """Reads one weight tile in `inner`."""

    use: scf.ForOp
    """The loop that works on that tile."""

    input_tiles: SSAValue
    """Tiles of one iteration of `outer`."""


def loop_of(value: SSAValue) -> scf.ForOp | None:
    """The loop whose induction variable a value is."""
    if isinstance(value, BlockArgument) and isinstance(loop := value.block.parent_op(), scf.ForOp):
        return loop if value.index == 0 else None
    return None


def counted_loop(value: SSAValue) -> scf.ForOp | None:
    """The loop whose iterations a value counts: its induction variable over its step."""
    if not isinstance(division := value.owner, arith.DivUIOp):
        return None
    loop = loop_of(division.lhs)
    same = loop is not None and index_value(loop.step) == index_value(division.rhs)
    return loop if same and loop is not None and index_value(loop.lb) == 0 else None


def nest_of(load: accel.LoadOp) -> Nest:
    """
    The loops around a load whose tiles they count one by one.

    Raises:
        PassFailedException: when the tile that comes next is not the one with the next number.
    """
    message = "does not read tiles one after the other, expected those of two nested loops"
    match [index.owner for index in load.indices]:
        case [arith.AddiOp(lhs=first, rhs=tile)]:
            pass
        case _:
            fail(load, message)
    inner = counted_loop(tile)
    match first.owner:
        case arith.MuliOp(lhs=row, rhs=count):
            outer = counted_loop(row)
        case _:
            fail(load, message)
    if inner is None or outer is None or inner.parent_op() is not outer:
        fail(load, message)
    match count.owner:
        case arith.CeilDivUIOp(lhs=size, rhs=step) as division if (
            size is inner.ub
            and index_value(step) == index_value(inner.step)
            and division.parent_op() is outer.parent_op()
        ):
            pass
        case _:
            fail(load, message)
    return Nest(outer, inner, load, use_of(load, inner), count)


def use_of(load: accel.LoadOp, inner: scf.ForOp) -> scf.ForOp:
    """
    The loop that works on what a load reads.

    Raises:
        PassFailedException: when it is not the one that follows the load and ends `inner`.
    """
    *_, use, _ = [None, *inner.body.block.ops]
    users = [each.operation for each in load.destination.uses if each.operation is not load]
    if (
        load.parent_op() is not inner
        or not isinstance(use, scf.ForOp)
        or any(
            not isinstance(user, accel.AccumulateOp) or user.parent_op() is not use
            for user in users
        )
    ):
        fail(load, "is not followed by the one loop that uses its tile, at the end of a loop")
    return use


def weight_loads(engine: FuncOp) -> list[accel.LoadOp]:
    """
    The loads of what an engine multiplies activations by.

    Raises:
        PassFailedException: when a load fills one of several tiles already, or there is not
            exactly one load of a tile.
    """
    loads: list[accel.LoadOp] = []
    for op in engine.walk():
        if not isinstance(op, accel.AccumulateOp):
            continue
        found = [use.operation for use in op.weight.uses if isinstance(use.operation, accel.LoadOp)]
        if any(load.slots for load in found):
            fail(found[0], "loads into one of several tiles already: double-buffer has run before")
        if len(found) != 1:
            fail(op, f"multiplies by a tile that {len(found)} ops load, expected one")
        if found[0] not in loads:
            loads += found
    return loads


def taken_from(block: Block) -> list[Operation]:
    """The ops of a block, ready to be put elsewhere."""
    ops = list(block.ops)
    for op in ops:
        op.detach()
    return ops


def use_pair(loop: scf.ForOp, single: SSAValue, pair: SSAValue, slot: SSAValue) -> None:
    """Let a loop work on the weight tile in one slot of a pair."""
    for op in list(loop.walk()):
        if isinstance(op, accel.AccumulateOp) and op.weight is single:
            new = accel.AccumulateOp(
                op.activation,
                op.token,
                op.channel,
                pair,
                op.sums,
                slot=(slot,),
                restart=op.restart,
                limit=op.limit,
                tokens=op.tokens.value.data,
            )
            new.location = op.location
            Rewriter.replace_op(op, new)


def double(engine: FuncOp, nest: Nest) -> None:
    """Rewrite one nest of loops."""
    load, number = nest.load, nest.load.indices[0]
    single = load.destination
    top, buffer = engine.body.block, single.owner
    if not isinstance(buffer, accel.BufferOp) or nest.outer.parent_op() is not engine:
        fail(load, "does not stand in two loops of an engine and fill a buffer of it")
    if buffer.partition is not None:
        fail(buffer, "is split already: run double-buffer before partition-arrays")
    code = Code(top, load.location)
    pair = code.buffer(single.name_hint or "weights", element_width(single), 2, *shape_of(single))

    before = Block()
    with code.inside(before):
        step = index_value(nest.outer.step)
        assert step is not None
        output_tiles = code.divided_up(nest.outer.ub, step, "output_tiles")
        tiles = code.product(output_tiles, nest.input_tiles, "weight_tiles")
        zero = code.constant(0)
        code.add(accel.LoadOp(load.source, (zero,), pair, (zero,)))
    top.insert_ops_before(taken_from(before), nest.outer)

    prefetch, compute, replacement = Block(), Block(), Block()
    with code.inside(replacement):
        slot = code.remainder(number, 2, "slot")
        following = code.plus(number, code.constant(1), "next_tile")
        other = code.remainder(following, 2, "other_slot")
        is_left = code.is_less(following, tiles, "is_left")
        with code.inside(prefetch), code.when(is_left):
            code.add(accel.LoadOp(load.source, (following,), pair, (other,)))
        nest.use.detach()
        compute.add_op(nest.use)
        use_pair(nest.use, single, pair, slot)
        concurrent = accel.ConcurrentOp([Region(prefetch), Region(compute)])
        concurrent.location = load.location
        replacement.add_op(concurrent)
    last = nest.inner.body.block.last_op
    assert last is not None
    nest.inner.body.block.insert_ops_before(taken_from(replacement), last)
    Rewriter.erase_op(load)
    Rewriter.erase_op(buffer)


@dataclass(frozen=True)
class DoubleBufferPass(ModulePass):
    """
    Give every matmul engine two weight tiles: one loads while the other is used.

    The first tile loads before the loops; in them, the load of the next tile and the loop over the
    tokens are the stages of an `accel.concurrent`.
    """

    name = "double-buffer"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        hardware_size(op, "lanes")
        nests = [
            (engine, nest_of(load)) for engine in engines_of(op) for load in weight_loads(engine)
        ]
        for engine, nest in nests:
            double(engine, nest)
