"""Start iterations of innermost loops before those before them have ended."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.schedule import PIPELINE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.passes.accel_functions import engines_of
from vaqf.passes.array_uses import TILE_OPS
from vaqf.passes.hardware import hardware_size
from vaqf.passes.loop_dependence import reason_to_overlap
from vaqf.passes.parallel_access import Units, interval_of


def is_pipelinable(op: Operation) -> bool:
    """Whether an op may stand in a pipelined loop."""
    return (
        isinstance(op, (*TILE_OPS, scf.IfOp, scf.IndexSwitchOp, scf.YieldOp))
        or op.dialect_name() == "arith"
    )


def pipeline(loop: scf.ForOp, units: Units) -> accel.PipelineAttr:
    """
    How often an innermost loop can start an iteration, and why it may.

    Raises:
        PassFailedException: when its iterations cannot overlap.
    """
    for op in loop.body.walk():
        if not is_pipelinable(op):
            fail(op, "stands in an innermost loop, expected tile ops and index arithmetic alone")
    reason, interval = reason_to_overlap(loop), interval_of(loop, units)
    if interval.cycles > 1:
        reason = f"{reason}; {interval.reason}"
    return accel.PipelineAttr(interval.cycles, reason)


@dataclass(frozen=True)
class PipelineLoopsPass(ModulePass):
    """
    Give every innermost loop of an engine its initiation interval, and the reason why it is legal.

    A matmul starts an iteration every cycle. A vector unit takes as many cycles as its lanes need
    to pass through `vector-lanes` of them, or the words of a matrix through the ports of a memory.
    """

    name = "pipeline-loops"

    vector_lanes: int = 32
    """Elements that requantization, GELU and LayerNorm take in one cycle."""

    root_interval: int = 8
    """Cycles that the unit for reciprocal square roots takes for each token."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for option, value in (
            ("vector-lanes", self.vector_lanes),
            ("root-interval", self.root_interval),
        ):
            if value < 1:
                raise PassFailedException(
                    f"pipeline-loops: '{option}' is {value}, it must be positive"
                )
        units = Units(self.vector_lanes, self.root_interval, hardware_size(op, "lanes"))
        for engine in engines_of(op):
            for loop in engine.walk():
                if isinstance(loop, scf.ForOp) and not any(
                    isinstance(each, scf.ForOp) for each in loop.body.walk()
                ):
                    loop.attributes[PIPELINE_ATTRIBUTE] = pipeline(loop, units)
