"""Rounding that the model says: formats of activations, and weights in integers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import IntegerType, Signedness, f32
from xdsl.ir import Operation, SSAValue
from xdsl.utils.hints import isa

from vaqf.dialects import onnx, quant
from vaqf.dialects.onnx.base import elements_of
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.quant.formats import MAXIMUM_BITS, Format
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.onnx.quantization import integer_bounds, quant_bounds
from vaqf.passes.raise_onnx_to_vit.arrangement import Part, Positions
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Constant, Integral, Meaning, View
from vaqf.passes.raise_onnx_to_vit.rounded_weights import (
    Integers,
    Rounded,
    Signs,
    WeightRounding,
)
from vaqf.passes.raise_onnx_to_vit.sources import Linear, Probabilities, Scores, Source
from vaqf.passes.raise_onnx_to_vit.weights import Weight

_EXACT_MODES = ("ROUND", "HALF_EVEN")

_LEAVE_OUT = (
    "leave it out: with quantize_static, op_types_to_quantize=['Conv', 'Gemm', 'MatMul'] and "
    "extra_options={'OpTypesToExcludeOutputQuantization': ['Conv', 'Gemm', 'MatMul']}"
)
"""What to do about values that nothing in integers stands for."""


class RoundedValues(Source):
    """Values of another source, each rounded to a number format."""

    def __init__(self, emitter: Emitter, inner: Source, format: Format, origin: Origin):
        super().__init__(emitter, (inner.whole.rows, inner.columns), origin)
        self.inner = inner
        self.format = format

    @property
    def unrounded(self) -> Source:
        return self.inner

    def find(self, positions: Positions) -> Part | None:
        return self.inner.find(positions)

    def _write(self, part: Part, asker: Origin, role: str) -> SSAValue:
        value = self.inner.ask(part, 1.0, asker, role)
        return emit_rounding(self.emitter, value, self.format, self.origin)


def emit_rounding(emitter: Emitter, value: SSAValue, format: Format, origin: Origin) -> SSAValue:
    """Write what rounds a value, and give it rounded."""
    named = replace(origin, label=value.name_hint or origin.label)
    integers = emitter.emit(quant.QuantizeOp(value, format), named.part("integers"))
    return emitter.emit(quant.DequantizeOp(integers), named.part("rounded"))


@dataclass(frozen=True)
class Range:
    """Integers that values are rounded to."""

    bits: int
    smallest: int
    largest: int
    """Relative to the one that stands for zero."""

    @property
    def is_full(self) -> bool:
        """Whether they are all the integers of two's complement, or -1 and +1."""
        half = 1 << (self.bits - 1)
        return (self.smallest, self.largest) == ((-1, 1) if self.bits == 1 else (-half, half - 1))


def _array(graph: Graph, name: str, value: SSAValue) -> NDArray[np.generic]:
    """The elements of an operand that says how to round."""
    match graph.meanings[value]:
        case Constant(array):
            return array
        case Weight(moves=()) as weight if weight.rounding is None:
            return graph.parameters().read_any(weight.name)
        case _:
            raise CannotRaise(f"'{name}' is computed, accepted are constants")


def _number(graph: Graph, name: str, value: SSAValue) -> float:
    """The one number that all elements of an operand are."""
    elements = np.unique(_array(graph, name, value).astype(np.float64))
    if len(elements) != 1:
        raise CannotRaise(f"'{name}' has {len(elements)} different numbers, accepted is one")
    return float(elements[0])


def _zero_point(graph: Graph, value: SSAValue | None) -> int:
    zero = 0.0 if value is None else _number(graph, "zero_point", value)
    if not zero.is_integer():
        raise CannotRaise(f"'zero_point' is {zero}, accepted are whole numbers")
    return int(zero)


def _positive(name: str, number: float) -> float:
    if not 0 < number < np.inf:
        raise CannotRaise(f"'{name}' is {number:.7g}, it must be positive")
    return number


# Activations


def _format(view: View, scale: float, integers: Range) -> Format:
    """
    The number format that the activations of a view are rounded to.

    Raises:
        CannotRaise: when there is none that holds just these integers.
    """
    if not 1 <= integers.bits <= MAXIMUM_BITS:
        raise CannotRaise(f"it rounds to {integers.bits} bits, accepted range is [1, 16]")
    if isinstance(view.source, Probabilities):
        if integers.smallest <= 0 and integers.largest > 0:
            bits = (integers.largest + 1).bit_length() - 1
            if integers.largest + 1 == 1 << bits:
                return UnsignedType(bits, scale)
        raise CannotRaise(
            f"probabilities are rounded to {integers.smallest} to {integers.largest}, "
            "expected 0 to 2^bits - 1"
        )
    if integers.smallest >= 0:
        raise CannotRaise(
            f"activations are rounded to {integers.smallest} to {integers.largest}, accepted are "
            "signed integers: take QuantType.QInt8 and ActivationSymmetric=True, or in Brevitas "
            "Int8ActPerTensorFloat"
        )
    if not integers.is_full:
        raise CannotRaise(
            f"activations are rounded to {integers.smallest} to {integers.largest}, expected all "
            f"integers of {integers.bits} bits: take narrow_range=False"
        )
    return IntType(integers.bits, scale)


def _round_view(graph: Graph, op: Operation, view: View, scale: float, integers: Range) -> View:
    """Activations, rounded. What is rounded here keeps its place: rounding and moving commute."""
    if isinstance(view.source, Scores):
        raise CannotRaise(f"it rounds attention scores, whose softmax is exact: {_LEAVE_OUT}")
    if not view.factor > 0:
        raise CannotRaise(f"it rounds activations with a factor of {view.factor:.7g}")
    format = _format(view, scale / view.factor, integers)
    origin = Origin.of(op)
    match view.source:
        case RoundedValues() as source:
            if source.format == format:
                return view
            raise CannotRaise(
                f"it rounds to {format} what is rounded to {source.format} already: one format "
                "for a value is accepted"
            )
        case Probabilities() as source:
            value = emit_rounding(graph.emitter, source.value, format, origin)
            return replace(view, source=Probabilities(graph.emitter, value, origin))
        case source:
            return replace(view, source=RoundedValues(graph.emitter, source, format, origin))


def _expect_whole_tensor(dimension: int | None) -> None:
    if dimension is not None:
        raise CannotRaise(
            f"the activations have a scale for each index of dimension {dimension}, accepted is "
            "one for all"
        )


def quantize(graph: Graph, op: onnx.QuantizeLinearOp) -> Meaning:
    """Activations, or a weight, on their way to what `dequantize` makes of them."""
    zero = _zero_point(graph, op.zero_point)
    elements = elements_of(op.result)
    assert isa(elements, IntegerType)
    smallest, largest = integer_bounds(elements)
    integers = Range(elements.width.data, smallest - zero, largest - zero)
    match graph.meanings[op.input]:
        case Weight() as weight:
            rounding = _rounding(graph, op, op.dimension, op.scale)
            axis = op.dimension or 0
            return Integral(_rounded_weight(graph, weight, rounding, integers, axis), zero)
        case View() as view:
            _expect_whole_tensor(op.dimension)
            if elements.signedness.data == Signedness.UNSIGNED and zero == 0:
                integers = Range(elements.width.data, 0, largest)
            elif 2 * zero != smallest + largest + 1:
                raise CannotRaise(
                    "activations are rounded about another zero point than "
                    f"{(smallest + largest + 1) // 2}: with quantize_static, take "
                    "ActivationSymmetric=True"
                )
            scale = _positive("scale", _number(graph, "scale", op.scale))
            return Integral(_round_view(graph, op, view, scale, integers), zero, scale)
        case _:
            raise CannotRaise("it rounds neither activations nor a weight")


def dequantize(graph: Graph, op: onnx.DequantizeLinearOp) -> Meaning:
    """What integers stand for: those of activations, or those of the model file."""
    zero = _zero_point(graph, op.zero_point)
    match graph.meanings[op.input]:
        case Integral(Weight() as weight, expected):
            if weight.rounding is None or zero != expected:
                raise CannotRaise(f"its zero point is {zero}, that of the rounding is {expected}")
            scale, axis = _rounding(graph, op, op.dimension, op.scale), op.dimension or 0
            given = _weight_rounding(weight.rounding.integers, scale, axis)
            if given != weight.rounding:
                raise CannotRaise("its scales are not those of the rounding before it")
            return weight
        case Integral(View() as view, expected, scale):
            given = _number(graph, "scale", op.scale)
            if (zero, given) != (expected, scale):
                raise CannotRaise(
                    f"its scale and zero point are {given:.9g} and {zero}, those of the rounding "
                    f"before it {scale:.9g} and {expected}"
                )
            return view
        case Weight(shape=()) as weight:
            step = np.float32(_number(graph, "scale", op.scale))
            return Constant(np.array((_number(graph, "input", op.input) - zero) * step, np.float32))
        case Weight() as weight:
            return _stored_weight(graph, op, weight, zero)
        case _:
            raise CannotRaise("it takes neither rounded activations nor a weight of integers")


def _weight_rounding(
    integers: Integers | Rounded | Signs, scale: float | Weight, axis: int
) -> WeightRounding:
    if isinstance(scale, Weight):
        return WeightRounding(integers, scales=scale, axis=axis)
    return WeightRounding(integers, scale)


# Weights


def _rounding(
    graph: Graph,
    op: onnx.QuantizeLinearOp | onnx.DequantizeLinearOp,
    dimension: int | None,
    scale: SSAValue,
) -> float | Weight:
    """The scale of a weight, or those of the indices of one dimension."""
    if op.block_size is not None and op.block_size.value.data:
        raise CannotRaise(
            f"blocks of {op.block_size.value.data} values have scales of their own, accepted is "
            "one scale for a weight or one for each of its output channels"
        )
    if dimension is None:
        return _positive("scale", _number(graph, "scale", scale))
    match graph.meanings[scale]:
        case Weight() as weight:
            return weight
        case _:
            return _positive("scale", _number(graph, "scale", scale))


def _symmetric_type(largest: int) -> IntegerType:
    """The narrowest type of weights that holds integers of a magnitude."""
    bits = max(2, largest.bit_length() + 1)
    if bits > MAXIMUM_BITS:
        raise CannotRaise(
            f"a weight has integers of magnitude {largest}, accepted is at most "
            f"{(1 << (MAXIMUM_BITS - 1)) - 1}"
        )
    return IntegerType(bits)


def _stored_weight(graph: Graph, op: onnx.DequantizeLinearOp, weight: Weight, zero: int) -> Weight:
    """A weight of integers in the model file."""
    elements = weight.elements
    if not isa(elements, IntegerType):
        raise CannotRaise("its input is a weight of real values")
    scale = _rounding(graph, op, op.dimension, op.scale)
    smallest, largest = (bound - zero for bound in integer_bounds(elements))
    width = elements.width.data
    if width > MAXIMUM_BITS:
        if zero:
            raise CannotRaise(f"'zero_point' is {zero}, accepted is 0 for {elements}")
        integers = Integers(0, elements, is_stored=True)
        return replace(weight, rounding=_weight_rounding(integers, scale, op.dimension or 0))
    if -smallest > largest:
        # Symmetric formats lack the smallest integer, but few weights have it.
        stored = graph.parameters().read_any(weight.name).astype(np.int64) - zero
        smallest = int(stored.min(initial=-largest))
    held = _symmetric_type(max(-smallest, largest))
    is_stored = not zero and held == elements
    integers = Integers(zero, held, is_stored)
    return replace(weight, rounding=_weight_rounding(integers, scale, op.dimension or 0))


def _rounded_weight(
    graph: Graph, weight: Weight, scale: float | Weight, integers: Range, axis: int = 0
) -> Weight:
    """A weight of real values in the model file, and how to round it."""
    if weight.rounding is not None:
        raise CannotRaise("it rounds a weight that is rounded already")
    if weight.elements != f32:
        raise CannotRaise(f"it rounds a weight of {weight.elements}")
    if integers.bits == 1 and integers.smallest < 0:
        return replace(weight, rounding=_weight_rounding(Signs(), scale, axis))
    smallest, largest = integers.smallest, integers.largest
    if -smallest == largest + 1 and not _has_smallest(graph, weight, scale, smallest, axis):
        smallest = -largest
    held = _symmetric_type(max(-smallest, largest))
    rounded = Rounded(smallest, largest, held)
    return replace(weight, rounding=_weight_rounding(rounded, scale, axis))


def _has_smallest(
    graph: Graph, weight: Weight, scale: float | Weight, smallest: int, axis: int
) -> bool:
    """Whether a weight has the one integer that symmetric formats lack."""
    if weight.moves:
        return True
    real = graph.parameters().read(weight.name)
    if isinstance(scale, Weight):
        others = tuple(index for index in range(real.ndim) if index != axis)
        scales = graph.parameters().read(scale.name).ravel()
        steps = (real.min(axis=others) / scales).min()
    else:
        steps = real.min(initial=0.0) / np.float32(scale)
    return bool(np.rint(steps) <= smallest)


# QONNX


def quant_node(graph: Graph, op: onnx.QuantOp) -> Meaning:
    """Activations, or a weight, rounded as QONNX says."""
    bits = _number(graph, "bits", op.bits)
    if not bits.is_integer() or not 1 <= bits <= MAXIMUM_BITS:
        raise CannotRaise(f"it rounds to {bits:.7g} bits, accepted are 1 to 16")
    mode = op.rounding_mode.data.upper()
    if mode not in _EXACT_MODES:
        raise CannotRaise(f"'rounding_mode' is {mode}, accepted is ROUND")
    if zero := _zero_point(graph, op.zero_point):
        raise CannotRaise(
            f"'zero_point' is {zero}, accepted is 0: take a symmetric quantizer, in Brevitas "
            "Int8ActPerTensorFloat for activations and Int8WeightPerChannelFloat for weights"
        )
    is_signed, is_narrow = bool(op.signed.value.data), bool(op.narrow.value.data)
    if bits == 1 and is_signed:
        return _rounded(graph, op, Range(1, -1, 1))
    bounds = quant_bounds(int(bits), signed=is_signed, narrow=is_narrow)
    return _rounded(graph, op, Range(int(bits), *bounds))


def bipolar_quant(graph: Graph, op: onnx.BipolarQuantOp) -> Meaning:
    """The signs of activations, or of a weight, times a scale."""
    return _rounded(graph, op, Range(1, -1, 1))


def _rounded(graph: Graph, op: onnx.QuantOp | onnx.BipolarQuantOp, integers: Range) -> Meaning:
    shape = shape_of(op.input)
    match graph.meanings[op.input]:
        case Weight() as weight:
            scale, axis = _broadcast_scale(graph, op.scale, shape)
            return _rounded_weight(graph, weight, scale, integers, axis)
        case View() as view:
            if prod(shape_of(op.scale)) != 1:
                raise CannotRaise(
                    f"the activations have scales of shape {shape_of(op.scale)}, accepted is one "
                    "for all: in Brevitas, Int8ActPerTensorFloat"
                )
            scale = _positive("scale", _number(graph, "scale", op.scale))
            return _round_view(graph, op, view, scale, integers)
        case _:
            raise CannotRaise("it rounds neither activations nor a weight")


def _broadcast_scale(
    graph: Graph, scale: SSAValue, shape: tuple[int, ...]
) -> tuple[float | Weight, int]:
    """The scale of a weight, or those of the indices of one dimension, and which that is."""
    sizes = shape_of(scale)
    if prod(sizes) == 1:
        return _positive("scale", _number(graph, "scale", scale)), 0
    found = graph.meanings[scale]
    axes = [axis for axis, size in enumerate(sizes, len(shape) - len(sizes)) if size != 1]
    if len(axes) != 1 or not isinstance(found, Weight):
        raise CannotRaise(
            f"a weight of shape {shape} has scales of shape {sizes}, accepted is one scale, or one "
            "for each output channel"
        )
    return found.reshape((shape[axes[0]],)), axes[0]


# What is in the way


def bias_reason(view: View) -> str | None:
    """Why a bias cannot be added to activations, when that is because they are rounded."""
    source = view.source
    if source.unrounded is not source and isinstance(source.unrounded, Linear):
        return f"it adds a bias to a product that is rounded before: {_LEAVE_OUT}"
    return None


def rounding_before(op: Operation) -> str | None:
    """Why an operation cannot be raised, when it would be part of a function but for rounding."""
    nodes = [each.owner for each in op.operands]
    for node in tuple(nodes):
        if isinstance(node, onnx.MulOp | onnx.DivOp):
            nodes += [each.owner for each in node.operands]
    roundings = onnx.DequantizeLinearOp | onnx.QuantOp | onnx.BipolarQuantOp
    if not any(isinstance(node, roundings) for node in nodes):
        return None
    return (
        "it takes values that are rounded within what would be one function, such as a GELU or "
        f"LayerNorm: {_LEAVE_OUT}"
    )
