"""Tensors of the model file, and how they are turned before they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod

from xdsl.dialects.builtin import f32
from xdsl.ir import Attribute, SSAValue

from vaqf.dialects import vit
from vaqf.passes.raise_onnx_to_vit.emission import Emitter, Origin, label_of
from vaqf.passes.raise_onnx_to_vit.rounded_weights import WeightRounding

_ANONYMOUS = re.compile(r"onnx::\w+|val_\d+")
"""What torch calls a tensor that it has changed, such as a weight that it has transposed."""


@dataclass(frozen=True)
class Transposition:
    """A permutation of the dimensions, as `vit.transpose` has it."""

    permutation: tuple[int, ...]


@dataclass(frozen=True)
class Reshaping:
    """Another shape for the same values in row-major order."""

    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class Slicing:
    """Some rows, as `vit.slice` has it."""

    first: int
    rows: int


Move = Transposition | Reshaping | Slicing


@dataclass(frozen=True)
class Weight:
    """A tensor of the model file, moved but not otherwise changed."""

    name: str
    """Its name in the model file."""

    stored: tuple[int, ...]
    """Its shape in the model file."""

    shape: tuple[int, ...]
    """Its shape after all moves."""

    moves: tuple[Move, ...] = ()
    """What turns the one into the other; no two neighbours are of the same kind."""

    elements: Attribute = f32
    """Its elements in the model file."""

    rounding: WeightRounding | None = None
    """How the model rounds it; None when it does not."""

    @property
    def size(self) -> int:
        """Number of values."""
        return prod(self.shape)

    def transpose(self, permutation: tuple[int, ...]) -> Weight:
        """The weight with its dimensions permuted."""
        shape = tuple(self.shape[source] for source in permutation)
        match self.moves:
            case (*earlier, Transposition(first)):
                both = tuple(first[source] for source in permutation)
            case earlier:
                both = permutation
        if both != tuple(range(len(both))):
            earlier = (*earlier, Transposition(both))
        rounding = self.rounding and self.rounding.transposed(permutation)
        return replace(self, shape=shape, moves=tuple(earlier), rounding=rounding)

    def reshape(self, shape: tuple[int, ...]) -> Weight:
        """The weight in another shape."""
        match self.moves:
            case (*earlier, Reshaping(before)):
                pass
            case earlier:
                before = self.shape
        if shape != before:
            earlier = (*earlier, Reshaping(before, shape))
        rounding = self.rounding and self.rounding.reshaped(self.shape, shape)
        return replace(self, shape=shape, moves=tuple(earlier), rounding=rounding)

    def slice(self, first: int, rows: int) -> Weight:
        """Consecutive rows of the weight, which are the indices of its first dimension."""
        if rows == self.shape[0]:
            return self
        rounding = self.rounding and self.rounding.sliced(first, rows)
        match self.moves:
            case (*earlier, Slicing(before)):
                first += before
            case earlier:
                pass
        moves = (*earlier, Slicing(first, rows))
        return replace(self, shape=(rows, *self.shape[1:]), moves=moves, rounding=rounding)

    def take(self, dimension: int, first: int, count: int) -> Weight:
        """Consecutive indices of any dimension of the weight."""
        before, after = self.shape[:dimension], self.shape[dimension + 1 :]
        shape = (*before, count, *after)
        if prod(before) == 1:
            rows = self.reshape(self.shape[dimension:])
            return rows.slice(first, count).reshape(shape)
        order = [*range(len(shape))]
        to_front = (dimension, *order[:dimension], *order[dimension + 1 :])
        back = (*order[1 : dimension + 1], 0, *order[dimension + 1 :])
        return self.transpose(to_front).slice(first, count).transpose(back)

    def emit(self, emitter: Emitter, user: Origin) -> SSAValue:
        """Write the operations that read it, at the location of their user."""
        own_name = "" if _ANONYMOUS.fullmatch(self.name) else label_of(self.name)
        origin = Origin(user.location, own_name or user.part("weight").label)
        stored = origin.part("stored") if self.moves else origin
        parameter = vit.ParameterOp(self.name, self.stored, self.elements)
        value = emitter.emit(parameter, stored)
        for move in self.moves:
            match move:
                case Transposition(permutation):
                    value = emitter.emit(vit.TransposeOp(value, permutation), origin)
                case Reshaping(_, after):
                    value = emitter.emit(vit.ReshapeOp(value, after), origin)
                case Slicing(first, rows):
                    value = emitter.emit(vit.SliceOp(value, first, rows), origin)
        return value if self.rounding is None else self.rounding.emit(emitter, value, origin)
