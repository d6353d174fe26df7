"""Products of activations with activations."""

from __future__ import annotations

import numpy as np

from vaqf.dialects import onnx, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arrangement import split_into_heads
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.layers import multiply_by_weight
from vaqf.passes.raise_onnx_to_vit.meanings import Meaning, View
from vaqf.passes.raise_onnx_to_vit.sources import Probabilities, Scores, Tensor
from vaqf.passes.raise_onnx_to_vit.weights import Weight


def multiply_matrices(graph: Graph, op: onnx.MatMulOp) -> Meaning:
    """A linear layer, attention scores, or the mixing of values."""
    match graph.meanings[op.left], graph.meanings[op.right]:
        case (View() as input, Weight() as weight):
            return multiply_by_weight(graph, op, input, weight)
        case (View(source=Probabilities()) as probabilities, View() as value):
            return _mix_values(graph, op, probabilities, value)
        case (View() as query, View() as transposed_key):
            return _compare(graph, op, query, transposed_key)
        case _:
            raise CannotRaise("it multiplies neither activations by a weight nor two activations")


def _compare(graph: Graph, op: onnx.MatMulOp, query: View, transposed_key: View) -> Meaning:
    key = transposed_key.moved(np.swapaxes(transposed_key.positions, -1, -2), transposed_key.origin)
    query_value, heads = query.unscaled().heads("query")
    key_value, key_heads = key.unscaled().heads("key")
    if heads != key_heads:
        raise CannotRaise(f"queries have {heads} heads, keys have {key_heads}")
    origin = Origin.of(op, "scores")
    factor = query.factor * key.factor
    scores = Scores(graph.emitter, query_value, key_value, heads, factor, origin)
    return graph.result(op, scores, origin)


def softmax(graph: Graph, op: onnx.SoftmaxOp) -> Meaning:
    """Probabilities of attention scores."""
    rank = len(shape_of(op.input))
    if op.dimension != rank - 1:
        raise CannotRaise(f"'axis' is {op.axis.value.data}, expected the last of {rank}")
    scores = graph.view("input", op.input)
    if not isinstance(scores.source, Scores):
        raise CannotRaise("its input is no attention scores")
    origin = Origin.of(op, "probabilities")
    value = graph.emitter.emit(vit.SoftmaxOp(scores.whole()), origin)
    return graph.result(op, Probabilities(graph.emitter, value, origin), origin)


def _mix_values(graph: Graph, op: onnx.MatMulOp, probabilities: View, value: View) -> Meaning:
    values, heads = value.heads("value")
    weights = probabilities.whole()
    if shape_of(weights)[0] != heads:
        raise CannotRaise(f"probabilities have {shape_of(weights)[0]} heads, values have {heads}")
    origin = Origin.of(op, "values")
    mixed = graph.emitter.emit(vit.AttentionValuesOp(weights, values), origin)
    tokens, channels = shape_of(mixed)
    positions = split_into_heads(tokens, channels, heads).reshape(shape_of(op.result))
    return View(Tensor(graph.emitter, mixed, origin), positions, origin)
