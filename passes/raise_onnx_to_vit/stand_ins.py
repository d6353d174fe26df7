"""What values are taken for that an operation which failed gives."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.dialects.builtin import TensorType, f32
from xdsl.ir import Block, OpResult, SSAValue
from xdsl.utils.hints import isa

from vaqf.dialects.onnx.base import FloatTensor
from vaqf.passes.raise_onnx_to_vit.arrangement import Positions, in_order
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter, Origin
from vaqf.passes.raise_onnx_to_vit.meanings import Meaning, Unknown, View
from vaqf.passes.raise_onnx_to_vit.report import known_shape
from vaqf.passes.raise_onnx_to_vit.sources import Image, Tensor


@dataclass(frozen=True, eq=False)
class StandIn(View):
    """
    Activations in whatever order they are needed, so that what follows is checked as well.

    Nothing that is written with them is ever kept.
    """

    @staticmethod
    def of(shape: tuple[int, ...], origin: Origin) -> StandIn:
        """What values of this shape are taken for: an image where they can be one."""
        is_image = len(shape) == 4 and shape[0] == 1
        kind = Image if is_image else Tensor
        value = _placeholder(shape[1:] if is_image else (prod(shape[:-1]), shape[-1]))
        return StandIn(kind(Emitter(Block()), value, origin), in_order(shape), origin)

    def moved(self, positions: Positions, origin: Origin) -> StandIn:
        return StandIn.of(positions.shape or (1,), origin)

    def transposed(self, order: tuple[int, ...]) -> StandIn:
        return StandIn.of(self.positions.transpose(order).shape, self.origin)

    def whole(self) -> SSAValue:
        shape = self.positions.shape
        return _placeholder(shape[1:] if len(shape) > 2 and shape[0] == 1 else shape)

    def matrix(self, role: str = "") -> SSAValue:
        *rows, columns = (1, *self.positions.shape)
        return _placeholder((prod(rows), columns))

    def heads(self, role: str) -> tuple[SSAValue, int]:
        *batch, heads, tokens, channels = (1, 1, 1, *self.positions.shape)
        if prod(batch) != 1:
            raise CannotRaise(f"attention within {prod(batch)} groups of {tokens} tokens")
        return _placeholder((tokens, heads * channels)), heads


def _placeholder(shape: tuple[int, ...]) -> SSAValue:
    return Block(arg_types=(TensorType(f32, shape),)).args[0]


def stand_in(result: OpResult) -> Meaning:
    """
    What activations are taken for that nobody could find out.

    Anything but matrices of real values of a known size stays unknown.
    """
    shape = known_shape(result)
    if shape is None or len(shape) < 2 or not isa(result.type, FloatTensor):
        return Unknown()
    return StandIn.of(shape, Origin.of(result.op))
