"""What a value of an exported graph can stand for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from xdsl.ir import SSAValue

from vaqf.passes.raise_onnx_to_vit.arrangement import Positions, is_in_order, join_heads
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.sources import Source
from vaqf.passes.raise_onnx_to_vit.weights import Weight


@dataclass(frozen=True)
class Constant:
    """A small tensor of the graph itself: a factor, a shape, an index."""

    value: NDArray[np.generic]

    @property
    def factor(self) -> float:
        """
        The number that all elements are.

        Raises:
            CannotRaise: when they differ.
        """
        elements = self.value.ravel()
        if not elements.size or np.any(elements != elements[0]):
            raise CannotRaise(f"the constant of shape {self.value.shape} is no single number")
        return float(elements[0])


@dataclass(frozen=True, eq=False)
class View:
    """A factor times values of a source, moved around."""

    source: Source
    """What computes the values."""

    positions: Positions
    """Where in the source each value comes from, in the shape that the graph gives it."""

    origin: Origin
    """The node that picked or scaled the values last."""

    factor: float = 1.0
    """What the values of the source are multiplied by."""

    def scaled(self, factor: float, origin: Origin) -> View:
        """The view times a factor."""
        return replace(self, factor=self.factor * factor, origin=origin)

    def unscaled(self) -> View:
        """The view without its factor."""
        return replace(self, factor=1.0)

    def moved(self, positions: Positions, origin: Origin) -> View:
        """The view with its values moved around, or with some of them only."""
        picks = positions.size != self.positions.size
        return replace(self, positions=positions, origin=origin if picks else self.origin)

    def of_rank(self, rank: int) -> View:
        """The view with dimensions of one in front, as broadcasting puts them there."""
        shape = self.positions.shape
        ones = (1,) * (rank - len(shape))
        return replace(self, positions=self.positions.reshape(*ones, *shape))

    def transposed(self, order: tuple[int, ...]) -> View:
        """The view with its dimensions permuted."""
        return replace(self, positions=self.positions.transpose(order))

    def whole(self) -> SSAValue:
        """
        The value that has all of the source, in the shape of the source.

        Raises:
            CannotRaise: when values are missing or out of order.
        """
        if not is_in_order(self.positions, self.source.whole.rows * self.source.columns):
            raise CannotRaise("an operand is part of a tensor, or in another order")
        return self.source.ask(self.source.whole, self.factor, self.origin, "")

    def matrix(self, role: str = "") -> SSAValue:
        """
        The value of tokens x channels that this is, when the batch is dropped.

        Raises:
            CannotRaise: when it is no matrix of consecutive tokens.
        """
        part = self.source.find(self.positions)
        if part is None:
            raise CannotRaise("an operand is not in the order of tokens x channels")
        return self.source.ask(part, self.factor, self.origin, role)

    def heads(self, role: str) -> tuple[SSAValue, int]:
        """
        The value of tokens x channels whose heads this is, with its factor, and their number.

        Raises:
            CannotRaise: when it is no heads x tokens x channels of such a matrix.
        """
        joined = join_heads(self.positions)
        part = None if joined is None else self.source.find(joined[0])
        if joined is None or part is None:
            raise CannotRaise(
                "an operand is not in the order of heads x tokens x channels of a head"
            )
        return self.source.ask(part, self.factor, self.origin, role), joined[1]


@dataclass(frozen=True)
class Integral:
    """Integers that activations or a weight are rounded to, until they are real again."""

    rounded: View | Weight
    """What they stand for."""

    zero_point: int
    """The integer that stands for zero."""

    scale: float = 0.0
    """Of activations: the step from one to the next."""

    def moved(self, rounded: Meaning) -> Integral:
        """The same integers of what was moved."""
        assert isinstance(rounded, View | Weight)
        return replace(self, rounded=rounded)


@dataclass(frozen=True)
class Unknown:
    """What nobody could find out; it is reported where it arose."""


Meaning = Constant | Weight | View | Integral | Unknown
