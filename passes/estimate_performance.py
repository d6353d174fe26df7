"""Read cycles and resources off the IR that is emitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from xdsl.context import Context
from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP, element_width, packed_words
from vaqf.dialects.accel.schedule import HARDWARE_ATTRIBUTE, PIPELINE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.costs import (
    BURST_LATENCY,
    CALL_OVERHEAD,
    LOOP_OVERHEAD,
    Resources,
    arithmetic_of,
    bram18_of_array,
    bram18_of_matrix,
    depth_of,
)
from vaqf.passes.roll_layers import index_value

CYCLES_ATTRIBUTE = "accel.cycles"
"""Cycles of a call, a loop or a whole function, for one frame or one execution."""

RESOURCES_ATTRIBUTE = "accel.resources"
"""`{lut, dsp, bram18}` of an engine, or of everything on `@forward`."""


def compute(op: Operation, known: Mapping[SSAValue, int]) -> int | None:
    """The index that an op computes from known ones; None when it is no index arithmetic."""
    if any(operand not in known for operand in op.operands):
        return None
    values = [known[operand] for operand in op.operands]
    match op:
        case arith.AddiOp():
            return values[0] + values[1]
        case arith.SubiOp():
            return values[0] - values[1]
        case arith.MuliOp():
            return values[0] * values[1]
        case arith.DivUIOp():
            return values[0] // values[1]
        case arith.CeilDivUIOp():
            return ceil(values[0] / values[1])
        case arith.RemUIOp():
            return values[0] % values[1]
        case arith.CmpiOp():
            comparison = {"eq": values[0] == values[1], "ult": values[0] < values[1]}
            result = comparison.get(arith.CMPI_COMPARISON_OPERATIONS[op.predicate.value.data])
            return None if result is None else int(result)
        case _:
            return None


@dataclass
class Schedule:
    """Counts the cycles of functions of one module."""

    module: ModuleOp
    word_bits: int

    def block(self, block: Block, known: dict[SSAValue, int]) -> int:
        """Cycles of ops that follow each other."""
        return sum(self.op(op, known) for op in block.ops)

    def op(self, op: Operation, known: dict[SSAValue, int]) -> int:
        """Cycles of one op; index arithmetic takes none, and adds to what is known."""
        match op:
            case scf.ForOp():
                return self.loop(op, known)
            case scf.IfOp():
                taken = known.get(op.cond)
                regions = [region for region in op.regions if region.blocks]
                if taken is not None:
                    regions = regions[:1] if taken else regions[1:]
                return max((self.block(each.block, dict(known)) for each in regions), default=0)
            case scf.IndexSwitchOp():
                return max(self.block(each.block, dict(known)) for each in op.regions)
            case accel.ConcurrentOp():
                return max(self.block(stage.block, dict(known)) for stage in op.stages)
            case accel.LoadOp():
                unit = shape_of(op.source)[len(op.indices) :]
                words = packed_words(unit, element_width(op.source), self.word_bits)
                return BURST_LATENCY + words
            case accel.LoadMatrixOp():
                *units, lanes = shape_of(op.source)
                row = packed_words((lanes,), element_width(op.source), self.word_bits)
                rows = 1
                for size in units:
                    rows *= size
                return BURST_LATENCY + rows * row
            case accel.StoreMatrixOp():
                shape, width = shape_of(op.matrix), element_width(op.matrix)
                return BURST_LATENCY + packed_words(shape, width, self.word_bits)
            case CallOp():
                return self.call(op, known)
            case accel.CheckpointOp() | accel.BufferOp() | memref.CastOp():
                return 0
            case _:
                number = index_value(op.results[0]) if op.results else None
                if number is None:
                    number = compute(op, known)
                if number is not None:
                    known[op.results[0]] = number
                    return 0
                return 0 if op.results or not op.operands else depth_of(op)

    def loop(self, op: scf.ForOp, known: dict[SSAValue, int]) -> int:
        """Cycles of all iterations of a loop."""
        for bound in (op.lb, op.ub, op.step):
            if bound not in known:
                fail(op, "has a bound that is not known, expected constants or sizes of the call")
        first, last, step = known[op.lb], known[op.ub], known[op.step]
        trips = max(0, ceil((last - first) / step))
        pipeline = op.attributes.get(PIPELINE_ATTRIBUTE)
        if isinstance(pipeline, accel.PipelineAttr):
            depth = sum(depth_of(each) for each in op.body.walk() if not each.results)
            cycles = trips * pipeline.interval.data + depth if trips else 0
        else:
            # Iterations differ at most in whether one more tile is prefetched.
            inner = {**known, op.body.block.args[0]: first}
            cycles = trips * (self.block(op.body.block, inner) + LOOP_OVERHEAD)
        return cycles

    def call(self, op: CallOp, known: dict[SSAValue, int]) -> int:
        """Cycles of one call of an engine, which are recorded on it."""
        engine = SymbolTable.lookup_symbol(self.module, op.callee)
        if not isinstance(engine, FuncOp):
            fail(op, f"calls '{op.callee.string_value()}', which is no engine")
        arguments: dict[SSAValue, int] = {
            inner: known[outer]
            for inner, outer in zip(engine.args, op.arguments, strict=True)
            if outer in known
        }
        cycles = self.block(engine.body.block, arguments) + CALL_OVERHEAD
        op.attributes[CYCLES_ATTRIBUTE] = IntegerAttr(cycles, i64)
        return cycles


def hardware_of(module: ModuleOp) -> dict[str, int]:
    """
    The layout constants of a module.

    Raises:
        PassFailedException: when they are not there yet.
    """
    found: dict[str, int] = {}
    match module.attributes.get(HARDWARE_ATTRIBUTE):
        case DictionaryAttr(data=entries):
            for name, value in entries.items():
                if isinstance(value, IntegerAttr):
                    found[name] = value.value.data
        case _:
            pass
    if "word_bits" not in found:
        raise PassFailedException(
            f"the module has no word width in '{HARDWARE_ATTRIBUTE}': run pack-parameters first"
        )
    return found


def storage_of(buffer: accel.BufferOp, hardware: Mapping[str, int]) -> Resources:
    """Block RAMs of a buffer."""
    factors = {each.dimension.data: each.factor.data for each in buffer.partition or ()}
    shape, width = shape_of(buffer.buffer), element_width(buffer.buffer)
    if buffer.buffer.type.memory_space == ONCHIP:
        tokens, channels = shape
        return Resources(
            bram18=bram18_of_matrix(
                (tokens, channels),
                width,
                lanes=hardware["lanes"],
                token_slots=hardware["token_slots"],
                banks=factors.get(0, 1),
            )
        )
    return Resources(bram18=bram18_of_array(shape, width, factors))


def resources_of(function: FuncOp, hardware: Mapping[str, int]) -> Resources:
    """What the ops of one function take."""
    total = Resources()
    for op in function.walk():
        if isinstance(op, accel.BufferOp):
            total += storage_of(op, hardware)
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
    lanes and partitions. Counted are the arithmetic of tile ops and the storage of buffers, not
    control, interfaces or the adders and comparators of vector units.
    """

    name = "estimate-performance"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        hardware = hardware_of(op)
        forward = function_named(op, "forward")
        schedule = Schedule(op, hardware["word_bits"])
        cycles = schedule.block(forward.body.block, {})
        total = resources_of(forward, hardware)
        for engine in engines_of(op):
            resources = resources_of(engine, hardware)
            engine.attributes[RESOURCES_ATTRIBUTE] = as_attribute(resources)
            total += resources
        forward.attributes[CYCLES_ATTRIBUTE] = IntegerAttr(cycles, i64)
        forward.attributes[RESOURCES_ATTRIBUTE] = as_attribute(total)
