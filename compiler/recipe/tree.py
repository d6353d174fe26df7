"""What a recipe says: rules about layers, and what a design may use of a board."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.utils.lexer import Span

RESOURCES = ("lut", "ff", "dsp", "bram", "uram")
"""What a board part can limit."""


@dataclass(frozen=True)
class Numbers:
    """Some or all of the members of a container of layers, such as blocks."""

    ranges: tuple[tuple[int, int], ...] = ()
    """First and last number of each run; none for all members."""

    def __contains__(self, text: str) -> bool:
        """Whether a part of a layer's name is one of these numbers."""
        if not (text.isascii() and text.isdigit()):
            return False
        return not self.ranges or any(first <= int(text) <= last for first, last in self.ranges)


Part = str | Numbers
"""A part of a layer's name between points, in which `*` stands for any characters; or numbers."""


@dataclass(frozen=True)
class Pattern:
    """Layers by their names."""

    parts: tuple[Part, ...]
    """Between the points of the name."""

    span: Span[str] | None = field(default=None, compare=False, repr=False)
    """Where it was read."""


@dataclass(frozen=True)
class Rule:
    """The widths of some layers."""

    patterns: tuple[Pattern, ...]
    """Which layers: those that any of them names."""

    weight_bits: int | None = None
    """Width of their weights; None leaves it as it is."""

    activation_bits: int | None = None
    """Width of the activations that they take; None leaves it as it is."""


@dataclass(frozen=True)
class BoardPart:
    """What a design may use of a board."""

    name: str
    """Of the board, or its file."""

    budgets: tuple[tuple[str, int], ...] = ()
    """Resources, each with the percentage that may be used, in the order of the text."""

    clock_mhz: int | None = None
    """Clock that the design aims at; None for that of the board."""

    span: Span[str] | None = field(default=None, compare=False, repr=False)
    """Where its name was read."""


@dataclass(frozen=True)
class Recipe:
    """Rules in their order, and at most one board."""

    rules: tuple[Rule, ...] = ()
    """A later one wins."""

    board: BoardPart | None = None
    """None when nothing is said of it."""
