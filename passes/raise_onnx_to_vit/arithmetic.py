"""Sums and products: biases, residual connections, position embeddings and factors; GELU."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np
from xdsl.ir import SSAValue

from vaqf.dialects import onnx, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arrangement import columns_of, order_of_dimensions
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Constant, Meaning, View
from vaqf.passes.raise_onnx_to_vit.quantization import bias_reason
from vaqf.passes.raise_onnx_to_vit.sources import Linear, same_factor
from vaqf.passes.raise_onnx_to_vit.weights import Weight


def add(graph: Graph, op: onnx.AddOp) -> Meaning:
    """A residual connection, a bias, or a position embedding."""
    match graph.meanings[op.left], graph.meanings[op.right]:
        case (View() as left, View() as right):
            return _add_activations(graph, op, left, right)
        case (View() as view, Weight() as weight) | (Weight() as weight, View() as view):
            return add_weight(graph, op, view, weight)
        case (Weight() as left, Weight() as right):
            return _add_weights(graph, op, left, right)
        case _:
            raise CannotRaise("it is no residual connection, bias or position embedding")


def _add_activations(graph: Graph, op: onnx.AddOp, left: View, right: View) -> Meaning:
    """A residual connection, or the sum of two heads."""
    shapes = left.positions.shape, right.positions.shape
    left, right = (each.of_rank(len(shape_of(op.result))) for each in (left, right))
    if not left.positions.shape == right.positions.shape == shape_of(op.result):
        raise CannotRaise(
            f"it adds activations of shapes {shapes[0]} and {shapes[1]}, which stretches them to "
            f"shape {shape_of(op.result)}"
        )
    order = order_of_dimensions(left.positions)
    terms = [each.transposed(order).matrix() for each in (left, right)]
    return _sum(graph, op, order, *terms)


def _sum(
    graph: Graph, op: onnx.AddOp | onnx.GemmOp, order: tuple[int, ...], *terms: SSAValue
) -> View:
    """A sum of matrices, whose dimensions go back to where `order` took them from."""
    origin = Origin.of(op, "sum")
    return graph.written(op, graph.emitter.emit(vit.AddOp(*terms), origin), origin, order)


def add_weight(graph: Graph, op: onnx.AddOp | onnx.GemmOp, view: View, weight: Weight) -> Meaning:
    """A bias when `view` is a linear layer without one, else a position embedding."""
    shape, own_shape = shape_of(op.result), view.positions.shape
    view = view.of_rank(len(shape))
    if (biased := _with_bias(view, weight)) is not None:
        return biased
    reason = f"a weight of shape {weight.shape} is added to activations of shape {own_shape}"
    if view.positions.shape != shape:
        raise CannotRaise(f"{reason}, which stretches them to shape {shape}")
    if weight.size != prod(shape):
        raise CannotRaise(bias_reason(view) or reason)
    order = order_of_dimensions(view.positions)
    matrix = view.transposed(order).matrix()
    addend = weight.reshape(shape).transpose(order).reshape(shape_of(matrix))
    return _sum(graph, op, order, matrix, addend.emit(graph.emitter, Origin.of(op, "sum")))


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
    biased = replace(view, source=source.with_bias(bias, first))
    if bias.size == source.columns:
        return biased
    rows, columns = np.divmod(view.positions, source.columns)
    return replace(biased, positions=rows * bias.size + columns - first)


def _add_weights(graph: Graph, op: onnx.AddOp, left: Weight, right: Weight) -> Meaning:
    """A token of the model with the embedding of its position."""
    shape = shape_of(op.result)
    if not left.size == right.size == prod(shape):
        raise CannotRaise(f"weights of shapes {left.shape} and {right.shape} are added")
    origin = Origin.of(op, "sum")
    matrix = prod(shape[:-1]), shape[-1]
    terms = [each.reshape(matrix).emit(graph.emitter, origin) for each in (left, right)]
    return graph.written(op, graph.emitter.emit(vit.AddOp(*terms), origin), origin)


def multiply(graph: Graph, op: onnx.MulOp) -> Meaning:
    """A factor, or one for each channel."""
    match graph.meanings[op.left], graph.meanings[op.right]:
        case (View() as view, Constant() as constant):
            if view.positions.shape != shape_of(op.result):
                raise CannotRaise(f"it stretches its input to shape {shape_of(op.result)}")
            return view.scaled(constant.factor, Origin.of(op, "scaled"))
        case (View() as view, Weight() as weight) | (Weight() as weight, View() as view):
            return _scale_channels(graph, op, view, weight)
        case _:
            raise CannotRaise("it multiplies neither by a number nor by a factor for each channel")


def _scale_channels(graph: Graph, op: onnx.MulOp, view: View, weight: Weight) -> Meaning:
    """LayerScale."""
    shape, channels = view.positions.shape, view.positions.shape[-1:]
    of_channels = weight.shape[-1:] == channels and weight.size == prod(channels)
    if not of_channels or shape != shape_of(op.result):
        raise CannotRaise(
            f"a weight of shape {weight.shape} multiplies activations of shape {shape}, "
            "accepted is a factor for each channel"
        )
    origin = Origin.of(op)
    factors = weight.reshape(channels).emit(graph.emitter, origin)
    scaled = vit.ScaleChannelsOp(view.matrix(), factors)
    return graph.written(op, graph.emitter.emit(scaled, origin), origin)


def gelu(graph: Graph, op: onnx.GeluOp) -> Meaning:
    """A GELU, but not its approximation."""
    if op.approximate.data != "none":
        raise CannotRaise(
            f'\'approximate\' is "{op.approximate.data}", accepted is "none": '
            "the approximation by tanh is another function"
        )
    origin = Origin.of(op)
    value = graph.emitter.emit(vit.GeluOp(graph.view("input", op.input).matrix()), origin)
    return graph.written(op, value, origin)
