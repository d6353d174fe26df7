"""What tile ops do in one cycle: how often they can start, and how many elements they need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import ceil, gcd, prod

from xdsl.dialects import scf
from xdsl.ir import Block, Operation, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP, element_width
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.quant.activations import MAXIMUM_GELU_SEGMENTS
from vaqf.dialects.shapes import is_memref, shape_of
from vaqf.dialects.vit.patches import COLOURS_FIRST, COLOURS_LAST
from vaqf.passes.array_uses import array_uses

COMPLETE = 0
"""Every element of a dimension in one cycle."""

PORTS = 2
"""Accesses of a memory in one cycle."""


MOST_REGISTERS = 128
"""Elements of an array that is made of registers, at most."""


@dataclass(frozen=True)
class Access:
    """One dimension of an array of which several elements are used in one cycle."""

    buffer: SSAValue
    """The array."""

    dimension: int
    """Which dimension."""

    factor: int
    """How many neighbouring elements, or `COMPLETE`."""

    reason: str
    """What is done with them."""


@dataclass(frozen=True)
class Lookup:
    """Entries of a table that one execution of an op reads, anywhere in it."""

    table: SSAValue
    """The array."""

    entries: int
    """How many."""


@dataclass(frozen=True)
class Units:
    """The hardware that all iterations of a loop share."""

    vector_lanes: int
    """Elements that a vector unit takes in one cycle."""

    word_lanes: int
    """Channels in a word of a matrix of activations."""


@dataclass(frozen=True)
class Interval:
    """Cycles between two iterations of a pipelined loop, and what takes them."""

    cycles: int
    reason: str


def partition_factors(buffer: accel.BufferOp) -> dict[int, int]:
    """For each dimension that is split, into how many memories; 0 for one an element."""
    return {each.dimension.data: each.factor.data for each in buffer.partition or ()}


def lanes_of(op: Operation) -> int:
    """How many lanes an op of a vector unit works on; 1 for other ops."""
    match op:
        case accel.ScaleOp() | accel.NormalizeOp():
            return shape_of(op.scaled)[0]
        case accel.StoreRoundedOp() | accel.StoreLookupOp() | accel.AddRoundedOp():
            return shape_of(op.scaled)[0]
        case accel.StoreRescaledOp():
            return shape_of(op.values)[1]
        case accel.AddMomentsOp():
            return op.lanes.value.data
        case _:
            return 1


def channels_of(op: Operation) -> int:
    """How many neighbouring channels of a matrix an op uses; it uses them in such steps."""
    match op:
        case accel.AccumulateOp():
            return shape_of(op.weight)[-1]
        case accel.CopyRowOp():
            return shape_of(op.destination)[1]
        case accel.GatherPatchOp():
            return op.lanes.value.data
        case accel.AddRowOp():
            return shape_of(op.sums)[1]
        case _:
            return lanes_of(op)


def words_of(channels: int, word_lanes: int) -> int:
    """
    Words that neighbouring channels of a matrix lie in at most.

    Args:
        channels: how many; the first one is a multiple of that.
        word_lanes: channels of a word.
    """
    return ceil((word_lanes - gcd(channels, word_lanes) + channels) / word_lanes)


def own_interval(op: Operation, units: Units) -> Interval:
    """Cycles between two executions of an op, as far as its arithmetic is concerned."""
    match op:
        case accel.GatherPatchOp():
            lanes, width = op.lanes.value.data, op.patch.get_values()[1]
            # Neighbours of a row lie in different memories, and all ports only read.
            if op.order.data == COLOURS_FIRST:
                return Interval(
                    ceil(ceil(lanes / width) / PORTS),
                    f"{lanes} pixels are collected, {PORTS * width} of them in a cycle",
                )
            # The first of the places need not have all of its colours in the lanes.
            colours = shape_of(op.image)[0]
            places = 1 + ceil((lanes - 1) / colours)
            return Interval(
                ceil(ceil(places / width) / PORTS),
                f"{lanes} pixels are collected, all colours of {PORTS * width} places in a cycle",
            )
        case accel.StoreRescaledOp():
            return Interval(1, "a row is requantized at once")
        case _:
            lanes = lanes_of(op)
            return Interval(
                ceil(lanes / units.vector_lanes),
                f"{lanes} channels pass through {units.vector_lanes} lanes",
            )


def port_uses(
    block: Block, word_lanes: int, before: Collection[tuple[SSAValue, SSAValue]] = ()
) -> Counter[SSAValue]:
    """
    Accesses of each memory in one iteration, of which a port can do one a cycle.

    What an op needs of several memories at once is not counted: arrays are split to suit.

    Args:
        block: what an iteration does.
        word_lanes: channels in a word of a matrix.
        before: arrays and rows of them that the iteration has written before.
    """
    total: Counter[SSAValue] = Counter()
    written = set(before)
    for op in block.ops:
        for use in array_uses(op):
            if use.row is not None and not is_registers(array_behind(use.array)[0]):
                if use.reads and (use.array, use.row) in written:
                    continue  # What the iteration has just written is passed on.
                if use.writes:
                    written.add((use.array, use.row))
                words = words_of(channels_of(op), word_lanes) if is_matrix(use.array) else 1
                total[array_behind(use.array)[0]] += (use.reads + use.writes) * words
        # Of alternatives, one takes place: that which needs most.
        alternatives: Counter[SSAValue] = Counter()
        for region in op.regions:
            for inner in region.blocks:
                alternatives |= port_uses(inner, word_lanes, written)
        total += alternatives
    return total


def is_registers(array: SSAValue) -> bool:
    """Whether an array is made of registers: it has few numbers, which are used one by one."""
    slots = [use.operation for use in array.uses if isinstance(use.operation, accel.SlotOp)]
    return (
        isinstance(array.owner, accel.BufferOp)
        and prod(shape_of(array)) <= MOST_REGISTERS
        and bool(slots)
        and all(len(shape_of(each.result)) == 1 for each in slots)
    )


def is_matrix(array: SSAValue) -> bool:
    """Whether an array is a matrix of activations."""
    return is_memref(array.type) and array.type.memory_space == ONCHIP


def interval_of(loop: scf.ForOp, units: Units) -> Interval:
    """
    Cycles between two iterations of an innermost loop, and what takes most of them.

    Dependences are not considered: see `loop_dependence`.
    """
    found = [own_interval(op, units) for op in loop.body.walk()]
    for array, count in port_uses(loop.body.block, units.word_lanes).items():
        name = array.name_hint or "an array"
        found.append(
            Interval(ceil(count / PORTS), f"{count} words of {name} pass through {PORTS} ports")
        )
    return max(found, key=lambda each: each.cycles)


def accesses(op: Operation) -> Iterator[Access]:
    """The dimensions of local arrays and matrices of which an op uses several elements a cycle."""
    for each in _accesses(op):
        array, slots = array_behind(each.buffer)
        yield replace(each, buffer=array, dimension=slots + each.dimension)


def takes_turns(op: accel.SlotOp) -> bool:
    """Whether a slot is for one stage while another stage uses another one."""
    parent = op.parent_op()
    while parent is not None and not isinstance(parent, accel.ConcurrentOp):
        parent = parent.parent_op()
    if parent is None:
        return False
    owner = op.index.owner
    return isinstance(owner, Operation) and not parent.is_ancestor(owner)


def _accesses(op: Operation) -> Iterator[Access]:
    match op:
        case accel.SlotOp() if takes_turns(op):
            yield Access(op.buffer, 0, COMPLETE, "one is filled while the other is used")
        case accel.SlotOp() if is_registers(op.buffer):
            for dimension in (0, 1):
                yield Access(op.buffer, dimension, COMPLETE, "single numbers are registers")
        case accel.FillOp():
            rank, name = len(shape_of(op.buffer)), op.buffer.name_hint or "an array"
            for dimension in range(len(op.indices), rank):
                yield Access(op.buffer, dimension, COMPLETE, f"a row of {name} is filled at once")
        case accel.AccumulateOp():
            tokens = op.tokens.value.data
            outputs, inputs = shape_of(op.weight)[-2:]
            yield Access(op.activation, 0, tokens, f"{tokens} tokens are read in one cycle")
            reason = f"{tokens} x {inputs} activations meet {outputs} x {inputs} weights"
            for dimension in (0, 1):
                yield Access(op.weight, dimension, COMPLETE, reason)
            yield Access(op.sums, 0, tokens, f"{tokens} tokens are summed in one cycle")
            yield Access(op.sums, 1, COMPLETE, f"{outputs} output channels are summed in one cycle")
        case accel.ScaleOp():
            lanes = lanes_of(op)
            for buffer in (op.multipliers, op.offsets, op.scaled):
                yield Access(buffer, 0, COMPLETE, f"{lanes} channels are requantized together")
            yield Access(op.sums, 1, COMPLETE, f"{lanes} channels are requantized together")
        case accel.NormalizeOp():
            lanes = lanes_of(op)
            for buffer in (op.multipliers, op.offsets, op.scaled):
                yield Access(buffer, 0, COMPLETE, f"{lanes} channels are normalized together")
        case accel.StoreRescaledOp():
            yield Access(op.values, 1, COMPLETE, "a row is requantized together")
        case accel.GatherPatchOp():
            width = op.patch.get_values()[1]
            yield Access(op.image, 2, width, f"{width} pixels of a row of a patch are read at once")
            if op.order.data == COLOURS_LAST:
                yield Access(op.image, 0, COMPLETE, "all colours of a pixel are read at once")
        case accel.CopyRowOp():
            yield Access(op.destination, 1, COMPLETE, "a row is copied at once")
        case accel.AddRowOp():
            reason = f"{shape_of(op.sums)[1]} channels are summed in one cycle"
            yield Access(op.sums, 1, COMPLETE, reason)
        case accel.ScoreOp():
            lanes = op.lanes.value.data
            depth = shape_of(op.queries)[1]
            yield Access(op.queries, 1, COMPLETE, f"{depth} channels are multiplied in one cycle")
            yield Access(op.keys, 0, lanes, f"{lanes} keys are compared in one cycle")
            yield Access(op.keys, 1, COMPLETE, f"{depth} channels are multiplied in one cycle")
            yield Access(op.scores, 1, lanes, f"{lanes} scores are written in one cycle")
        case accel.ExponentiateOp():
            lanes = op.lanes.value.data
            yield Access(op.scores, 1, lanes, f"{lanes} scores are read in one cycle")
            yield Access(
                op.exponentials, 1, lanes, f"{lanes} exponentials are written in one cycle"
            )
        case accel.MixOp():
            lanes = op.lanes.value.data
            depth = shape_of(op.values)[1]
            yield Access(op.exponentials, 1, lanes, f"{lanes} exponentials are read in one cycle")
            yield Access(op.values, 0, lanes, f"{lanes} values are mixed in one cycle")
            yield Access(op.values, 1, COMPLETE, f"{depth} channels are mixed in one cycle")
            yield Access(op.mixed, 1, COMPLETE, f"{depth} channels are mixed in one cycle")
        case _:
            return


def lookup_of(op: Operation) -> Lookup | None:
    """What an op looks up in a table; None when it does not."""
    match op:
        case accel.StoreLookupOp():
            # Above 10 bits two entries are interpolated.
            entries = 1 if 1 << element_width(op.matrix) <= MAXIMUM_GELU_SEGMENTS else 2
            return Lookup(array_behind(op.table)[0], lanes_of(op) * entries)
        case accel.ExponentiateOp():
            return Lookup(array_behind(op.table)[0], op.lanes.value.data)
        case _:
            return None
