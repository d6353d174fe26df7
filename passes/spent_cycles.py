"""Cycles, and what they are spent on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xdsl.dialects import scf

from vaqf.dialects import accel
from vaqf.passes.bandwidth import Bandwidth

MULTIPLIES = (accel.AccumulateOp, accel.ScoreOp, accel.MixOp)
"""Ops whose arrays of adders or multipliers are the largest part of an accelerator."""


@dataclass(frozen=True)
class Cycles:
    """Cycles of something, by what is waited for in each."""

    compute: int = 0
    """Sums of products."""

    vector: int = 0
    """Units that work on lanes of numbers, and copies between memories on the device."""

    memory: int = 0
    """Bursts from and to the memory outside of the device."""

    control: int = 0
    """The starts and ends of loops and calls."""

    words: int = 0
    """Words that are moved from and to the memory outside of the device in these cycles."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.compute + self.vector + self.memory + self.control

    @property
    def binds(self) -> str:
        """What most of them are spent on: the name of a field."""
        spent = {
            "compute": self.compute,
            "vector": self.vector,
            "memory": self.memory,
            "control": self.control,
        }
        return max(spent, key=lambda name: spent[name])

    def within(self, bandwidth: Bandwidth) -> Cycles:
        """The same when the memory has to keep up with the words that are moved."""
        waiting = bandwidth.cycles(self.words) - self.total
        return self if waiting <= 0 else replace(self, memory=self.memory + waiting)

    def __add__(self, other: Cycles) -> Cycles:
        return Cycles(
            self.compute + other.compute,
            self.vector + other.vector,
            self.memory + other.memory,
            self.control + other.control,
            self.words + other.words,
        )

    def __mul__(self, times: int) -> Cycles:
        return Cycles(
            self.compute * times,
            self.vector * times,
            self.memory * times,
            self.control * times,
            self.words * times,
        )


def pipelined(loop: scf.ForOp, cycles: int) -> Cycles:
    """The cycles of a pipelined loop."""
    if any(isinstance(op, MULTIPLIES) for op in loop.body.walk()):
        return Cycles(compute=cycles)
    return Cycles(vector=cycles)
