"""Operations that only move values around, or pick some."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import prod

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import Interpreter

from vaqf.dialects import onnx
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.onnx import register_onnx_functions
from vaqf.passes.raise_onnx_to_vit.arrangement import Positions, in_order
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Constant, Integral, Meaning, View
from vaqf.passes.raise_onnx_to_vit.weights import Weight

Pick = onnx.SliceOp | onnx.SplitOp | onnx.GatherOp
"""Operations that give some of the values."""

Movement = (
    onnx.ReshapeOp
    | onnx.FlattenOp
    | onnx.SqueezeOp
    | onnx.UnsqueezeOp
    | onnx.ExpandOp
    | onnx.TransposeOp
    | onnx.SliceOp
    | onnx.SplitOp
    | onnx.GatherOp
)


@cache
def _interpreter() -> Interpreter:
    interpreter = Interpreter(ModuleOp([]))
    register_onnx_functions(interpreter)
    return interpreter


def move(graph: Graph, op: Movement) -> Sequence[Meaning]:
    """The input of `op`, moved."""
    return _moved(graph, op, graph.meanings[op.input])


def _moved(graph: Graph, op: Movement, meaning: Meaning) -> Sequence[Meaning]:
    match meaning:
        case View() as view:
            origin = Origin.of(op)
            moved = _moved_positions(graph, op, view.positions)
            return [view.moved(positions, origin) for positions in moved]
        case Weight() as weight:
            return _moved_weight(graph, op, weight)
        case Integral() as integral:
            return [integral.moved(each) for each in _moved(graph, op, integral.rounded)]
        case _:
            raise CannotRaise("it moves neither activations nor a weight")


def _moved_positions(graph: Graph, op: Movement, positions: Positions) -> Sequence[Positions]:
    """Positions move as values do: `op` is executed on them."""
    others = [graph.meanings[operand] for operand in op.operands[1:]]
    constants = [other.value for other in others if isinstance(other, Constant)]
    if len(constants) != len(others):
        raise CannotRaise("where it moves values depends on activations or weights")
    return _interpreter().run_op(op, (positions, *constants))


def _moved_weight(graph: Graph, op: Movement, weight: Weight) -> Sequence[Weight]:
    match op:
        case onnx.TransposeOp():
            return [weight.transpose(op.perm.get_values())]
        case onnx.ReshapeOp() | onnx.FlattenOp() | onnx.SqueezeOp() | onnx.UnsqueezeOp():
            return [weight.reshape(shape_of(op.result))]
        case onnx.ExpandOp():
            if prod(shape := shape_of(op.result)) != weight.size:
                raise CannotRaise("it repeats values of a weight")
            return [weight.reshape(shape)]
        case onnx.SliceOp() | onnx.SplitOp() | onnx.GatherOp():
            moved = _moved_positions(graph, op, in_order(weight.shape))
            return [_picked(op, weight, positions) for positions in moved]


def _picked(op: Pick, weight: Weight, positions: Positions) -> Weight:
    """The part of a weight that has these positions, in the shape that they have."""
    counts = positions.shape
    if isinstance(op, onnx.GatherOp):
        axis, indices = op.dimension, shape_of(op.indices)
        counts = (*counts[:axis], prod(indices), *counts[axis + len(indices) :])
    if not positions.size:
        raise CannotRaise("it picks nothing of a weight")
    firsts = [int(first) for first in np.unravel_index(int(positions.flat[0]), weight.shape)]
    ranges = [slice(first, first + count) for first, count in zip(firsts, counts, strict=True)]
    expected = in_order(weight.shape)[tuple(ranges)]
    if expected.shape != counts or not np.array_equal(expected, positions.reshape(counts)):
        raise CannotRaise("it picks values of a weight that are not next to each other")
    for dimension, (first, count) in enumerate(zip(firsts, counts, strict=True)):
        weight = weight.take(dimension, first, count)
    return weight.reshape(positions.shape)
