"""Statements that count cycles in a simulation of the schedule, see `schedule.hpp`."""

from __future__ import annotations

from xdsl.dialects import scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation

from vaqf.backends.hls.body import Body
from vaqf.dialects.accel.schedule import PIPELINE_ATTRIBUTE, PipelineAttr
from vaqf.passes.array_uses import TILE_OPS
from vaqf.passes.costs import BURST_LATENCY, LOOP_OVERHEAD, depth_of
from vaqf.passes.cycles import CYCLES_ATTRIBUTE, DEPTH_ATTRIBUTE


def is_scheduled(body: Body) -> bool:
    """Whether the cycles of the module were estimated, so that there is something to compare."""
    return CYCLES_ATTRIBUTE in body.unit.emission.design.forward.attributes


def schedule_loop(body: Body, op: scf.ForOp, counter: str, first: str) -> None:
    """Count an iteration of a loop; an unrolled one takes no cycles of its own."""
    if body.pipelined or not is_scheduled(body):
        return
    pipeline = op.attributes.get(PIPELINE_ATTRIBUTE)
    depth = op.attributes.get(DEPTH_ATTRIBUTE)
    if not isinstance(pipeline, PipelineAttr):
        body.out.line(f"SCHEDULE_CYCLES({LOOP_OVERHEAD});")
    elif isinstance(depth, IntegerAttr):
        cycles = depth.value.data + LOOP_OVERHEAD
        interval = pipeline.interval.data
        body.out.line(f"SCHEDULE_PIPELINED({counter} == {first}, {interval}, {cycles});")


def schedule_tile(body: Body, op: Operation) -> None:
    """Count a tile op that stands outside of pipelined loops."""
    if isinstance(op, TILE_OPS) and not body.pipelined and is_scheduled(body):
        body.out.line(f"SCHEDULE_CYCLES({depth_of(op)});")


def burst_statement(word: str, interval: int) -> str:
    """Counts one word of a burst: the first comes after the latency of the memory."""
    return f"SCHEDULE_PIPELINED({word} == 0, {interval}, {BURST_LATENCY + interval});"
