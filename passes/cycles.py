"""How many cycles the functions of a module take, counted on its loops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil, prod

from xdsl.dialects import memref, scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr, i64
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.traits import SymbolTable

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, packed_words, storage_bits
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE, FLATTEN_ATTRIBUTE, PIPELINE_ATTRIBUTE
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.accel.timing import (
    BINDS_ATTRIBUTE,
    BURST_LATENCY,
    CALL_OVERHEAD,
    CYCLES_ATTRIBUTE,
    DEPTH_ATTRIBUTE,
    LOOP_OVERHEAD,
    WORDS_ATTRIBUTE,
)
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.array_uses import TILE_OPS, array_uses
from vaqf.passes.bandwidth import Bandwidth
from vaqf.passes.costs.operations import depth_of
from vaqf.passes.index_values import compute, index_value
from vaqf.passes.loop_nests import only_loop_in
from vaqf.passes.parallel_access import partition_factors
from vaqf.passes.spent_cycles import Cycles, pipelined

MOST_ITERATIONS = 1 << 40
"""More of them in a loop are a mistake, since they take minutes."""

FREE_OPS = (
    accel.BufferOp,
    accel.CheckpointOp,
    accel.LayerConstantOp,
    accel.SelectOp,
    accel.SlotOp,
    accel.ReuseOp,
    accel.ViewOp,
    memref.CastOp,
    scf.YieldOp,
    ReturnOp,
)
"""What takes no cycles: storage, names for parts of it, and ends of blocks."""


def load_cycles(op: accel.LoadOp, units: int, word_bits: int) -> Cycles:
    """
    Cycles of a burst: a word each, or more when it fills an array that is split less.

    Each memory of the array takes one element a cycle.

    Args:
        op: the load.
        units: how many it reads.
        word_bits: width of a word in DRAM.
    """
    unit, width = shape_of(op.source)[len(op.indices) :], element_width(op.source)
    array, slots = array_behind(op.destination)
    if op.count is not None:
        slots += 1
    factors = partition_factors(array.owner) if isinstance(array.owner, accel.BufferOp) else {}
    memories = prod(
        factors.get(slots + dimension, 1) or size for dimension, size in enumerate(unit)
    )
    elements = min(prod(unit), word_bits // storage_bits(width))
    words = units * packed_words(unit, width, word_bits)
    return Cycles(memory=BURST_LATENCY + words * ceil(elements / memories), words=words)


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


def longest(alternatives: Iterable[Cycles]) -> Cycles:
    """The one that takes most cycles; none where there are none."""
    return max(alternatives, key=lambda each: each.total, default=Cycles())


def together(stages: Iterable[Cycles]) -> Cycles:
    """What runs at the same time: the longest counts, and the words of all."""
    every = list(stages)
    return replace(longest(every), words=sum(each.words for each in every))


@dataclass
class Schedule:
    """Counts the cycles of functions of one module."""

    module: ModuleOp
    bandwidth: Bandwidth
    known_calls: dict[tuple[FuncOp, tuple[tuple[int, int], ...]], Cycles] = field(
        default_factory=dict[tuple[FuncOp, tuple[tuple[int, int], ...]], Cycles]
    )
    """Of each engine, with the numbers of arguments that were passed."""

    def block(self, block: Block, known: dict[SSAValue, int]) -> Cycles:
        """Cycles of ops that follow each other."""
        return sum((self.op(op, known) for op in block.ops), Cycles())

    def op(self, op: Operation, known: dict[SSAValue, int]) -> Cycles:
        """
        Cycles of one op; index arithmetic takes none, and adds to what is known.

        Raises:
            PassFailedException: for an op of which nothing is known.
        """
        match op:
            case scf.ForOp():
                return self.loop(op, known)
            case scf.IfOp() | scf.IndexSwitchOp():
                return longest(self.block(each, dict(known)) for each in alternatives(op, known))
            case accel.ConcurrentOp():
                spent = together(self.block(stage.block, dict(known)) for stage in op.stages)
                # Inside of an engine no more is moved in a cycle than its ports take.
                has_calls = any(isinstance(each, CallOp) for each in op.walk())
                return spent.within(self.bandwidth) if has_calls else spent
            case accel.LoadOp():
                if op.count is not None and op.count not in known:
                    fail(op, "reads an unknown number of units, expected a size of the call")
                units = 1 if op.count is None else known[op.count]
                return load_cycles(op, units, self.bandwidth.word_bits)
            case accel.LoadMatrixOp():
                *units, lanes = shape_of(op.source)
                port = self.bandwidth.word_bits
                words = prod(units) * packed_words((lanes,), element_width(op.source), port)
                # Rows of whole words are read in a loop nest, one burst for each of its planes.
                whole = lanes * storage_bits(element_width(op.source)) >= port
                bursts = units[0] if whole else 1
                return Cycles(memory=bursts * BURST_LATENCY + words, words=words)
            case accel.StoreMatrixOp():
                shape, width = shape_of(op.matrix), element_width(op.matrix)
                words = packed_words(shape, width, self.bandwidth.word_bits)
                return Cycles(memory=BURST_LATENCY + words, words=words)
            case CallOp():
                return self.call(op, known)
            case _ if isinstance(op, TILE_OPS):
                op.attributes[DEPTH_ATTRIBUTE] = IntegerAttr(depth_of(op), i64)
                return Cycles(vector=depth_of(op))
            case _ if op.dialect_name() == "arith":
                number = index_value(op.results[0])
                number = compute(op, known) if number is None else number
                if number is not None:
                    known[op.results[0]] = number
                return Cycles()
            case _ if isinstance(op, FREE_OPS):
                return Cycles()
            case _:
                fail(op, "takes an unknown number of cycles, expected loops, bursts and tile ops")

    def loop(self, op: scf.ForOp, known: dict[SSAValue, int]) -> Cycles:
        """
        Cycles of all iterations of a loop.

        Raises:
            PassFailedException: when the number of iterations is not known.
        """
        counters = self.counters(op, known)
        if not counters:
            return Cycles()
        trips, innermost = len(counters), op
        while FLATTEN_ATTRIBUTE in innermost.attributes:
            inner = only_loop_in(innermost)
            if inner is None:
                fail(innermost, f"has '{FLATTEN_ATTRIBUTE}', expected one loop in it and no more")
            innermost = inner
            trips *= len(self.counters(innermost, known))
        pipeline = innermost.attributes.get(PIPELINE_ATTRIBUTE)
        if isinstance(pipeline, accel.PipelineAttr):
            # The lanes of an iteration start over all of its interval, the last of them at its end.
            interval = pipeline.interval.data
            depth = latency(innermost.body.block, dict(known), {}) + interval - 1
            before = innermost.attributes.get(DEPTH_ATTRIBUTE)
            deepest = max(depth, before.value.data if isinstance(before, IntegerAttr) else 0)
            innermost.attributes[DEPTH_ATTRIBUTE] = IntegerAttr(deepest, i64)
            if not trips:
                return Cycles()
            working = pipelined(innermost, (trips - 1) * interval + depth)
            return working + Cycles(control=LOOP_OVERHEAD)
        if not any(isinstance(each, scf.IfOp | scf.IndexSwitchOp) for each in op.body.walk()):
            counters, times = counters[:1], trips
        else:
            times = 1
        block, variable = op.body.block, op.body.block.args[0]
        once = (self.block(block, {**known, variable: counter}) for counter in counters)
        return sum(once, Cycles(control=LOOP_OVERHEAD * len(counters))) * times

    def counters(self, op: scf.ForOp, known: Mapping[SSAValue, int]) -> range:
        """
        What the variable of a loop counts through.

        Raises:
            PassFailedException: when that is not known.
        """
        for bound in (op.lb, op.ub, op.step):
            if bound not in known:
                fail(op, "has a bound that is not known, expected constants or sizes of the call")
        if known[op.step] < 1:
            fail(op, f"has step {known[op.step]}, it must be positive")
        counters = range(known[op.lb], known[op.ub], known[op.step])
        if counters[MOST_ITERATIONS:]:
            fail(op, f"has more than {MOST_ITERATIONS:,} iterations")
        return counters

    def call(self, op: CallOp, known: dict[SSAValue, int]) -> Cycles:
        """Cycles of one call of an engine, which are recorded on it with what most are spent on."""
        engine = SymbolTable.lookup_symbol(self.module, op.callee)
        if not isinstance(engine, FuncOp) or ENGINE_ATTRIBUTE not in engine.attributes:
            fail(op, f"calls '{op.callee.string_value()}', which is no engine")
        arguments: dict[SSAValue, int] = {
            inner: known[outer]
            for inner, outer in zip(engine.args, op.arguments, strict=True)
            if outer in known
        }
        passed = (
            engine,
            tuple((each.index, arguments[each]) for each in engine.args if each in arguments),
        )
        if passed not in self.known_calls:
            counted = self.block(engine.body.block, arguments)
            whole = counted + Cycles(control=CALL_OVERHEAD)
            self.known_calls[passed] = whole.within(self.bandwidth)
        cycles = self.known_calls[passed]
        op.attributes[CYCLES_ATTRIBUTE] = IntegerAttr(cycles.total, i64)
        op.attributes[WORDS_ATTRIBUTE] = IntegerAttr(cycles.words, i64)
        op.attributes[BINDS_ATTRIBUTE] = StringAttr(cycles.binds)
        return cycles
