"""How many cycles the functions of a module take, counted on its loops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, prod

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.traits import SymbolTable

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, packed_words, storage_bits
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE, PIPELINE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.array_uses import TILE_OPS, array_uses
from vaqf.passes.costs import BURST_LATENCY, CALL_OVERHEAD, LOOP_OVERHEAD, depth_of
from vaqf.passes.parallel_access import partition_factors
from vaqf.passes.roll_layers import index_value

DEPTH_ATTRIBUTE = "accel.depth"
"""Cycles of one iteration of a pipelined loop, of the longest that any call of its engine has."""

CYCLES_ATTRIBUTE = "accel.cycles"
"""Cycles of a call, a loop or a whole function, for one frame or one execution."""


def compute(op: Operation, known: Mapping[SSAValue, int]) -> int | None:
    """The index that an op computes from known ones; None when it is not known."""
    if any(operand not in known for operand in op.operands):
        return None
    match op, [known[operand] for operand in op.operands]:
        case arith.AddiOp(), [left, right]:
            return left + right
        case arith.SubiOp(), [left, right]:
            return left - right
        case arith.MuliOp(), [left, right]:
            return left * right
        case arith.DivUIOp(), [left, right] if right:
            return left // right
        case arith.CeilDivUIOp(), [left, right] if right:
            return -(-left // right)
        case arith.RemUIOp(), [left, right] if right:
            return left % right
        case arith.CmpiOp(), [left, right]:
            comparison = {"eq": left == right, "ne": left != right, "ult": left < right}
            result = comparison.get(arith.CMPI_COMPARISON_OPERATIONS[op.predicate.value.data])
            return None if result is None else int(result)
        case _:
            return None


FREE_OPS = (
    accel.BufferOp,
    accel.CheckpointOp,
    accel.LayerConstantOp,
    accel.SelectOp,
    accel.ViewOp,
    memref.CastOp,
    scf.YieldOp,
    ReturnOp,
)
"""What takes no cycles: storage, names for parts of it, and ends of blocks."""


def load_cycles(op: accel.LoadOp, word_bits: int) -> int:
    """
    Cycles of a burst: a word each, or more when it fills an array that is split less.

    Each memory of the array takes one element a cycle.

    Args:
        op: the load.
        word_bits: width of a word in DRAM.
    """
    unit, width = shape_of(op.source)[len(op.indices) :], element_width(op.source)
    buffer, slots = op.destination.owner, len(op.slots)
    factors = partition_factors(buffer) if isinstance(buffer, accel.BufferOp) else {}
    memories = prod(
        factors.get(slots + dimension, 1) or size for dimension, size in enumerate(unit)
    )
    elements = min(prod(unit), word_bits // storage_bits(width))
    return BURST_LATENCY + packed_words(unit, width, word_bits) * ceil(elements / memories)


def alternatives(op: scf.IfOp | scf.IndexSwitchOp, known: Mapping[SSAValue, int]) -> list[Block]:
    """The blocks of which one runs, as far as that is not known."""
    match op:
        case scf.IfOp():
            regions = list(op.regions)
            if op.cond in known:
                regions = regions[:1] if known[op.cond] else regions[1:]
        case scf.IndexSwitchOp():
            regions = [*op.case_regions, op.default_region]
            if op.arg in known:
                cases = list(op.cases.get_values())
                number = known[op.arg]
                regions = [regions[cases.index(number) if number in cases else -1]]
    return [block for region in regions for block in region.blocks]


def latency(block: Block, known: dict[SSAValue, int], ready: dict[SSAValue, int]) -> int:
    """
    Cycles of one iteration of a pipelined loop: the longest chain of ops that wait for each other.

    Args:
        block: the ops.
        known: indices that are known.
        ready: for arrays that were written before in the iteration, when their values are there.
    """
    end = 0
    for op in block.ops:
        if isinstance(op, scf.IfOp | scf.IndexSwitchOp):
            inner = [latency(each, dict(known), dict(ready)) for each in alternatives(op, known)]
            end = max([end, *inner])
            continue
        uses = list(array_uses(op))
        if not uses:
            continue
        done = max((ready.get(use.array, 0) for use in uses if use.reads), default=0)
        done += depth_of(op)
        ready.update((use.array, done) for use in uses if use.writes)
        end = max(end, done)
    return end


@dataclass
class Schedule:
    """Counts the cycles of functions of one module."""

    module: ModuleOp
    word_bits: int

    def block(self, block: Block, known: dict[SSAValue, int]) -> int:
        """Cycles of ops that follow each other."""
        return sum(self.op(op, known) for op in block.ops)

    def op(self, op: Operation, known: dict[SSAValue, int]) -> int:
        """
        Cycles of one op; index arithmetic takes none, and adds to what is known.

        Raises:
            PassFailedException: for an op of which nothing is known.
        """
        match op:
            case scf.ForOp():
                return self.loop(op, known)
            case scf.IfOp() | scf.IndexSwitchOp():
                return max(
                    (self.block(each, dict(known)) for each in alternatives(op, known)), default=0
                )
            case accel.ConcurrentOp():
                return max(self.block(stage.block, dict(known)) for stage in op.stages)
            case accel.LoadOp():
                return load_cycles(op, self.word_bits)
            case accel.LoadMatrixOp():
                *units, lanes = shape_of(op.source)
                row = packed_words((lanes,), element_width(op.source), self.word_bits)
                # Rows of whole words are read in a loop nest, one burst for each of its planes.
                whole = lanes * storage_bits(element_width(op.source)) >= self.word_bits
                bursts = units[0] if whole else 1
                return bursts * BURST_LATENCY + prod(units) * row
            case accel.StoreMatrixOp():
                shape, width = shape_of(op.matrix), element_width(op.matrix)
                return BURST_LATENCY + packed_words(shape, width, self.word_bits)
            case CallOp():
                return self.call(op, known)
            case _ if isinstance(op, TILE_OPS):
                return depth_of(op)
            case _ if op.dialect_name() == "arith":
                number = index_value(op.results[0])
                number = compute(op, known) if number is None else number
                if number is not None:
                    known[op.results[0]] = number
                return 0
            case _ if isinstance(op, FREE_OPS):
                return 0
            case _:
                fail(op, "takes an unknown number of cycles, expected loops, bursts and tile ops")

    def loop(self, op: scf.ForOp, known: dict[SSAValue, int]) -> int:
        """
        Cycles of all iterations of a loop.

        All iterations but the last one are taken to do the same: only the last has no next tile.

        Raises:
            PassFailedException: when the number of iterations is not known.
        """
        for bound in (op.lb, op.ub, op.step):
            if bound not in known:
                fail(op, "has a bound that is not known, expected constants or sizes of the call")
        first, last, step = known[op.lb], known[op.ub], known[op.step]
        if step < 1:
            fail(op, f"has step {step}, it must be positive")
        trips = ceil((last - first) / step)
        if trips < 1:
            return 0
        pipeline = op.attributes.get(PIPELINE_ATTRIBUTE)
        if isinstance(pipeline, accel.PipelineAttr):
            # The lanes of an iteration start over all of its interval, the last of them at its end.
            interval = pipeline.interval.data
            depth = latency(op.body.block, dict(known), {}) + interval - 1
            before = op.attributes.get(DEPTH_ATTRIBUTE)
            longest = max(depth, before.value.data if isinstance(before, IntegerAttr) else 0)
            op.attributes[DEPTH_ATTRIBUTE] = IntegerAttr(longest, i64)
            return (trips - 1) * interval + depth + LOOP_OVERHEAD

        def iteration(number: int) -> int:
            inner = {**known, op.body.block.args[0]: first + number * step}
            return self.block(op.body.block, inner) + LOOP_OVERHEAD

        return (trips - 1) * iteration(0) + iteration(trips - 1)

    def call(self, op: CallOp, known: dict[SSAValue, int]) -> int:
        """Cycles of one call of an engine, which are recorded on it."""
        engine = SymbolTable.lookup_symbol(self.module, op.callee)
        if not isinstance(engine, FuncOp) or ENGINE_ATTRIBUTE not in engine.attributes:
            fail(op, f"calls '{op.callee.string_value()}', which is no engine")
        arguments: dict[SSAValue, int] = {
            inner: known[outer]
            for inner, outer in zip(engine.args, op.arguments, strict=True)
            if outer in known
        }
        cycles = self.block(engine.body.block, arguments) + CALL_OVERHEAD
        op.attributes[CYCLES_ATTRIBUTE] = IntegerAttr(cycles, i64)
        return cycles
