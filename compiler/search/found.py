"""The fastest accelerator for one width of activations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.combination import Point
from vaqf.compiler.search.fastest import Search
from vaqf.compiler.search.reference import Reference
from vaqf.passes.costs.resources import Resources

SURE_SHARE = 0.995
"""The share of LUTs that is filled: how many rounding takes follows from measured ranges."""


@dataclass(frozen=True)
class Found:
    """What was found for one width."""

    bits: int
    """Width of activations."""

    reference: Reference
    """From which accelerators of that width are computed."""

    point: Point | None
    """The fastest accelerator; None when none fits."""

    attention_bits: int | None = None
    """Width of queries, keys and values, where it is another one."""

    @property
    def name(self) -> str:
        """The widths, for people."""
        if self.attention_bits is None:
            return str(self.bits)
        return f"{self.bits}/{self.attention_bits}"

    @property
    def cycles(self) -> float:
        """Cycles of a frame; infinite when nothing fits."""
        return inf if self.point is None else self.point.estimate.cycles_of_frame

    @property
    def frames(self) -> int:
        """How many frames a call computes."""
        return self.reference.workload.frames


def fastest_within(
    reference: Reference,
    budget: Resources,
    most: float = inf,
    hint: Choice | None = None,
) -> Point | None:
    """
    The fastest accelerator that surely fits; None when none does.

    Args:
        reference: of the model.
        budget: what an accelerator can take.
        most: cycles of a frame that are fast enough.
        hint: parameters that may be good.
    """
    return Search(reference, surely(budget)).fastest(hint, most * reference.workload.frames)


def surely(budget: Resources) -> Resources:
    """What of a budget is filled, so that measured ranges in place of assumed ones still fit."""
    return replace(budget, lut=int(budget.lut * SURE_SHARE), ff=int(budget.ff * SURE_SHARE))
