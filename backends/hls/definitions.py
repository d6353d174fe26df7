"""Types and constants that code refers to while it is written, for the headers that define them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vaqf.backends.hls.design import TOP, Design
from vaqf.backends.hls.identifiers import Names, comment_text


@dataclass(frozen=True)
class Definition:
    """One line of a header."""

    name: str
    value: str
    """A type or an expression."""

    comment: str
    """What it is and why it has that value."""


@dataclass
class Definitions:
    """The definitions of one header, in sections, in the order of their first use."""

    names: Names
    """All identifiers at the level of files."""

    sections: dict[str, dict[tuple[str, str], Definition]] = field(
        default_factory=dict[str, dict[tuple[str, str], Definition]]
    )
    """Definitions by their wanted name and their value, in sections by their titles."""

    def define(self, section: str, name: str, value: str, comment: str) -> str:
        """
        The name under which a value is defined.

        Args:
            section: Title of the section.
            name: What to call it; another definition of that name gets a number.
            value: A type or an expression.
            comment: What it is and why it has that value.
        """
        entries = self.sections.setdefault(section, {})
        if (name, value) not in entries:
            defined = self.names.fresh(name)
            entries[name, value] = Definition(defined, value, comment_text(comment))
        return entries[name, value].name


@dataclass(frozen=True)
class LayerConstants:
    """A constant array: one number a layer."""

    name: str
    element: str
    values: Sequence[int]


@dataclass
class Emission:
    """What the files of one project share while they are written."""

    design: Design
    names: Names
    """Identifiers at the level of files."""

    formats: Definitions
    """Of `formats.hpp`."""

    parallelism: Definitions
    """Of `hardware.hpp`."""

    sizes: Definitions
    """Of `model.hpp`."""

    layer_constants: list[LayerConstants] = field(default_factory=list[LayerConstants])
    """Of `layer_constants.hpp`."""

    def add_layer_constant(self, name: str, element: str, values: Sequence[int]) -> None:
        """A constant array, one number a layer."""
        self.layer_constants.append(LayerConstants(name, element, tuple(values)))

    @staticmethod
    def of(design: Design) -> Emission:
        """The start of a project: nothing is defined yet."""
        names = Names([*HELPERS, *(each.name for each in design.engines)])
        return Emission(design, names, Definitions(names), Definitions(names), Definitions(names))


HELPERS = (
    *("kLanes", "kTokenSlots", "kWordBits", "word_t", TOP),
    *("clamp", "checkpoint", "divide_up", "larger", "smaller"),
)
"""Constants, types and functions that every project has."""
