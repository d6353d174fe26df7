"""Estimated cycles, against a walk through every iteration of every loop."""

from collections.abc import Sequence
from math import ceil, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Block, Operation, SSAValue

from tests.unit.passes.accel_ir import context, operations, parse
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, storage_bits
from vaqf.dialects.accel.timing import CYCLES_ATTRIBUTE
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import function_named
from vaqf.passes.costs import BURST_LATENCY, CALL_OVERHEAD, LOOP_OVERHEAD, depth_of
from vaqf.passes.double_buffer import DoubleBufferPass
from vaqf.passes.estimate_performance import EstimatePerformancePass
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
    return f"""
builtin.module attributes {{accel.hardware = {{lanes = 2 : i64, token_slots = {rows} : i64,
  channel_slots = {outputs} : i64, word_bits = {WORD_BITS} : i64}}}} {{
  func.func private @matmul(
    %x: memref<{rows}x64xi8, #accel.onchip>, {arguments},
    %residual: memref<{rows}x64xi16, #accel.onchip>,
    %tokens: index, %inputs: index, %outputs: index, %epilogue: index
  ) attributes {{accel.engine = "integer_matmul"}} {{
    %tile = accel.buffer : memref<{outputs}x{inputs}xi8, #accel.local>
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
    scf.for %output = %c0 to %outputs step %output_step {{
      %output_tile = arith.divui %output, %output_step : index
      accel.load %multiplier[%output_tile] to %multipliers
        : memref<?x{outputs}xi18, #accel.dram>, memref<{outputs}xi18, #accel.local>
      accel.load %offset[%output_tile] to %offsets
        : memref<?x{outputs}xi48, #accel.dram>, memref<{outputs}xi48, #accel.local>
      %first_weights = arith.muli %output_tile, %input_tiles : index
      scf.for %input = %c0 to %inputs step %input_step {{
        %input_tile = arith.divui %input, %input_step : index
        %number = arith.addi %first_weights, %input_tile : index
        accel.load %weight[%number] to %tile
          : memref<?x{outputs}x{inputs}xi8, #accel.dram>,
            memref<{outputs}x{inputs}xi8, #accel.local>
        %is_first = arith.cmpi eq, %input, %c0 : index
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
    }}
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
            case arith.CmpiOp():
                left, right = self.values[op.lhs], self.values[op.rhs]
                is_equality = op.predicate.value.data == 0
                self.values[op.result] = left == right if is_equality else left < right
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
        buffer = op.destination.owner
        assert isinstance(buffer, accel.BufferOp)
        is_split = buffer.partition is not None
        a_word = WORD_BITS // storage_bits(element_width(op.source))
        a_cycle = a_word if is_split else 1
        self.clock += BURST_LATENCY
        left = prod(unit)
        while left > 0:
            left -= a_cycle
            self.clock += 1

    def loop(self, op: scf.ForOp) -> None:
        counter = op.body.block.args[0]
        first, last, step = (self.values[each] for each in (op.lb, op.ub, op.step))
        pipeline = op.attributes.get("accel.pipeline")
        if pipeline is None:
            for self.values[counter] in range(first, last, step):
                self.run(op.body.block)
                self.clock += LOOP_OVERHEAD
            return
        assert isinstance(pipeline, accel.PipelineAttr)
        start, end = self.clock, self.clock
        for self.values[counter] in range(first, last, step):
            # The last lanes start just before the next iteration; each op waits for the one before.
            end = start + pipeline.interval.data - 1 + self.chain(op.body.block)
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
            elif op.name.startswith("accel."):
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
    accumulate = ceil(tokens / 2) * (4 + 1 + LOOP_OVERHEAD)
    scale = tokens * (8 + 3 + LOOP_OVERHEAD)
    weights, parameters = BURST_LATENCY + 4, BURST_LATENCY + 2
    input_tile = weights + accumulate + LOOP_OVERHEAD
    output_tile = 2 * parameters + ceil(inputs / 2) * input_tile + scale + LOOP_OVERHEAD
    table = (BURST_LATENCY + 256) * epilogue
    assert estimated(module)[0] == table + ceil(outputs / 2) * output_tile + CALL_OVERHEAD


def test_resources_of_an_engine_are_counted_once():
    module = parse(matmul((4, 2, 2), [(4, 2, 4, 0), (4, 4, 4, 0)]))
    EstimatePerformancePass().apply(context(), module)
    engine, forward = (
        op.attributes["accel.resources"] for op in module.ops if isinstance(op, FuncOp)
    )
    # Weights, sums, multipliers, offsets and scaled values, none of them split; the table.
    assert (
        str(engine) == f"{{lut = {8 + 16 + 16 + 32 + 32} : i64, dsp = 20 : i64, bram18 = 1 : i64}}"
    )
    assert str(forward) == "{lut = 104 : i64, dsp = 20 : i64, bram18 = 3 : i64}"


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
