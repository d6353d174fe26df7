"""Operations that only move values around, or pick some."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from vaqf.dialects import onnx
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arrangement import Positions
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Meaning, View
from vaqf.passes.raise_onnx_to_vit.weights import Weight

Movement = (
    onnx.ReshapeOp
    | onnx.SqueezeOp
    | onnx.UnsqueezeOp
    | onnx.ExpandOp
    | onnx.TransposeOp
    | onnx.SliceOp
    | onnx.SplitOp
    | onnx.GatherOp
)


def moved_positions(op: Movement, positions: Positions) -> Sequence[Positions]:
    """The positions of the elements of each result, given those of the elements of the input."""
    match op:
        case onnx.ReshapeOp() | onnx.SqueezeOp() | onnx.UnsqueezeOp():
            return [positions.reshape(shape_of(op.result))]
        case onnx.ExpandOp():
            return [np.broadcast_to(positions, shape_of(op.result))]
        case onnx.TransposeOp():
            return [positions.transpose(op.perm.get_values())]
        case onnx.SliceOp():
            return [positions[np.ix_(*op.ranges)]]
        case onnx.SplitOp():
            ends = list(accumulate(op.piece_sizes))
            return np.split(positions, ends[:-1], op.dimension)
        case onnx.GatherOp():
            indices = np.reshape(op.positions, shape_of(op.indices))
            return [np.take(positions, indices, op.dimension)]


def moved_weight(op: Movement, weight: Weight) -> Weight:
    """The weight after an operation that keeps all of its values."""
    match op:
        case onnx.TransposeOp():
            return weight.transpose(op.perm.get_values())
        case onnx.ReshapeOp() | onnx.SqueezeOp() | onnx.UnsqueezeOp():
            return weight.reshape(shape_of(op.result))
        case onnx.ExpandOp() if shape_of(op.result) == weight.shape:
            return weight
        case _:
            raise CannotRaise(f"it picks or repeats values of weight '{weight.name}'")


def move(graph: Graph, op: Movement) -> Sequence[Meaning]:
    """The input of `op`, moved."""
    match graph.meanings[op.input]:
        case View() as view:
            origin = Origin.of(op)
            return [view.moved(each, origin) for each in moved_positions(op, view.positions)]
        case Weight() as weight:
            return [moved_weight(op, weight)]
        case _:
            raise CannotRaise("it moves neither activations nor a weight")
