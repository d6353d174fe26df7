"""Split arrays over memories, so that one cycle finds all that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, lcm, prod

from xdsl.context import Context
from xdsl.dialects import memref, scf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, ModuleOp, UnitAttr, i64
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.disjoint_set import DisjointSet
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import LOCAL, ONCHIP, element_width
from vaqf.dialects.accel.schedule import PIPELINE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.costs.memories import in_ultra_rams
from vaqf.passes.hardware import hardware_size
from vaqf.passes.matrix_layout import Layout
from vaqf.passes.parallel_access import (
    COMPLETE,
    PORTS,
    Access,
    accesses,
    is_matrix,
    is_registers,
    lookup_of,
)
from vaqf.passes.statistics import Statistic

MAXIMUM_MEMORIES = 4096
"""Memories or registers that HLS tools split an array into at most."""


def buffer_behind(value: SSAValue) -> SSAValue:
    """The buffer that a call passes."""
    while True:
        match value.owner:
            case memref.CastOp(source=source):
                value = source
            case accel.ReuseOp(storage=storage):
                value = storage
            case _:
                return value


def interval_around(op: Operation) -> int:
    """
    Cycles between two executions of a tile op.

    Raises:
        PassFailedException: when its loop is not pipelined.
    """
    loop = op.parent_op()
    while loop is not None and not isinstance(loop, scf.ForOp):
        loop = loop.parent_op()
    if loop is None:
        return 1
    attribute = loop.attributes.get(PIPELINE_ATTRIBUTE)
    if not isinstance(attribute, accel.PipelineAttr):
        fail(loop, f"has no '{PIPELINE_ATTRIBUTE}': run pipeline-loops first")
    return attribute.interval.data


class Needs:
    """What all accesses need of all arrays."""

    def __init__(self) -> None:
        self.alike = DisjointSet[SSAValue]()
        self.known: set[SSAValue] = set()
        self.accesses: list[Access] = []
        self.lookups: dict[SSAValue, int] = {}

    def representative(self, array: SSAValue) -> SSAValue:
        """One of the arrays that are split like `array`."""
        if array not in self.known:
            self.known.add(array)
            self.alike.add(array)
        return self.alike.find(array)

    def join(self, one: SSAValue, other: SSAValue) -> None:
        """Split two arrays alike."""
        self.alike.union(self.representative(one), self.representative(other))

    def partition(self, buffer: accel.BufferOp) -> list[accel.PartitionAttr]:
        """
        How a buffer is split.

        Raises:
            PassFailedException: when that is not possible.
        """
        wanted = self.representative(buffer.buffer)
        factors: dict[int, dict[int, str]] = {}
        for each in self.accesses:
            if self.representative(each.buffer) is wanted and each.factor != 1:
                factors.setdefault(each.dimension, {}).setdefault(each.factor, each.reason)
        return [
            merged(buffer, dimension, reasons) for dimension, reasons in sorted(factors.items())
        ]


def merged(buffer: accel.BufferOp, dimension: int, factors: dict[int, str]) -> accel.PartitionAttr:
    """
    The partition of one dimension that serves all accesses.

    Raises:
        PassFailedException: when an access would not know which memories it meets.
    """
    if COMPLETE in factors:
        return accel.PartitionAttr(dimension, COMPLETE, factors[COMPLETE])
    total = lcm(*factors)
    for factor in factors:
        # Which memory an element lies in is only known when they are dealt as they are used.
        if factor not in (total, *range(PORTS + 1)):
            fail(
                buffer,
                f"'{buffer.buffer.name_hint}' is split for accesses that do not fit each other: "
                f"{'; '.join(factors.values())}; expected equal numbers, or at most {PORTS}",
            )
    return accel.PartitionAttr(dimension, total, factors.get(total) or "; ".join(factors.values()))


def is_word_array(buffer: accel.BufferOp, partition: list[accel.PartitionAttr]) -> bool:
    """
    Whether the last dimension of an array is one word of memory: all of it is used at once, and no
    burst brings a part of it.
    """
    array = buffer.buffer
    last = len(shape_of(array)) - 1
    return (
        array.type.memory_space == LOCAL
        and last > 0
        and element_width(array) > 1
        and not is_registers(array)
        and not is_loaded(array)
        and any(each.dimension.data == last and each.factor.data == COMPLETE for each in partition)
    )


def is_loaded(array: SSAValue) -> bool:
    """Whether a burst fills an array, or a slot of it."""
    return any(
        is_loaded(use.operation.result)
        if isinstance(use.operation, accel.SlotOp)
        else isinstance(use.operation, accel.LoadOp)
        for use in array.uses
    )


def check_memories(buffer: accel.BufferOp, partition: list[accel.PartitionAttr]) -> None:
    """
    Check that an array is not split over more memories than tools can make.

    Raises:
        PassFailedException: with the number of memories.
    """
    shape = shape_of(buffer.buffer)
    # A row of bits is one register.
    dimensions = range(len(shape) - 1 if element_width(buffer.buffer) == 1 else len(shape))
    factors = {each.dimension.data: each.factor.data for each in partition}
    count = prod(factors.get(dimension, 1) or shape[dimension] for dimension in dimensions)
    if count > MAXIMUM_MEMORIES:
        fail(
            buffer,
            f"'{buffer.buffer.name_hint}' needs {count} memories, at most {MAXIMUM_MEMORIES} are "
            "possible: choose smaller tiles in tile-engines",
        )


@dataclass(frozen=True)
class PartitionArraysPass(ModulePass):
    """
    Say of every buffer how it is split, and which accesses of one cycle need it.

    An engine has one set of ports for each of its arguments: all matrices that it is called with
    are split alike. The lanes of a matrix are one wide word. A table is not split, because a
    lookup may go anywhere: it gets as many copies as its lookups of one cycle need.
    """

    name = "partition-arrays"

    statistics = (
        Statistic("arrays split", marked="partition"),
        Statistic("tables copied", marked="copies"),
    )

    uram: int = 0
    """
    UltraRAMs that matrices of activations may take, from 0: those that save most block RAMs for
    each lie in them.
    """

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.uram < 0:
            raise PassFailedException(
                f"partition-arrays: 'uram' is {self.uram}, it must not be negative"
            )
        lanes = hardware_size(op, "lanes")
        needs = Needs()
        engines = {engine.sym_name.data: engine for engine in engines_of(op)}
        for engine in engines.values():
            for each in engine.walk():
                self.collect(each, needs)
        for call in function_named(op, "forward").walk():
            if isinstance(call, CallOp):
                self.join(call, engines, needs)
        for buffer in op.walk():
            if isinstance(buffer, accel.BufferOp):
                if buffer.buffer.type.memory_space == ONCHIP:
                    word = Access(buffer.buffer, 1, lanes, f"{lanes} channels are one word")
                    needs.accesses.append(word)
                partition = needs.partition(buffer)
                check_memories(buffer, partition)
                buffer.partition = ArrayAttr(partition) if partition else None
                buffer.word = UnitAttr() if is_word_array(buffer, partition) else None
                copies = needs.lookups.get(buffer.buffer, 1)
                buffer.copies = IntegerAttr(copies, i64) if copies > 1 else None
                buffer.ultra = None
        if self.uram:
            self.choose_memories(op)

    def choose_memories(self, op: ModuleOp) -> None:
        """Put the matrices into UltraRAMs for which that is best."""
        matrices = [
            each
            for each in function_named(op, "forward").body.block.ops
            if isinstance(each, accel.BufferOp) and each.buffer.type.memory_space == ONCHIP
        ]
        layout = Layout.of(op)
        choices = [(layout.matrix(each), layout.matrix(each, ultra=True)) for each in matrices]
        for each, chosen in zip(matrices, in_ultra_rams(choices, self.uram), strict=True):
            each.ultra = UnitAttr() if chosen else None

    def collect(self, op: Operation, needs: Needs) -> None:
        """Note what one op of an engine needs."""
        needs.accesses += accesses(op)
        if (lookup := lookup_of(op)) is not None:
            interval = interval_around(op)
            copies = ceil(lookup.entries / (interval * PORTS))
            needs.lookups[lookup.table] = max(copies, needs.lookups.get(lookup.table, 1))

    def join(self, call: CallOp, engines: dict[str, FuncOp], needs: Needs) -> None:
        """
        Split what a call passes as the engine needs it.

        Raises:
            PassFailedException: when it calls something else, or passes what cannot be split.
        """
        engine = engines.get(call.callee.string_value())
        if engine is None:
            fail(call, f"calls '{call.callee.string_value()}', which is no engine")
        for argument, passed in zip(engine.args, call.arguments, strict=True):
            if not is_matrix(argument):
                continue
            buffer = buffer_behind(passed)
            if isinstance(buffer, BlockArgument):
                fail(call, f"argument {argument.index} is no buffer, expected one on the device")
            needs.join(argument, buffer)
