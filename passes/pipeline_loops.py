"""Start iterations of innermost loops before those before them have ended."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.schedule import PIPELINE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.passes.accel_functions import engines_of
from vaqf.passes.parallel_access import interval_of

TILE_OPS = (
    accel.AccumulateOp,
    accel.ScaleOp,
    accel.StoreRoundedOp,
    accel.StoreLookupOp,
    accel.AddRoundedOp,
    accel.GatherPatchOp,
    accel.AddMomentsOp,
    accel.ReciprocalRootOp,
    accel.NormalizeOp,
    accel.CopyRowOp,
    accel.ScoreOp,
    accel.ExponentiateOp,
    accel.ReciprocalOp,
    accel.MixOp,
    accel.StoreRescaledOp,
    accel.FillOp,
)
"""What may stand in a pipelined loop."""


def updated(op: Operation) -> tuple[SSAValue, SSAValue] | None:
    """An array that an op reads and writes in one element or row, and the index of it."""
    match op:
        case accel.AccumulateOp():
            return op.sums, op.token
        case accel.AddRoundedOp():
            return op.matrix, op.row
        case accel.AddMomentsOp():
            return op.sums, op.token
        case accel.ScoreOp():
            return op.maxima, op.query
        case accel.ExponentiateOp():
            return op.sums, op.query
        case accel.MixOp():
            return op.mixed, op.query
        case _:
            return None


def depends_on(value: SSAValue, variable: SSAValue) -> bool:
    """Whether an index is the induction variable, or that plus something fixed."""
    if value is variable:
        return True
    owner = value.owner
    return isinstance(owner, Operation) and any(
        depends_on(operand, variable) for operand in owner.operands
    )


def reason_for(loop: scf.ForOp) -> str:
    """
    Why no iteration of a loop needs what one before it computes.

    Raises:
        PassFailedException: when an op updates the same element in every iteration.
    """
    variable = loop.body.block.args[0]
    names: list[str] = []
    for op in loop.body.walk():
        change = updated(op)
        if change is None:
            continue
        array, index = change
        if not depends_on(index, variable):
            fail(op, "updates the same element in every iteration, which takes longer than one")
        name = array.name_hint or "an array"
        if name not in names:
            names.append(name)
    what = variable.name_hint or "iteration"
    if not names:
        return f"every {what} is independent"
    return f"every {what} updates its own row of {' and '.join(names)}"


@dataclass(frozen=True)
class PipelineLoopsPass(ModulePass):
    """
    Give every innermost loop of an engine its initiation interval, and the reason why it is legal.

    A matmul starts an iteration every cycle. A vector unit takes as many cycles as its lanes need
    to pass through `vector-lanes` of them.
    """

    name = "pipeline-loops"

    vector_lanes: int = 16
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
        for engine in engines_of(op):
            for loop in engine.walk():
                if not isinstance(loop, scf.ForOp):
                    continue
                inner = [each for each in loop.body.walk() if each is not loop]
                if any(isinstance(each, scf.ForOp) for each in inner):
                    continue
                if any(isinstance(each, accel.LoadOp) for each in inner):
                    fail(loop, "reads from DRAM in an innermost loop, expected a tile op")
                interval = max(
                    (
                        interval_of(each, self.vector_lanes, self.root_interval)
                        for each in inner
                        if isinstance(each, TILE_OPS)
                    ),
                    default=1,
                )
                loop.attributes[PIPELINE_ATTRIBUTE] = accel.PipelineAttr(interval, reason_for(loop))
