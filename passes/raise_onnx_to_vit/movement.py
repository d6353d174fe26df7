"""Operations that only move values around, or pick some."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import Interpreter

from vaqf.dialects import onnx
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.onnx import register_onnx_functions
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Constant, Meaning, View
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


@cache
def _interpreter() -> Interpreter:
    interpreter = Interpreter(ModuleOp([]))
    register_onnx_functions(interpreter)
    return interpreter


def move(graph: Graph, op: Movement) -> Sequence[Meaning]:
    """The input of `op`, moved."""
    match graph.meanings[op.input]:
        case View() as view:
            return _moved_view(graph, op, view)
        case Weight() as weight:
            return [_moved_weight(op, weight)]
        case _:
            raise CannotRaise("it moves neither activations nor a weight")


def _moved_view(graph: Graph, op: Movement, view: View) -> Sequence[View]:
    """Positions move as values do: `op` is executed on them."""
    others = [graph.meanings[operand] for operand in op.operands[1:]]
    constants = [other.value for other in others if isinstance(other, Constant)]
    results = _interpreter().run_op(op, (view.positions, *constants))
    return [view.moved(positions, Origin.of(op)) for positions in results]


def _moved_weight(op: Movement, weight: Weight) -> Weight:
    """Weights keep all of their values, so that each stays one tensor of the model file."""
    match op:
        case onnx.TransposeOp():
            return weight.transpose(op.perm.get_values())
        case onnx.ReshapeOp() | onnx.SqueezeOp() | onnx.UnsqueezeOp():
            return weight.reshape(shape_of(op.result))
        case onnx.ExpandOp() if shape_of(op.result) == weight.shape:
            return weight
        case _:
            raise CannotRaise("it picks or repeats values of a weight")
