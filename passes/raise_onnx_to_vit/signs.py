"""What a sign is: something in a graph that tells one kind of model from another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from xdsl.ir import Operation

from vaqf.passes.raise_onnx_to_vit.exported import ExportedGraph
from vaqf.passes.raise_onnx_to_vit.report import node_of, operator_of

Find = Callable[[ExportedGraph], Sequence[Operation]]
"""The operations of a graph that show a sign, one for each time that it is there, in order."""

Tell = Callable[[ExportedGraph, Operation], str]
"""What such an operation shows."""

Extend = Callable[[ExportedGraph, Operation], Iterable[Operation]]
"""Such an operation, and those that belong to it."""


def _alone(graph: ExportedGraph, op: Operation) -> Iterable[Operation]:
    return [op]


@dataclass(frozen=True)
class Sign:
    """Something that no plain Vision Transformer has."""

    name: str
    """What the literature calls it, and models that have it."""

    find: Find
    """Where it is in a graph."""

    tell: str | Tell
    """What is there."""

    reason: str | None = None
    """Why each node of it cannot be raised; None where the nodes themselves say more."""

    extend: Extend = _alone
    """The nodes that the reason is for."""

    def because(self, graph: ExportedGraph, found: Sequence[Operation]) -> str:
        """What is there, and where."""
        first, *others = found
        text = self.tell if isinstance(self.tell, str) else self.tell(graph, first)
        more = f" and {len(others)} more" if others else ""
        return f"{text}, at {node_of(first)}{more}"


def operators(*names: str) -> Find:
    """Operators that a graph has."""
    return lambda graph: graph.named(*names)


def name_operator(graph: ExportedGraph, op: Operation) -> str:
    """The operator alone."""
    return operator_of(op)
