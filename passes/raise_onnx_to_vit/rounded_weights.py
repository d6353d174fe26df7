"""How a model file rounds a weight, and what is written for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import IntegerType
from xdsl.ir import SSAValue

from vaqf.dialects import quant, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter, Origin

if TYPE_CHECKING:
    from vaqf.passes.raise_onnx_to_vit.weights import Weight


@dataclass(frozen=True)
class Integers:
    """The model file has the integers."""

    zero_point: int
    """The one that stands for zero."""

    elements: IntegerType
    """What holds them, less their zero point; they are symmetric as all weights are."""

    is_stored: bool
    """Whether the file has them in that type, without a zero point."""

    def emit(self, emitter: Emitter, stored: SSAValue, scale: SSAValue, origin: Origin) -> SSAValue:
        """Write what gives them."""
        if self.is_stored:
            return stored
        return emitter.emit(quant.RecentreWeightOp(stored, self.zero_point, self.elements), origin)


@dataclass(frozen=True)
class Rounded:
    """The model file has real values, and says how to round them."""

    smallest: int
    """The smallest integer."""

    largest: int
    """The largest integer."""

    elements: IntegerType
    """What holds them."""

    def emit(self, emitter: Emitter, stored: SSAValue, scale: SSAValue, origin: Origin) -> SSAValue:
        """Write what gives the integers."""
        bounds = self.smallest, self.largest
        return emitter.emit(quant.RoundWeightOp(stored, scale, self.elements, bounds), origin)


@dataclass(frozen=True)
class Signs:
    """The model file has real values, of which only the signs count."""

    def emit(self, emitter: Emitter, stored: SSAValue, scale: SSAValue, origin: Origin) -> SSAValue:
        """Write what gives the signs."""
        return emitter.emit(quant.WeightSignsOp(stored), origin)


@dataclass(frozen=True)
class WeightRounding:
    """How a weight is rounded. Moving the weight moves its scales along."""

    integers: Integers | Rounded | Signs
    """Where its integers come from."""

    scale: float = 0.0
    """The scale of all values, unless there are `scales`."""

    scales: Weight | None = None
    """One scale for each index of `axis`."""

    axis: int = 0
    """The dimension of the weight, as it is moved so far, that has scales of its own."""

    def transposed(self, permutation: tuple[int, ...]) -> WeightRounding:
        """The same of a weight with its dimensions permuted."""
        if self.scales is None:
            return self
        return replace(self, axis=permutation.index(self.axis))

    def reshaped(self, before: tuple[int, ...], after: tuple[int, ...]) -> WeightRounding:
        """
        The same of a weight in another shape.

        Raises:
            CannotRaise: when the dimension that has scales of its own is split or merged.
        """
        if self.scales is None:
            return self
        leading = prod(before[: self.axis])
        for axis, size in enumerate(after):
            if size == before[self.axis] and prod(after[:axis]) == leading:
                return replace(self, axis=axis)
        raise CannotRaise(
            f"a weight of shape {before} with scales along dimension {self.axis} gets shape {after}"
        )

    def sliced(self, first: int, rows: int) -> WeightRounding:
        """The same of consecutive rows of a weight."""
        if self.scales is None or self.axis:
            return self
        return replace(self, scales=self.scales.slice(first, rows))

    def expect_output_channels(self, shape: tuple[int, ...]) -> None:
        """
        Check that one scale belongs to each output channel of a weight, or one to all of it.

        Raises:
            CannotRaise: when other indices have scales of their own.
        """
        if self.scales is not None and self.axis:
            raise CannotRaise(
                f"the {shape[self.axis]} indices of dimension {self.axis} of a weight of shape "
                f"{shape} have scales of their own, expected its {shape[0]} output channels"
            )

    def emit(self, emitter: Emitter, stored: SSAValue, origin: Origin) -> SSAValue:
        """
        Write the weight as what its integers and scales stand for.

        Args:
            emitter: where to write.
            stored: what the model file has, moved.
            origin: the node that uses the weight.

        Raises:
            CannotRaise: when not the output channels have scales of their own.
        """
        shape = shape_of(stored)
        if not shape:
            raise CannotRaise("a number by itself is rounded")
        self.expect_output_channels(shape)
        if self.scales is None:
            uniform = quant.UniformScaleOp(self.scale, shape[0])
            scale = emitter.emit(uniform, origin.part("scale"))
        else:
            scale = self.scales.emit(emitter, origin.part("scale"))
        matrix = stored
        if len(shape) > 2:
            rows = vit.ReshapeOp(stored, (shape[0], prod(shape[1:])))
            matrix = emitter.emit(rows, origin.part("matrix"))
        integers = self.integers.emit(emitter, matrix, scale, origin.part("integers"))
        weight = emitter.emit(quant.DequantizeWeightOp(integers, scale), origin)
        return weight if matrix is stored else emitter.emit(vit.ReshapeOp(weight, shape), origin)
