"""Tensors of the model file, and how they are turned before they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod

from xdsl.ir import SSAValue

from vaqf.dialects import vit
from vaqf.passes.raise_onnx_to_vit.emission import Emitter, Origin, label_of

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
class Weight:
    """A tensor of the model file, moved but not otherwise changed."""

    name: str
    """Its name in the model file."""

    stored: tuple[int, ...]
    """Its shape in the model file."""

    shape: tuple[int, ...]
    """Its shape after all moves."""

    moves: tuple[Transposition | Reshaping, ...] = ()
    """What turns the one into the other; no two neighbours are of the same kind."""

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
        return replace(self, shape=shape, moves=tuple(earlier))

    def reshape(self, shape: tuple[int, ...]) -> Weight:
        """The weight in another shape."""
        match self.moves:
            case (*earlier, Reshaping(before)):
                pass
            case earlier:
                before = self.shape
        if shape != before:
            earlier = (*earlier, Reshaping(before, shape))
        return replace(self, shape=shape, moves=tuple(earlier))

    def emit(self, emitter: Emitter, user: Origin) -> SSAValue:
        """Write the operations that read it, at the location of their user."""
        own_name = "" if _ANONYMOUS.fullmatch(self.name) else label_of(self.name)
        origin = Origin(user.location, own_name or user.part("weight").label)
        stored = origin.part("stored") if self.moves else origin
        value = emitter.emit(vit.ParameterOp(self.name, self.stored), stored)
        for move in self.moves:
            match move:
                case Transposition(permutation):
                    value = emitter.emit(vit.TransposeOp(value, permutation), origin)
                case Reshaping(_, after):
                    value = emitter.emit(vit.ReshapeOp(value, after), origin)
        return value
