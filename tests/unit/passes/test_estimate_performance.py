"""Estimated cycles, against a walk through every iteration of every loop."""

from collections.abc import Sequence
from itertools import product
from math import ceil, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Attribute, Block, Operation, SSAValue

from tests.unit.passes.accel_ir import context, operations, parse
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, storage_bits
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.accel.timing import (
    BURST_LATENCY,
    CALL_OVERHEAD,
    CYCLES_ATTRIBUTE,
    LOOP_OVERHEAD,
)
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import function_named
from vaqf.passes.array_uses import TILE_OPS
from vaqf.passes.costs.operations import depth_of
from vaqf.passes.double_buffer import DoubleBufferPass
from vaqf.passes.estimate_performance import EstimatePerformancePass, fixed_parts
from vaqf.passes.partition_arrays import PartitionArraysPass
from vaqf.passes.pipeline_loops import PipelineLoopsPass

WORD_BITS = 128


def matmul(tile: tuple[int, int, int], calls: Sequence[tuple[int, int, int, int]]) -> str:
    """
    A module with one engine, as `tile-engines` makes it.

    Args:
        tile: output channels, input channels and tokens of a cycle.
        calls: for each call tokens, input channels, output channels and epilogue.
    """
    outputs, inputs, tokens = tile
    rows = tokens * max(ceil(call[0] / tokens) for call in calls)
    numbers = sorted({number for call in calls for number in call})
    types = (
        f"memref<{rows}x64xi8, #accel.onchip>, memref<?x{outputs}x{inputs}xi8, #accel.dram>, "
        f"memref<?x{outputs}xi18, #accel.dram>, memref<?x{outputs}xi48, #accel.dram>, "
        f"memref<256xi8, #accel.dram>, memref<{rows}x64xi16, #accel.onchip>, "
        "index, index, index, index"
    )
    constants = "\n".join(f"    %n{each} = arith.constant {each} : index" for each in numbers)
    called = "\n".join(
        "    func.call @matmul(%x, %weight, %multiplier, %offset, %table, %residual, "
        f"{', '.join(f'%n{number}' for number in call)}) : ({types}) -> ()"
        for call in calls
    )
    arguments = (
        f"%weight: memref<?x{outputs}x{inputs}xi8, #accel.dram>, "
        f"%multiplier: memref<?x{outputs}xi18, #accel.dram>, "
        f"%offset: memref<?x{outputs}xi48, #accel.dram>, "
        "%table: memref<256xi8, #accel.dram>"
    )
    scaled = f"memref<{outputs}xi49, #accel.local>"
    strip = max(ceil(call[1] / inputs) for call in calls)
    return f"""
builtin.module attributes {{accel.hardware = {{lanes = 2 : i64, token_slots = {rows} : i64,
  channel_slots = {outputs} : i64, word_bits = {WORD_BITS} : i64}}}} {{
  func.func private @matmul(
    %x: memref<{rows}x64xi8, #accel.onchip>, {arguments},
    %residual: memref<{rows}x64xi16, #accel.onchip>,
    %tokens: index, %inputs: index, %outputs: index, %epilogue: index
  ) attributes {{accel.engine = "integer_matmul"}} {{
    %strip = accel.buffer : memref<{strip}x{outputs}x{inputs}xi8, #accel.local>
    %sums = accel.buffer : memref<{rows}x{outputs}xi20, #accel.local>
    %multipliers = accel.buffer : memref<{outputs}xi18, #accel.local>
    %offsets = accel.buffer : memref<{outputs}xi48, #accel.local>
    %scaled = accel.buffer : {scaled}
    %entries = accel.buffer : memref<256xi8, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %output_step = arith.constant {outputs} : index
    %input_step = arith.constant {inputs} : index
    %token_step = arith.constant {tokens} : index
    %is_gelu = arith.cmpi eq, %epilogue, %c1 : index
    scf.if %is_gelu {{
      accel.load %table[] to %entries
        : memref<256xi8, #accel.dram>, memref<256xi8, #accel.local>
    }}
    %input_tiles = arith.ceildivui %inputs, %input_step : index
    %output_tiles = arith.ceildivui %outputs, %output_step : index
    scf.for %output_tile = %c0 to %output_tiles step %c1 {{
      %output = arith.muli %output_tile, %output_step : index
      %first_weights = arith.muli %output_tile, %input_tiles : index
      accel.load %weight[%first_weights] count %input_tiles to %strip
        : memref<?x{outputs}x{inputs}xi8, #accel.dram>,
          memref<{strip}x{outputs}x{inputs}xi8, #accel.local>
      accel.load %multiplier[%output_tile] to %multipliers
        : memref<?x{outputs}xi18, #accel.dram>, memref<{outputs}xi18, #accel.local>
      accel.load %offset[%output_tile] to %offsets
        : memref<?x{outputs}xi48, #accel.dram>, memref<{outputs}xi48, #accel.local>
      scf.for %input_tile = %c0 to %input_tiles step %c1 {{
        %tile = accel.slot %strip[%input_tile] : memref<{strip}x{outputs}x{inputs}xi8, #accel.local>
          -> memref<{outputs}x{inputs}xi8, #accel.local>
        %input = arith.muli %input_tile, %input_step : index
        %is_first = arith.cmpi eq, %input_tile, %c0 : index
        scf.for %token = %c0 to %tokens step %token_step {{
          accel.accumulate %x at %token, %input weights %tile to %sums restart %is_first
            {{tokens = {tokens} : i64}}
            : memref<{rows}x64xi8, #accel.onchip>, memref<{outputs}x{inputs}xi8, #accel.local>,
              memref<{rows}x{outputs}xi20, #accel.local>
        }}
      }}
      scf.for %token = %c0 to %tokens step %c1 {{
        accel.scale %sums[%token], %multipliers, %offsets to %scaled
          : memref<{rows}x{outputs}xi20, #accel.local>, memref<{outputs}xi18, #accel.local>,
            memref<{outputs}xi48, #accel.local>, {scaled}
        scf.index_switch %epilogue
        case 1 {{
          accel.store_lookup %scaled, %entries to %x[%token, %output] {{shift = 15 : i64}}
            : {scaled}, memref<256xi8, #accel.local>, memref<{rows}x64xi8, #accel.onchip>
          scf.yield
        }}
        default {{
          accel.add_rounded %scaled to %residual[%token, %output] {{shift = 15 : i64}}
            : {scaled}, memref<{rows}x64xi16, #accel.onchip>
          scf.yield
        }}
      }}
    }} {{accel.overlap}}
    func.return
  }}

  func.func @forward({arguments}) {{
    %x = accel.buffer : memref<{rows}x64xi8, #accel.onchip>
    %residual = accel.buffer : memref<{rows}x64xi16, #accel.onchip>
{constants}
{called}
    func.return
  }}
}}
"""


class Walk:
    """Executes the index arithmetic of an engine, and advances a clock by what else happens."""

    def __init__(self, arguments: dict[SSAValue, int]):
        self.values = arguments
        self.clock = 0

    def run(self, block: Block) -> None:
        for op in block.ops:
            self.step(op)

    def step(self, op: Operation) -> None:
        match op:
            case arith.ConstantOp(value=IntegerAttr() as number):
                self.values[op.result] = number.value.data
            case arith.CeilDivUIOp():
                self.values[op.result] = ceil(self.values[op.lhs] / self.values[op.rhs])
            case arith.DivUIOp():
                self.values[op.result] = self.values[op.lhs] // self.values[op.rhs]
            case arith.RemUIOp():
                self.values[op.result] = self.values[op.lhs] % self.values[op.rhs]
            case arith.MuliOp():
                self.values[op.result] = self.values[op.lhs] * self.values[op.rhs]
            case arith.AddiOp():
                self.values[op.result] = self.values[op.lhs] + self.values[op.rhs]
            case arith.SubiOp():
                self.values[op.result] = self.values[op.lhs] - self.values[op.rhs]
            case arith.AndIOp():
                self.values[op.result] = self.values[op.lhs] and self.values[op.rhs]
            case arith.CmpiOp():
                left, right = self.values[op.lhs], self.values[op.rhs]
                compared = {"eq": left == right, "ult": left < right, "uge": left >= right}
                predicate = arith.CMPI_COMPARISON_OPERATIONS[op.predicate.value.data]
                self.values[op.result] = compared[predicate]
            case scf.IfOp():
                if self.values[op.cond]:
                    self.run(op.true_region.block)
            case accel.LoadOp():
                self.burst(op)
            case accel.ConcurrentOp():
                start, ends = self.clock, list[int]()
                for stage in op.stages:
                    self.clock = start
                    self.run(stage.block)
                    ends.append(self.clock)
                self.clock = max(ends)
            case scf.ForOp():
                self.loop(op)
            case _:
                pass

    def burst(self, op: accel.LoadOp) -> None:
        """Receive word after word; a memory takes one element a cycle."""
        unit = shape_of(op.source)[len(op.indices) :]
        buffer, _ = array_behind(op.destination)
        assert isinstance(buffer.owner, accel.BufferOp)
        is_split = buffer.owner.partition is not None
        a_word = WORD_BITS // storage_bits(element_width(op.source))
        a_cycle = a_word if is_split else 1
        self.clock += BURST_LATENCY
        for _ in range(1 if op.count is None else self.values[op.count]):
            left = prod(unit)
            while left > 0:
                left -= a_cycle
                self.clock += 1

    def counters(self, op: scf.ForOp) -> range:
        return range(*(self.values[each] for each in (op.lb, op.ub, op.step)))

    def loop(self, op: scf.ForOp) -> None:
        loops = [op]
        while "accel.flatten" in loops[-1].attributes:
            loops += [each for each in loops[-1].body.block.ops if isinstance(each, scf.ForOp)]
        innermost = loops[-1].body.block
        pipeline = loops[-1].attributes.get("accel.pipeline")
        if pipeline is None:
            counters = self.counters(op)
            for self.values[op.body.block.args[0]] in counters:
                self.run(op.body.block)
                self.clock += LOOP_OVERHEAD
            return
        assert isinstance(pipeline, accel.PipelineAttr)
        start, end = self.clock, self.clock
        for _ in product(*(self.counters(each) for each in loops)):
            # The last lanes start just before the next iteration; each op waits for the one before.
            end = start + pipeline.interval.data - 1 + self.chain(innermost)
            start += pipeline.interval.data
        self.clock = end + LOOP_OVERHEAD

    def chain(self, block: Block) -> int:
        """Cycles of ops of which each needs what the one before computes."""
        total = 0
        for op in block.ops:
            if isinstance(op, scf.IndexSwitchOp):
                case = 0 if self.values[op.arg] == 1 else -1
                regions = [*op.case_regions, op.default_region]
                total += self.chain(regions[case].block)
            elif isinstance(op, TILE_OPS):
                total += depth_of(op)
        return total


def estimated(module: ModuleOp) -> list[int]:
    """The cycles of the calls."""
    found: list[int] = []
    for call in operations(module, "func.call"):
        cycles = call.attributes[CYCLES_ATTRIBUTE]
        assert isinstance(cycles, IntegerAttr)
        found.append(cycles.value.data)
    return found


def walked(module: ModuleOp) -> list[int]:
    """The cycles of the calls, iteration by iteration."""
    engine = function_named(module, "matmul")
    found: list[int] = []
    for call in operations(module, "func.call"):
        assert isinstance(call, CallOp)
        arguments: dict[SSAValue, int] = {}
        for inner, outer in zip(engine.args, call.arguments, strict=True):
            if isinstance(outer.owner, arith.ConstantOp):
                number = outer.owner.value
                assert isinstance(number, IntegerAttr)
                arguments[inner] = number.value.data
        walk = Walk(arguments)
        walk.run(engine.body.block)
        found.append(walk.clock + CALL_OVERHEAD)
    return found


sizes = st.tuples(st.integers(1, 12), st.integers(1, 9), st.integers(1, 12), st.integers(0, 1))


@settings(deadline=None, max_examples=30)
@given(
    tile=st.tuples(st.sampled_from([2, 4, 6]), st.sampled_from([1, 2]), st.integers(1, 4)),
    calls=st.lists(sizes, min_size=1, max_size=3),
    vector_lanes=st.integers(1, 8),
)
def test_estimate_is_what_a_walk_through_all_iterations_finds(
    tile: tuple[int, int, int], calls: list[tuple[int, int, int, int]], vector_lanes: int
):
    module = parse(matmul(tile, calls))
    DoubleBufferPass().apply(context(), module)
    PipelineLoopsPass(vector_lanes=vector_lanes).apply(context(), module)
    PartitionArraysPass().apply(context(), module)
    EstimatePerformancePass().apply(context(), module)
    module.verify()
    assert estimated(module) == walked(module)
    forward = function_named(module, "forward").attributes[CYCLES_ATTRIBUTE]
    assert isinstance(forward, IntegerAttr)
    assert forward.value.data == sum(estimated(module))


@settings(deadline=None, max_examples=10)
@given(calls=st.lists(sizes, min_size=1, max_size=2))
def test_estimate_of_single_tiles_and_loops_that_are_not_pipelined(
    calls: list[tuple[int, int, int, int]],
):
    """The passes before the estimate are choices: without them it still counts what is there."""
    module = parse(matmul((2, 2, 2), calls))
    EstimatePerformancePass().apply(context(), module)
    tokens, inputs, outputs, epilogue = calls[0]
    # An accumulation takes 3 cycles to read and write, 4 to multiply, 1 to add two lanes.
    accumulate = ceil(tokens / 2) * (8 + LOOP_OVERHEAD)
    scale = tokens * (7 + 3 + LOOP_OVERHEAD)
    weights = BURST_LATENCY + 4 * ceil(inputs / 2)
    input_tile = accumulate + LOOP_OVERHEAD
    parameters = BURST_LATENCY + 2
    output_tile = weights + 2 * parameters + ceil(inputs / 2) * input_tile + scale + LOOP_OVERHEAD
    table = (BURST_LATENCY + 256) * epilogue
    assert estimated(module)[0] == table + ceil(outputs / 2) * output_tile + CALL_OVERHEAD


def amounts(resources: Attribute) -> dict[str, int]:
    """What an attribute says."""
    assert isinstance(resources, DictionaryAttr)
    return {
        name: each.value.data
        for name, each in resources.data.items()
        if isinstance(each, IntegerAttr)
    }


def test_resources_of_an_engine_are_counted_once():
    module = parse(matmul((4, 2, 2), [(4, 2, 4, 0), (4, 4, 4, 0)]))
    EstimatePerformancePass().apply(context(), module)
    engine, forward = (
        op.attributes["accel.resources"] for op in module.ops if isinstance(op, FuncOp)
    )
    own, whole = amounts(engine), amounts(forward)
    # 4 x 2 weights are 2 pairs of outputs, whose products of 2 inputs take a slice each, for 2
    # tokens; 4 more slices multiply sums. The table is one block RAM.
    assert own["dsp"] == 2 * 2 * 2 + 4 and own["bram18"] == 1
    buffers = [each.attributes["accel.resources"] for each in operations(module, "accel.buffer")]
    assert len(buffers) == 8 and all(isinstance(each, DictionaryAttr) for each in buffers)
    # Beside the engine, the function has two matrices and the ports.
    ports = fixed_parts(function_named(module, "forward"), WORD_BITS)
    beside = {name: whole[name] - own[name] for name in own}
    assert beside["dsp"] == 0
    assert beside["lut"] >= ports.lut and beside["bram18"] >= ports.bram18


@pytest.mark.parametrize(("condition", "cycles"), [("%n0", 0), ("%n1", 42), ("%unknown", 42)])
def test_branches_that_are_not_taken_take_no_time(condition: str, cycles: int):
    module = parse(
        f"""
builtin.module attributes {{accel.hardware = {{lanes = 2 : i64, token_slots = 2 : i64,
  channel_slots = 2 : i64, word_bits = {WORD_BITS} : i64}}}} {{
  func.func private @engine(%w: memref<2xi18, #accel.dram>, %which: index)
    attributes {{accel.engine = "some"}} {{
    %row = accel.buffer : memref<2xi18, #accel.local>
    %c1 = arith.constant 1 : index
    %is_one = arith.cmpi eq, %which, %c1 : index
    scf.if %is_one {{
      accel.load %w[] to %row : memref<2xi18, #accel.dram>, memref<2xi18, #accel.local>
    }}
    func.return
  }}
  func.func @forward(%w: memref<2xi18, #accel.dram>, %unknown: index) {{
    %n0 = arith.constant 0 : index
    %n1 = arith.constant 1 : index
    func.call @engine(%w, {condition}) : (memref<2xi18, #accel.dram>, index) -> ()
    func.return
  }}
}}"""
    )
    EstimatePerformancePass().apply(context(), module)
    assert estimated(module) == [cycles + CALL_OVERHEAD]
