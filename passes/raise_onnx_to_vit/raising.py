"""Turn the graph of a Vision Transformer into operations of the vit dialect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, NameLoc, NoneAttr, StringAttr, TensorType, f32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException
from xdsl.utils.hints import isa

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import fail, name_of_location
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.onnx import Onnx
from vaqf.dialects.onnx.base import FloatTensor
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arrangement import in_order
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Meaning, Unknown, View
from vaqf.passes.raise_onnx_to_vit.rules import meanings_of
from vaqf.passes.raise_onnx_to_vit.sources import Tensor


@dataclass(frozen=True)
class Failure:
    """An operation that could not be raised, and why."""

    op: Operation
    reason: str


def report(failures: Sequence[Failure]) -> str:
    """One message for all failures, grouped by their reasons, the most frequent first."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for failure in failures:
        place = name_of_location(failure.op.location) or "an unknown location"
        groups[failure.op.name, failure.reason].append(place)
    count = f"{len(failures)} operation{'s' if len(failures) > 1 else ''}"
    reasons = [
        f"{len(places)} x '{name}': {reason} (at {', '.join(places)})"
        for (name, reason), places in sorted(groups.items(), key=lambda group: -len(group[1]))
    ]
    return f"{count} cannot be raised to the vit dialect: {'; '.join(reasons)}"


def _argument(emitter: Emitter, value: SSAValue, name: str) -> Tensor:
    """An input of the model, without its batch."""
    shape = shape_of(value)
    role = "image" if len(shape) > 3 else "tokens"
    origin = Origin(NameLoc(StringAttr(name), NoneAttr()), role)
    if len(shape) > 2 and shape[0] == 1:
        value = emitter.emit(vit.ReshapeOp(value, shape[1:]), origin)
    return Tensor(emitter, value, origin)


def _unknown(op: Operation) -> list[Meaning]:
    """
    What the results of an operation that failed are taken for.

    Where they can be a matrix of tokens they are one, so that what follows is checked as well.
    """

    def meaning(value: SSAValue) -> Meaning:
        match shape_of(value):
            case (1, tokens, channels):
                stand_in = Block(arg_types=(TensorType(f32, (tokens, channels)),)).args[0]
                origin = Origin.of(op)
                tensor = Tensor(Emitter(Block()), stand_in, origin)
                return View(tensor, in_order((1, tokens, channels)), origin)
            case _:
                return Unknown()

    return [meaning(value) for value in op.results]


def _output(graph: Graph, value: SSAValue) -> SSAValue:
    """An output of the model, in the shape that the model gives it."""
    view = graph.view("output", value)
    matrix = view.matrix()
    if matrix.type == value.type:
        return matrix
    return graph.emitter.emit(vit.ReshapeOp(matrix, shape_of(value)), view.origin)


def _raise_operations(graph: Graph, body: Block) -> Iterator[Failure]:
    """Find the meanings of all values, and give the failures."""
    for op in body.ops:
        if isinstance(op, ReturnOp):
            continue
        try:
            knows_inputs = not any(
                isinstance(graph.meanings[each], Unknown) for each in op.operands
            )
            results = meanings_of(graph, op) if knows_inputs else _unknown(op)
        except CannotRaise as error:
            yield Failure(op, str(error))
            results = _unknown(op)
        graph.meanings.update(zip(op.results, results, strict=True))


def _raise_outputs(graph: Graph, terminator: Operation) -> Iterator[Failure]:
    """Write the operations that give the outputs, and give the failures."""
    outputs: list[SSAValue] = []
    for value in terminator.operands:
        if isinstance(graph.meanings[value], Unknown):
            continue
        try:
            outputs.append(_output(graph, value))
        except CannotRaise as error:
            node = value.owner if isinstance(value.owner, Operation) else terminator
            yield Failure(node, f"as an output of the model, {error}")
    graph.emitter.block.add_op(ReturnOp(*outputs))


def _has_graph(function: FuncOp) -> bool:
    """Whether a function has anything to raise."""
    return any(type(op) in Onnx.operations for op in function.body.walk())


def raise_function(function: FuncOp) -> Block:
    """
    The body of a function in operations of the `vit` dialect.

    Raises:
        PassFailedException: with every operation that could not be raised, and why; or when the
            function is no graph of a static shape.
    """
    body = function.body.first_block
    terminator = None if body is None else body.last_op
    if body is None or body.next_block is not None or not isinstance(terminator, ReturnOp):
        fail(function, "expected one block that ends with func.return")
    raised = Block(arg_types=body.arg_types)
    graph = Graph(Emitter(raised))
    names = input_names(function)
    for old, new, name in zip(body.args, raised.args, names, strict=True):
        if not isa(old.type, FloatTensor) or not old.type.has_static_shape():
            fail(function, f"input '{name}' is {old.type}, expected real values of a static shape")
        new.name_hint = old.name_hint
        tensor = _argument(graph.emitter, new, name)
        graph.meanings[old] = View(tensor, in_order(shape_of(old)), tensor.origin)
    if failures := [*_raise_operations(graph, body), *_raise_outputs(graph, terminator)]:
        raise PassFailedException(report(failures))
    return raised


@dataclass(frozen=True)
class RaiseOnnxToVitPass(ModulePass):
    """
    Turn the graph of a Vision Transformer into operations of the `vit` dialect.

    All of a function is raised, or none of it. Inputs and outputs keep their shapes; inside, the
    batch of one is gone.
    """

    name = "raise-onnx-to-vit"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [each for each in op.ops if isinstance(each, FuncOp) and _has_graph(each)]
        bodies = [raise_function(function) for function in functions]
        for function, body in zip(functions, bodies, strict=True):
            function.body.detach_block(0).erase()
            function.body.add_block(body)
