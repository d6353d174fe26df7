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

from xdsl.ir import Operation, SSAValue

from vaqf.dialects import quant, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arrangement import (
    Block,
    Comb,
    Part,
    Patches,
    Positions,
    as_block,
    as_comb,
    as_patches,
)
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
        self._written: dict[tuple[Part, float], SSAValue] = {}

    @property
    def columns(self) -> int:
        """Size of the last dimension."""
        return self.whole.columns

    @property
    def unrounded(self) -> Source:
        """What computes the values before a model rounds them."""
        return self

    def find(self, positions: Positions) -> Part | None:
        """What to ask for, to get a matrix with these positions; None when it cannot be had."""
        return as_block(positions, self.columns)

    def ask(self, part: Part, factor: float, asker: Origin, role: str) -> SSAValue:
        """
        Write what computes `factor` times a part of the values, unless that was done already.

        `asker` is the node that picked or scaled the part; `role` says what it is for, and names a
        part that stands for no node of its own.

        Raises:
            CannotRaise: when no operation of the `vit` dialect computes this.
        """
        factor = 1.0 if same_factor(factor, 1.0) else factor
        if (part, factor) not in self._written:
            self._written[part, factor] = self._write_scaled(part, factor, asker, role)
        return self._written[part, factor]

    def _write_scaled(self, part: Part, factor: float, asker: Origin, role: str) -> SSAValue:
        if factor == 1.0:
            return self._write(part, asker, role)
        value = self.ask(part, 1.0, asker, role)
        return self.emitter.emit(vit.ScaleOp(value, factor), asker)

    @abstractmethod
    def _write(self, part: Part, asker: Origin, role: str) -> SSAValue: ...

    def _rows(self, value: SSAValue, part: Block | Comb, asker: Origin) -> SSAValue:
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

    def _write(self, part: Part, asker: Origin, role: str) -> SSAValue:
        if not isinstance(part, Block) or part.columns != self.columns:
            raise CannotRaise("an operand has only some channels of what is no linear layer")
        return self._rows(self.value, part, asker)


class Probabilities(Tensor):
    """The result of a softmax: heads x query tokens x key tokens."""


class Image(Tensor):
    """An input of colours x height x width."""

    def find(self, positions: Positions) -> Part | None:
        return as_patches(positions, self._size)

    @property
    def _size(self) -> tuple[int, int, int]:
        colours, height, width = shape_of(self.value)
        return colours, height, width

    def _write(self, part: Part, asker: Origin, role: str) -> SSAValue:
        match part:
            case Patches(height, width, order):
                patches = vit.ExtractPatchesOp(self.value, (height, width), order)
                return self.emitter.emit(patches, asker.part("patches"))
            case _:
                return super()._write(part, asker, role)


class Linear(Source):
    """A fully connected layer, of which some output channels can be asked for."""

    def __init__(
        self, emitter: Emitter, input: SSAValue, weight: Weight, bias: Weight | None, origin: Origin
    ):
        super().__init__(emitter, self._shape_of_result(input, weight), origin)
        if weight.rounding is not None:
            weight.rounding.expect_output_channels(weight.shape)
        self.input = input
        self.weight = weight
        self.bias = bias

    def _shape_of_result(self, input: SSAValue, weight: Weight) -> tuple[int, ...]:
        return shape_of(input)[0], weight.shape[0]

    def _layer(self, weight: SSAValue, bias: SSAValue | None) -> Operation:
        return vit.LinearOp(self.input, weight, bias)

    def with_bias(self, bias: Weight, first: int) -> Linear:
        """The output channels from `first` on that `bias` is for, which must have none yet."""
        weight, bias = self.weight.slice(first, bias.size), bias.reshape((bias.size,))
        return type(self)(self.emitter, self.input, weight, bias, self.origin)

    def find(self, positions: Positions) -> Part | None:
        return super().find(positions) or as_comb(positions, self.columns)

    @cached_property
    def _stored(self) -> tuple[SSAValue, SSAValue | None]:
        """All of the weight and of the bias."""
        weight = self.weight.emit(self.emitter, self.origin)
        return weight, None if self.bias is None else self.bias.emit(self.emitter, self.origin)

    def _write(self, part: Part, asker: Origin, role: str) -> SSAValue:
        if isinstance(part, Patches):
            raise CannotRaise("an operand is no image")
        weight, bias = self._stored
        is_whole = isinstance(part, Block) and part.columns == self.columns
        origin = self.origin if is_whole else self.origin.part(role)
        if not is_whole:
            weight = self._channels(weight, part, origin.part("weight"))
            bias = None if bias is None else self._channels(bias, part, origin.part("bias"))
        value = self.emitter.emit(self._layer(weight, bias), origin)
        return self._rows(value, part, asker)

    def _channels(self, parameter: SSAValue, part: Block | Comb, origin: Origin) -> SSAValue:
        """Those output channels of a weight or bias that belong to a part."""
        if isinstance(parameter.owner, quant.DequantizeWeightOp):
            # What is read are the integers and their scales, so these are what is picked from.
            picked = [self._channels(each, part, origin) for each in parameter.owner.operands]
            return self.emitter.emit(quant.DequantizeWeightOp(*picked), origin)
        if isinstance(part, Block):
            return self._slice(parameter, part.first_column, part.columns, origin)
        _, *rest = shape_of(parameter)
        inner = range(len(part.grid), len(part.grid) + len(rest))
        split = self.emitter.emit(vit.ReshapeOp(parameter, (*part.grid, *rest)), origin)
        turned = self.emitter.emit(vit.TransposeOp(split, (*part.order, *inner)), origin)
        joined = self.emitter.emit(vit.ReshapeOp(turned, (self.columns, *rest)), origin)
        return self._slice(joined, part.index * part.columns, part.columns, origin)

    def _slice(self, parameter: SSAValue, first: int, rows: int, origin: Origin) -> SSAValue:
        if rows == self.columns:
            return parameter
        return self.emitter.emit(vit.SliceOp(parameter, first, rows), origin)


class PatchEmbedding(Linear):
    """A fully connected layer on the pixels of every patch of an image."""

    def _shape_of_result(self, input: SSAValue, weight: Weight) -> tuple[int, ...]:
        _, *image = shape_of(input)
        channels, _, *patch = weight.shape
        return prod(image) // prod(patch), channels

    def _layer(self, weight: SSAValue, bias: SSAValue | None) -> Operation:
        return vit.PatchEmbeddingOp(self.input, weight, bias)


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

    def _write_scaled(self, part: Part, factor: float, asker: Origin, role: str) -> SSAValue:
        if part != self.whole:
            raise CannotRaise("an operand is only part of attention scores")
        scale = self.factor * factor
        usual = 1 / sqrt(shape_of(self.query)[1] / self.heads)
        scale = usual if same_factor(scale, usual) else scale
        return self.emitter.emit(
            vit.AttentionScoresOp(self.query, self.key, self.heads, scale), self.origin
        )

    def _write(self, part: Part, asker: Origin, role: str) -> SSAValue:
        return self._write_scaled(part, 1.0, asker, role)
