"""Start iterations of innermost loops before those before them have ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.schedule import DISTANCE_ATTRIBUTE, PIPELINE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.passes.accel_functions import engines_of
from vaqf.passes.array_uses import TILE_OPS
from vaqf.passes.hardware import hardware_size
from vaqf.passes.loop_dependence import dependences, reason
from vaqf.passes.loop_nests import Nest, Numbers, calls_of, is_index_arithmetic
from vaqf.passes.parallel_access import Units, interval_of
from vaqf.passes.statistics import Statistic


def is_pipelinable(op: Operation) -> bool:
    """Whether an op may stand in a pipelined loop."""
    return isinstance(
        op, (*TILE_OPS, scf.IfOp, scf.IndexSwitchOp, scf.YieldOp)
    ) or is_index_arithmetic(op)


def pipeline(loop: scf.ForOp, units: Units, calls: Sequence[Numbers]) -> None:
    """
    Say how often an innermost loop can start an iteration, and why it may; loops around it become
    part of the pipeline where that makes iterations start no later.

    Args:
        loop: it has no loop inside.
        units: what its iterations share.
        calls: the sizes of every call of the engine.

    Raises:
        PassFailedException: when it holds something that is no part of a pipeline.
    """
    for op in loop.body.walk():
        if not is_pipelinable(op):
            fail(op, "stands in an innermost loop, expected tile ops and index arithmetic alone")
    shared = interval_of(loop, units)
    nest = Nest((loop,))
    found = dependences(nest, calls)
    interval = max(shared.cycles, found.interval)
    while (wider := nest.wider()) is not None and all(map(wider.is_known, calls)):
        outer = dependences(wider, calls)
        if outer.interval > interval:
            break
        nest, found = wider, outer
    why = reason(nest, found)
    if shared.cycles > 1:
        why = f"{why}; {shared.reason}"
    nest.flatten()
    loop.attributes[PIPELINE_ATTRIBUTE] = accel.PipelineAttr(interval, why)
    for array in found.carried:
        assert isinstance(array.owner, Operation)
        distance = found.distance(array)
        array.owner.attributes[DISTANCE_ATTRIBUTE] = IntegerAttr(distance or 0, i64)


@dataclass(frozen=True)
class PipelineLoopsPass(ModulePass):
    """
    Give every innermost loop of an engine its initiation interval, and the reason why it is legal.

    Iterations start no sooner than what they need is there: the loops are followed with the sizes
    of every call. Loops that do nothing but the next one are flattened into it.

    A matmul starts an iteration every cycle. A vector unit takes as many cycles as its lanes need
    to pass through `vector-lanes` of them, or the words of a matrix through the ports of a memory.
    """

    name = "pipeline-loops"

    statistics = (
        Statistic("loops pipelined", marked="accel.pipeline"),
        Statistic("loops flattened", marked="accel.flatten"),
    )

    vector_lanes: int = 32
    """Elements that requantization, GELU and LayerNorm take in one cycle, at least 1."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.vector_lanes < 1:
            raise PassFailedException(
                f"pipeline-loops: 'vector-lanes' is {self.vector_lanes}, it must be positive"
            )
        units = Units(self.vector_lanes, hardware_size(op, "lanes"))
        for engine in engines_of(op):
            calls = tuple(calls_of(op, engine)) or ({},)
            for loop in list(engine.walk()):
                if isinstance(loop, scf.ForOp) and not any(
                    isinstance(each, scf.ForOp) for each in loop.body.walk()
                ):
                    pipeline(loop, units, calls)
