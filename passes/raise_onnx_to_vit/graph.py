"""The meanings found so far, and the function that is being written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from xdsl.ir import Operation, SSAValue

from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.parameters import NoTensors, ParameterSource
from vaqf.passes.raise_onnx_to_vit.arrangement import in_order
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter, Origin
from vaqf.passes.raise_onnx_to_vit.meanings import Meaning, View
from vaqf.passes.raise_onnx_to_vit.sources import Source, Tensor
from vaqf.passes.raise_onnx_to_vit.weights import Weight


@dataclass(frozen=True)
class Graph:
    """What a rule may look up, and where it writes."""

    emitter: Emitter
    """Where `vit` operations go."""

    parameters: Callable[[], ParameterSource] = NoTensors
    """Opens the model file, when a rule has to look at a tensor in it."""

    meanings: dict[SSAValue, Meaning] = field(default_factory=dict[SSAValue, Meaning])
    """What each value of the exported graph stands for."""

    def view(self, name: str, value: SSAValue) -> View:
        """
        The activations that an operand stands for.

        Raises:
            CannotRaise: when it stands for something else.
        """
        match self.meanings[value]:
            case View() as view:
                return view
            case _:
                raise CannotRaise(f"'{name}' is not made of activations")

    def weight(self, name: str, value: SSAValue) -> Weight:
        """
        The weight that an operand stands for.

        Raises:
            CannotRaise: when it stands for something else.
        """
        match self.meanings[value]:
            case Weight() as weight:
                return weight
            case _:
                raise CannotRaise(f"'{name}' is no tensor of the model file")

    def result(self, op: Operation, source: Source, origin: Origin) -> View:
        """All values of a source, in the shape of the result of `op`."""
        return View(source, in_order(shape_of(op.results[0])), origin)

    def written(
        self, op: Operation, value: SSAValue, origin: Origin, order: tuple[int, ...] | None = None
    ) -> View:
        """
        A value that is written already, in the shape of the result of `op`.

        Args:
            op: what the value stands for.
            value: tokens x channels.
            origin: of the value.
            order: the dimensions of the result in the order that the value has them in, if not
                that of the result.
        """
        source = Tensor(self.emitter, value, origin)
        if order is None:
            return self.result(op, source, origin)
        sizes = shape_of(op.results[0])
        ordered = in_order(tuple(sizes[dimension] for dimension in order))
        return View(source, ordered.transpose(np.argsort(order)), origin)
