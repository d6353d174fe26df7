"""Read cycles and resources off the IR that is emitted."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute
from xdsl.passes import ModulePass

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP, element_width
from vaqf.dialects.accel.schedule import PIPELINE_ATTRIBUTE
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.costs import Resources, arithmetic_of, array_storage, matrix_storage
from vaqf.passes.cycles import CYCLES_ATTRIBUTE, Schedule
from vaqf.passes.hardware import hardware_size
from vaqf.passes.parallel_access import partition_factors

RESOURCES_ATTRIBUTE = "accel.resources"
"""`{lut, dsp, bram18}` of an engine, or of everything on `@forward`."""


@dataclass(frozen=True)
class Layout:
    """How matrices of activations lie on the device."""

    lanes: int
    """Channels of a word."""

    channel_slots: int
    """A matrix has room for a multiple of so many channels."""

    token_slots: int
    """Tokens that a matrix has room for."""

    def storage(self, buffer: accel.BufferOp) -> Resources:
        """The memories of a buffer."""
        value, factors = buffer.buffer, partition_factors(buffer)
        shape, width = shape_of(value), element_width(value)
        if value.type.memory_space == ONCHIP:
            return matrix_storage(
                shape[1],
                width,
                lanes=self.lanes,
                channel_slots=self.channel_slots,
                token_slots=self.token_slots,
                banks=factors.get(0, 1),
            )
        if any(isinstance(use.operation, accel.CopyRowOp) for use in value.uses):
            # Copies of activations: one bit is kept as two.
            width = max(2, width)
        copies = 1 if buffer.copies is None else buffer.copies.value.data
        return array_storage(shape, width, factors, copies)


def resources_of(function: FuncOp, layout: Layout) -> Resources:
    """What the ops of one function take."""
    total = Resources()
    for op in function.walk():
        if isinstance(op, accel.BufferOp):
            total += layout.storage(op)
            continue
        loop = op.parent_op()
        while loop is not None and PIPELINE_ATTRIBUTE not in loop.attributes:
            loop = loop.parent_op()
        pipeline = None if loop is None else loop.attributes[PIPELINE_ATTRIBUTE]
        interval = pipeline.interval.data if isinstance(pipeline, accel.PipelineAttr) else 1
        total += arithmetic_of(op, interval)
    return total


def as_attribute(resources: Resources) -> Attribute:
    """Resources in IR."""
    return DictionaryAttr(
        {
            "lut": IntegerAttr(resources.lut, i64),
            "dsp": IntegerAttr(resources.dsp, i64),
            "bram18": IntegerAttr(resources.bram18, i64),
        }
    )


@dataclass(frozen=True)
class EstimatePerformancePass(ModulePass):
    """
    Write on every call, engine and function what it takes: cycles, LUTs, DSPs, block RAMs.

    Cycles follow from trip counts, initiation intervals, depths and bursts; resources from widths,
    lanes and partitions. Counted are the multipliers and binary arrays of tile ops and the storage
    of buffers, not control, interfaces, or the adders, comparators and dividers of vector units.
    """

    name = "estimate-performance"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        layout = Layout(
            hardware_size(op, "lanes"),
            hardware_size(op, "channel_slots"),
            hardware_size(op, "token_slots"),
        )
        forward = function_named(op, "forward")
        schedule = Schedule(op, hardware_size(op, "word_bits"))
        cycles = schedule.block(forward.body.block, {})
        total = resources_of(forward, layout)
        for engine in engines_of(op):
            resources = resources_of(engine, layout)
            engine.attributes[RESOURCES_ATTRIBUTE] = as_attribute(resources)
            total += resources
        forward.attributes[CYCLES_ATTRIBUTE] = IntegerAttr(cycles, i64)
        forward.attributes[RESOURCES_ATTRIBUTE] = as_attribute(total)
