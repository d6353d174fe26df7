"""
What a model is known by when it is no plain Vision Transformer.

Each sign is a small predicate on the graph, which finds where something is. None decides what can
be raised: they say more about nodes that cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xdsl.ir import Operation

from vaqf.passes.raise_onnx_to_vit.exported import ExportedGraph
from vaqf.passes.raise_onnx_to_vit.report import Recognized
from vaqf.passes.raise_onnx_to_vit.signs import Sign
from vaqf.passes.raise_onnx_to_vit.signs_of_attention import SIGNS_OF_ATTENTION
from vaqf.passes.raise_onnx_to_vit.signs_of_convolutions import SIGNS_OF_CONVOLUTIONS
from vaqf.passes.raise_onnx_to_vit.signs_of_layers import SIGNS_OF_LAYERS

SIGNS: Sequence[Sign] = (*SIGNS_OF_CONVOLUTIONS, *SIGNS_OF_ATTENTION, *SIGNS_OF_LAYERS)
"""In the order in which they are told: what says most of a model comes first."""


@dataclass(frozen=True, eq=False)
class Recognition:
    """What a graph is known by. Nothing is looked for before it is asked for."""

    graph: ExportedGraph
    """The graph."""

    @cached_property
    def _found(self) -> Sequence[tuple[Sign, Sequence[Operation]]]:
        found = [(sign, sign.find(self.graph)) for sign in SIGNS]
        return [(sign, ops) for sign, ops in found if ops]

    @cached_property
    def reasons(self) -> Mapping[Operation, str]:
        """Why nodes cannot be raised that belong to something that is known."""
        reasons: dict[Operation, str] = {}
        for sign, ops in self._found:
            if sign.reason is not None:
                members = (member for op in ops for member in sign.extend(self.graph, op))
                reasons = dict.fromkeys(members, sign.reason) | reasons
        return reasons

    @property
    def recognized(self) -> Sequence[Recognized]:
        """Everything that the graph is known by."""
        return [Recognized(sign.name, sign.because(self.graph, ops)) for sign, ops in self._found]
