"""Read cycles and resources off the IR that is emitted."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP, element_width
from vaqf.dialects.accel.schedule import PIPELINE_ATTRIBUTE
from vaqf.dialects.accel.timing import CYCLES_ATTRIBUTE, WORDS_ATTRIBUTE
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.bandwidth import Bandwidth
from vaqf.passes.costs import control
from vaqf.passes.costs.memories import (
    array_storage,
    registers,
    turned_registers,
    weight_storage,
)
from vaqf.passes.costs.operations import arithmetic_of
from vaqf.passes.costs.resources import Resources
from vaqf.passes.cycles import Schedule
from vaqf.passes.hardware import hardware_size, record_size
from vaqf.passes.matrix_layout import Layout
from vaqf.passes.pack_parameters import is_multiplied
from vaqf.passes.parallel_access import is_registers, partition_factors, takes_turns
from vaqf.passes.statistics import Statistic

RESOURCES_ATTRIBUTE = "accel.resources"
"""`{lut, ff, dsp, bram18, uram}` of a buffer or an engine, or of everything on `@forward`."""


def storage(buffer: accel.BufferOp, layout: Layout) -> Resources:
    """The memories of a buffer."""
    value, factors = buffer.buffer, partition_factors(buffer)
    shape, width = shape_of(value), element_width(value)
    if value.type.memory_space == ONCHIP:
        return layout.matrix(buffer, ultra=buffer.ultra is not None)
    if is_multiplied(value):
        *counts, rows, inputs = shape
        slots = prod(counts[:-1]) if factors.get(0, 1) == 0 else 1
        return weight_storage(slots, prod(counts) // slots, rows, inputs * width)
    if is_registers(value) and any(
        isinstance(use.operation, accel.SlotOp) and takes_turns(use.operation) for use in value.uses
    ):
        return turned_registers(prod(shape), width)
    if is_registers(value):
        return registers(prod(shape), width)
    if is_copied(value):
        # Copies of activations: one bit is kept as two.
        width = max(2, width)
    if buffer.word is not None:
        shape, width = shape[:-1], width * shape[-1]
    copies = 1 if buffer.copies is None else buffer.copies.value.data
    return array_storage(shape, width, factors, copies)


def is_copied(array: SSAValue) -> bool:
    """Whether activations are copied into an array, or a slot of it."""
    return any(
        is_copied(use.operation.result)
        if isinstance(use.operation, accel.SlotOp)
        else isinstance(use.operation, accel.CopyRowOp)
        for use in array.uses
    )


def resources_of(function: FuncOp, layout: Layout) -> Resources:
    """What the ops of one function take."""
    total = Resources()
    for op in function.walk():
        if isinstance(op, accel.BufferOp):
            stored = storage(op, layout)
            op.attributes[RESOURCES_ATTRIBUTE] = as_attribute(stored)
            total += stored
            continue
        loop = op.parent_op()
        while loop is not None and PIPELINE_ATTRIBUTE not in loop.attributes:
            loop = loop.parent_op()
        pipeline = None if loop is None else loop.attributes[PIPELINE_ATTRIBUTE]
        interval = pipeline.interval.data if isinstance(pipeline, accel.PipelineAttr) else 1
        total += arithmetic_of(op, interval)
        if isinstance(op, scf.ForOp):
            total += control.loop_control()
    return total


def fixed_parts(forward: FuncOp, word_bits: int) -> Resources:
    """The ports of an accelerator: a memory port for each argument, and the control port."""
    return control.control_port() + control.memory_port(word_bits) * len(forward.args)


def as_attribute(resources: Resources) -> Attribute:
    """Resources in IR."""
    return DictionaryAttr(
        {name: IntegerAttr(amount, i64) for name, amount in resources.named().items()}
    )


@dataclass(frozen=True)
class EstimatePerformancePass(ModulePass):
    """
    Write on every call, engine and function what it takes: cycles, LUTs, DSPs, block RAMs.

    Cycles follow from trip counts, initiation intervals, depths and bursts; resources from widths,
    lanes and partitions: arithmetic, storage, loops and ports. What runs at the same time takes at
    least as long as the memory outside of the device needs for all the words that are moved.
    """

    name = "estimate-performance"

    memory_bits: int | None = None
    """
    Bits a cycle, at least 1, that this memory reads and writes through all ports together. When
    absent, as many as they take.
    """

    statistics = (
        Statistic("loops with a depth", marked="accel.depth"),
        Statistic("functions and calls with cycles", marked="accel.cycles"),
    )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.memory_bits is not None and self.memory_bits < 1:
            raise PassFailedException(f"'memory-bits' is {self.memory_bits}, it must be positive")
        layout = Layout.of(op)
        forward = function_named(op, "forward")
        word_bits = hardware_size(op, "word_bits")
        spent = Schedule(op, Bandwidth(word_bits, self.memory_bits)).block(forward.body.block, {})
        total = resources_of(forward, layout) + fixed_parts(forward, word_bits)
        for engine in engines_of(op):
            resources = resources_of(engine, layout)
            engine.attributes[RESOURCES_ATTRIBUTE] = as_attribute(resources)
            total += resources
        record_size(op, "memory_bits", self.memory_bits)
        forward.attributes[CYCLES_ATTRIBUTE] = IntegerAttr(spent.total, i64)
        forward.attributes[WORDS_ATTRIBUTE] = IntegerAttr(spent.words, i64)
        forward.attributes[RESOURCES_ATTRIBUTE] = as_attribute(total)
