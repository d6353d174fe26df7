"""Statements that count cycles in a simulation of the schedule, see `schedule.hpp`."""

from __future__ import annotations

from xdsl.dialects import scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation

from vaqf.backends.hls.body import EQUALITY, Body
from vaqf.dialects.accel.schedule import FLATTEN_ATTRIBUTE, PIPELINE_ATTRIBUTE, PipelineAttr
from vaqf.dialects.accel.timing import (
    BURST_LATENCY,
    CYCLES_ATTRIBUTE,
    DEPTH_ATTRIBUTE,
    LOOP_OVERHEAD,
)


def is_scheduled(body: Body) -> bool:
    """Whether the cycles of the module were estimated, so that there is something to compare."""
    return CYCLES_ATTRIBUTE in body.unit.emission.design.forward.attributes


def schedule_loop(body: Body, op: scf.ForOp) -> None:
    """
    Count an iteration of a loop; an unrolled one, and one that is flattened into a pipeline, takes
    no cycles of its own.
    """
    if body.pipelined or FLATTEN_ATTRIBUTE in op.attributes or not is_scheduled(body):
        return
    pipeline = op.attributes.get(PIPELINE_ATTRIBUTE)
    depth = op.attributes.get(DEPTH_ATTRIBUTE)
    if not isinstance(pipeline, PipelineAttr):
        body.out.line(f"SCHEDULE_CYCLES({LOOP_OVERHEAD});")
    elif isinstance(depth, IntegerAttr):
        cycles = depth.value.data + LOOP_OVERHEAD
        interval = pipeline.interval.data
        body.out.line(f"SCHEDULE_PIPELINED({_is_first(body, op)}, {interval}, {cycles});")


def _is_first(body: Body, op: scf.ForOp) -> str:
    """The condition for the first iteration of a pipeline, with all loops that are part of it."""
    conditions: list[str] = []
    loop: Operation | None = op
    while isinstance(loop, scf.ForOp):
        counter = body.scalar(loop.body.block.args[0], EQUALITY + 1)
        conditions.insert(0, f"{counter} == {body.scalar(loop.lb, EQUALITY + 1)}")
        loop = loop.parent_op()
        if loop is None or FLATTEN_ATTRIBUTE not in loop.attributes:
            break
    return " && ".join(conditions)


def schedule_tile(body: Body, op: Operation) -> None:
    """Count an op that stands outside of pipelined loops."""
    depth = op.attributes.get(DEPTH_ATTRIBUTE)
    if isinstance(op, scf.ForOp) or body.pipelined or not isinstance(depth, IntegerAttr):
        return
    if is_scheduled(body):
        body.out.line(f"SCHEDULE_CYCLES({depth.value.data});")


def burst_statement(step: str, interval: int, unit: str | None = None, words: int = 1) -> str:
    """
    Counts one step of a burst: the first comes after the latency of the memory.

    Args:
        step: counts the steps.
        interval: cycles from one to the next.
        unit: counts the units that one burst brings; None for one.
        words: that come in a step.
    """
    first = f"{step} == 0" if unit is None else f"{unit} == 0 && {step} == 0"
    return f"SCHEDULE_BURST({first}, {interval}, {BURST_LATENCY + interval}, {words});"
