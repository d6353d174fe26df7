"""
What computes the values of a Vision Transformer.

A source writes its operation only when something asks for its values: only then is it known which
part of them is needed, and with which factor. So a fused linear layer becomes three when its
queries, keys and values are asked for, and every factor on attention scores ends up in one place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from math import isclose, prod, sqrt

from xdsl.ir import SSAValue

from vaqf.dialects import vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arrangement import Block
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter, Origin
from vaqf.passes.raise_onnx_to_vit.weights import Weight


def same_factor(left: float, right: float) -> bool:
    """Whether two factors differ by no more than what exporters lose by rounding to `float32`."""
    return isclose(left, right, rel_tol=1e-6)


class Source(ABC):
    """The values of one operation, as a matrix (all dimensions but the last are rows)."""

    def __init__(self, emitter: Emitter, shape: tuple[int, ...], origin: Origin):
        self.emitter = emitter
        self.origin = origin
        self.whole = Block(0, prod(shape[:-1]), 0, prod(shape[-1:]))
        self._written: dict[tuple[Block, float], SSAValue] = {}

    @property
    def columns(self) -> int:
        """Size of the last dimension."""
        return self.whole.columns

    def ask(self, part: Block, factor: float, asker: Origin, role: str) -> SSAValue:
        """
        Write what computes `factor` times a part of the values, unless that was done already.

        `asker` is the node that picked the part; `role` says what it is for, and names a part that
        stands for no node of its own.

        Raises:
            CannotRaise: when no operation of the `vit` dialect computes this.
        """
        if (part, factor) not in self._written:
            self._written[part, factor] = self._write(part, factor, asker, role)
        return self._written[part, factor]

    @abstractmethod
    def _write(self, part: Block, factor: float, asker: Origin, role: str) -> SSAValue: ...

    def _expect_no_factor(self, factor: float) -> None:
        if not same_factor(factor, 1.0):
            raise CannotRaise(
                f"a factor of {factor:.7g} is left on an operand, "
                "only attention scores can have one"
            )

    def _expect_whole(self, part: Block) -> None:
        if part != self.whole:
            raise CannotRaise("an operand is only part of a tensor")

    def _rows(self, value: SSAValue, part: Block, asker: Origin) -> SSAValue:
        """Those rows of the value of all rows that belong to a part."""
        if part.rows == self.whole.rows:
            return value
        if part.rows == 1:
            return self.emitter.emit(vit.SelectTokenOp(value, part.first_row), asker.part("token"))
        return self.emitter.emit(vit.SliceOp(value, part.first_row, part.rows), asker)


class Tensor(Source):
    """A value that is written already."""

    def __init__(self, emitter: Emitter, value: SSAValue, origin: Origin):
        super().__init__(emitter, shape_of(value), origin)
        self.value = value

    def _write(self, part: Block, factor: float, asker: Origin, role: str) -> SSAValue:
        self._expect_no_factor(factor)
        if part.columns != self.columns:
            raise CannotRaise("an operand has only some channels of what is no linear layer")
        return self._rows(self.value, part, asker)


class Probabilities(Tensor):
    """The result of a softmax: heads x query tokens x key tokens."""


class Linear(Source):
    """A fully connected layer, of which some output channels can be asked for."""

    def __init__(
        self, emitter: Emitter, input: SSAValue, weight: Weight, bias: Weight | None, origin: Origin
    ):
        super().__init__(emitter, (shape_of(input)[0], weight.shape[0]), origin)
        self.input = input
        self.weight = weight
        self.bias = bias

    def with_bias(self, bias: Weight) -> Linear:
        """The same layer with a bias, which it must not have yet."""
        return Linear(
            self.emitter, self.input, self.weight, bias.reshape((self.columns,)), self.origin
        )

    @cached_property
    def _stored(self) -> tuple[SSAValue, SSAValue | None]:
        """All of the weight and of the bias."""
        weight = self.weight.emit(self.emitter, self.origin)
        return weight, None if self.bias is None else self.bias.emit(self.emitter, self.origin)

    def _write(self, part: Block, factor: float, asker: Origin, role: str) -> SSAValue:
        self._expect_no_factor(factor)
        origin = self.origin if part.columns == self.columns else self.origin.part(role)
        with self.emitter.beside_layers_of(self.input):
            weight, bias = self._stored
            if part.columns != self.columns:
                weight = self._channels(weight, part, origin.part("weight"))
                bias = None if bias is None else self._channels(bias, part, origin.part("bias"))
            value = self.emitter.emit(vit.LinearOp(self.input, weight, bias), origin)
        return self._rows(value, part, asker)

    def _channels(self, parameter: SSAValue, part: Block, origin: Origin) -> SSAValue:
        return self.emitter.emit(vit.SliceOp(parameter, part.first_column, part.columns), origin)


class Scores(Source):
    """Attention scores: heads x query tokens x key tokens."""

    def __init__(
        self,
        emitter: Emitter,
        query: SSAValue,
        key: SSAValue,
        heads: int,
        factor: float,
        origin: Origin,
    ):
        super().__init__(emitter, (heads, shape_of(query)[0], shape_of(key)[0]), origin)
        self.query = query
        self.key = key
        self.heads = heads
        self.factor = factor

    def _write(self, part: Block, factor: float, asker: Origin, role: str) -> SSAValue:
        self._expect_whole(part)
        scale = self.factor * factor
        usual = 1 / sqrt(shape_of(self.query)[1] / self.heads)
        scale = usual if same_factor(scale, usual) else scale
        return self.emitter.emit(
            vit.AttentionScoresOp(self.query, self.key, self.heads, scale), self.origin
        )


class Gelu(Source):
    """A GELU, which is complete only where the last factor on it makes it exactly that."""

    def __init__(self, emitter: Emitter, input: SSAValue, origin: Origin):
        super().__init__(emitter, shape_of(input), origin)
        self.input = input

    def _write(self, part: Block, factor: float, asker: Origin, role: str) -> SSAValue:
        self._expect_no_factor(factor)
        self._expect_whole(part)
        return self.emitter.emit(vit.GeluOp(self.input), asker)
