"""Sums and products: biases, residuals, factors, and the pieces of a GELU."""

from __future__ import annotations

from dataclasses import replace
from math import prod, sqrt

import numpy as np

from vaqf.dialects import onnx, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arrangement import columns_of
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Constant, ErrorFunction, Meaning, View
from vaqf.passes.raise_onnx_to_vit.quantization import bias_reason
from vaqf.passes.raise_onnx_to_vit.sources import Linear, same_factor
from vaqf.passes.raise_onnx_to_vit.weights import Weight


def add(graph: Graph, op: onnx.AddOp) -> Meaning:
    """A bias, a residual connection, a position embedding, or the 1 of a GELU."""
    match graph.meanings[op.left], graph.meanings[op.right]:
        case (View() as left, View() as right):
            origin = Origin.of(op, "sum")
            sum = vit.AddOp(left.matrix(), right.matrix())
            return graph.written(op, graph.emitter.emit(sum, origin), origin)
        case (View() as view, Weight() as weight) | (Weight() as weight, View() as view):
            return add_weight(graph, op, view, weight)
        case (Weight() as left, Weight() as right):
            return _add_weights(graph, op, left, right)
        case (ErrorFunction() as expression, Constant() as constant) | (
            Constant() as constant,
            ErrorFunction() as expression,
        ):
            return replace(expression, offset=expression.offset + constant.factor)
        case (View(), Constant()) | (Constant(), View()):
            raise CannotRaise("it adds a constant that is neither a bias nor a position embedding")
        case _:
            raise CannotRaise("it is no bias, residual, position embedding or part of a GELU")


def add_weight(graph: Graph, op: onnx.AddOp | onnx.GemmOp, view: View, weight: Weight) -> Meaning:
    """A bias when `view` is a linear layer without one, else a position embedding."""
    if (biased := _with_bias(view, weight)) is not None:
        return biased
    if weight.size != view.positions.size:
        raise CannotRaise(
            bias_reason(view)
            or f"a weight of shape {weight.shape} is added to activations of shape "
            f"{view.positions.shape}"
        )
    matrix = view.matrix()
    origin = Origin.of(op, "sum")
    addend = weight.reshape(shape_of(matrix)).emit(graph.emitter, origin)
    return graph.written(op, graph.emitter.emit(vit.AddOp(matrix, addend), origin), origin)


def _with_bias(view: View, bias: Weight) -> View | None:
    """A linear layer without a bias, or some of its channels, with a bias; None for all others."""
    source = view.source
    if not isinstance(source, Linear) or source.bias is not None:
        return None
    first = columns_of(bias.shape, view.positions, source.columns)
    if first is None:
        return None
    if not same_factor(view.factor, 1.0):
        raise CannotRaise("a bias is added to a linear layer that has a factor")
    rows, columns = np.divmod(view.positions, source.columns)
    positions = rows * bias.size + columns - first
    return replace(view, source=source.with_bias(bias, first), positions=positions)


def _add_weights(graph: Graph, op: onnx.AddOp, left: Weight, right: Weight) -> Meaning:
    """A token of the model with the embedding of its position."""
    if left.size != right.size:
        raise CannotRaise(f"weights of shapes {left.shape} and {right.shape} are added")
    origin = Origin.of(op, "sum")
    shape = shape_of(op.result)
    matrix = prod(shape[:-1]), shape[-1]
    terms = [each.reshape(matrix).emit(graph.emitter, origin) for each in (left, right)]
    return graph.written(op, graph.emitter.emit(vit.AddOp(*terms), origin), origin)


def multiply(graph: Graph, op: onnx.MulOp) -> Meaning:
    """A factor, a factor for each channel, or what makes a GELU of an error function."""
    match graph.meanings[op.left], graph.meanings[op.right]:
        case (View() | ErrorFunction() as value, Constant() as constant) | (
            Constant() as constant,
            View() | ErrorFunction() as value,
        ):
            return _scaled(op, value, constant.factor)
        case (View() as view, Weight() as weight) | (Weight() as weight, View() as view):
            return _scale_channels(graph, op, view, weight)
        case (View() as view, ErrorFunction() as expression) | (
            ErrorFunction() as expression,
            View() as view,
        ):
            return _gelu(graph, op, view, expression)
        case (View(), View()):
            raise CannotRaise("it multiplies activations by activations")
        case _:
            raise CannotRaise("it multiplies neither by a single number nor for a GELU")


def divide(graph: Graph, op: onnx.DivOp) -> Meaning:
    """A factor."""
    match graph.meanings[op.left], graph.meanings[op.right]:
        case (View() | ErrorFunction() as value, Constant() as constant) if constant.factor:
            return _scaled(op, value, 1 / constant.factor)
        case _:
            raise CannotRaise("it does not divide by a single number other than zero")


def _scaled(op: onnx.MulOp | onnx.DivOp, value: View | ErrorFunction, factor: float) -> Meaning:
    if isinstance(value, ErrorFunction):
        return value.scaled(factor)
    if value.positions.shape != shape_of(op.result):
        raise CannotRaise(f"it stretches its input to shape {shape_of(op.result)}")
    return value.scaled(factor, Origin.of(op))


def _scale_channels(graph: Graph, op: onnx.MulOp, view: View, weight: Weight) -> Meaning:
    """LayerScale."""
    shape, channels = view.positions.shape, view.positions.shape[-1]
    if not weight.size == weight.shape[-1] == channels or shape != shape_of(op.result):
        raise CannotRaise(
            f"a weight of shape {weight.shape} multiplies activations of shape {shape}, "
            "accepted is a factor for each channel"
        )
    origin = Origin.of(op)
    factors = weight.reshape((channels,)).emit(graph.emitter, origin)
    scaled = vit.ScaleChannelsOp(view.matrix(), factors)
    return graph.written(op, graph.emitter.emit(scaled, origin), origin)


def error_function(graph: Graph, op: onnx.ErfOp) -> Meaning:
    """The error function of activations, on the way to a GELU."""
    return ErrorFunction(graph.view("input", op.input), gain=1.0, offset=0.0)


def _gelu(graph: Graph, op: onnx.MulOp, view: View, expression: ErrorFunction) -> Meaning:
    """`x * (gain + gain * erf(x / sqrt(2)))`, which is `2 * gain * gelu(x)`."""
    argument = expression.argument
    if argument.source is not view.source or not np.array_equal(argument.positions, view.positions):
        raise CannotRaise("the error function is of something else than what it multiplies")
    if not same_factor(argument.factor, sqrt(0.5)):
        raise CannotRaise(
            f"the error function is of {argument.factor:.7g} times the activations, "
            f"expected {sqrt(0.5):.7g}"
        )
    if not same_factor(expression.gain, expression.offset):
        raise CannotRaise(
            f"{expression.gain:.7g} * erf + {expression.offset:.7g} is no GELU, "
            "expected equal numbers"
        )
    origin = Origin.of(op)
    value = graph.emitter.emit(vit.GeluOp(replace(view, factor=1.0).matrix()), origin)
    return graph.written(op, value, origin).scaled(2 * expression.gain * view.factor, origin)


def gelu(graph: Graph, op: onnx.GeluOp) -> Meaning:
    """A GELU of one node."""
    if op.approximate.data != "none":
        raise CannotRaise(
            f'\'approximate\' is "{op.approximate.data}", accepted is "none": '
            "the approximation by tanh is another function"
        )
    origin = Origin.of(op)
    value = graph.emitter.emit(vit.GeluOp(graph.view("input", op.input).matrix()), origin)
    return graph.written(op, value, origin)
