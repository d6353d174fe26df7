"""Amounts of what a device has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import ceil


@dataclass(frozen=True)
class Resources:
    """What a part of an accelerator takes of a device."""

    lut: int = 0
    """Look-up tables, as logic or as small memories."""

    ff: int = 0
    """Flip-flops."""

    dsp: int = 0
    """DSP48E2 slices."""

    bram18: int = 0
    """Block RAMs of 18 kbit."""

    uram: int = 0
    """UltraRAMs of 288 kbit."""

    def __add__(self, other: Resources) -> Resources:
        return Resources(
            self.lut + other.lut,
            self.ff + other.ff,
            self.dsp + other.dsp,
            self.bram18 + other.bram18,
            self.uram + other.uram,
        )

    def __sub__(self, other: Resources) -> Resources:
        return self + other * -1

    def __mul__(self, count: int) -> Resources:
        return Resources(
            self.lut * count,
            self.ff * count,
            self.dsp * count,
            self.bram18 * count,
            self.uram * count,
        )

    def fits(self, available: Resources) -> bool:
        """Whether no more is taken of anything than there is."""
        return all(
            taken <= there for taken, there in zip(self.amounts, available.amounts, strict=True)
        )

    @property
    def amounts(self) -> tuple[int, ...]:
        """The amount of each kind, in the order of the fields."""
        return self.lut, self.ff, self.dsp, self.bram18, self.uram

    @staticmethod
    def kinds() -> tuple[str, ...]:
        """The names of the fields."""
        return tuple(each.name for each in fields(Resources))

    def named(self) -> dict[str, int]:
        """The amount of each kind, by its name."""
        return dict(zip(self.kinds(), self.amounts, strict=True))


def logic(lut: float, ff: float | None = None, dsp: int = 0) -> Resources:
    """
    Logic, rounded up; a pipeline keeps about as many bits as its LUTs compute.

    Args:
        lut: LUT sites.
        ff: flip-flops; as many as LUTs when absent.
        dsp: DSP48E2 slices.
    """
    return Resources(lut=ceil(lut), ff=ceil(lut if ff is None else ff), dsp=dsp)
