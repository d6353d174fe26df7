"""What passes count of their work, in the words of the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.passes import ModulePass


@dataclass(frozen=True)
class Statistic:
    """
    Something that a pass does many times, known by what is in the module afterwards.

    Names may be patterns, such as `onnx.*`. A pass lists what it counts in the class attribute
    `statistics`; `vaqf-opt --mlir-pass-statistics` tells it.
    """

    meaning: str
    """What was done, in the plural: `layers binarized`."""

    added: str = ""
    """Operations of which there are more."""

    removed: str = ""
    """Operations of which there are fewer."""

    retyped: str = ""
    """Operations of which there are as many, but with results of other types."""

    marked: str = ""
    """Attributes that operations have got."""


def statistics_of(of: type[ModulePass]) -> Sequence[Statistic]:
    """What a pass counts; nothing for those of xDSL."""
    return getattr(of, "statistics", ())
