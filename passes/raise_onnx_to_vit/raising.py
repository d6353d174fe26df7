"""Turn the graph of a Vision Transformer into operations of the vit dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, NameLoc, NoneAttr, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, OpResult, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from vaqf.compiler.model_resolution import open_parameters
from vaqf.dialects import onnx, vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.model_reference import ModelReference, input_names, output_names
from vaqf.dialects.onnx import Onnx
from vaqf.dialects.onnx.base import FloatTensor
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.parameters import NoTensors, ParameterSource
from vaqf.passes.raise_onnx_to_vit.arrangement import in_order
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter, Origin
from vaqf.passes.raise_onnx_to_vit.exported import ExportedGraph
from vaqf.passes.raise_onnx_to_vit.factors import factors_that_stay
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Meaning, Unknown, View
from vaqf.passes.raise_onnx_to_vit.ordering import put_in_order
from vaqf.passes.raise_onnx_to_vit.reasons import explain, refuse
from vaqf.passes.raise_onnx_to_vit.recognition import Recognition
from vaqf.passes.raise_onnx_to_vit.report import Finding, RaisingError, known_shape
from vaqf.passes.raise_onnx_to_vit.rules import meanings_of
from vaqf.passes.raise_onnx_to_vit.sources import Image, Probabilities, Scores, Source, Tensor
from vaqf.passes.raise_onnx_to_vit.stand_ins import StandIn, stand_in
from vaqf.passes.raise_onnx_to_vit.weights import Weight
from vaqf.passes.statistics import Statistic

_NO_OUTPUTS: Mapping[type[Source], str] = {
    Image: "an input of the model",
    Probabilities: "attention probabilities",
    Scores: "attention scores",
}
"""What no output can be."""

_OUTPUTS = "accepted are tokens, features and logits"


def _argument(emitter: Emitter, value: SSAValue, name: str) -> Tensor:
    """An input of the model, without its batch."""
    shape = shape_of(value)
    role = "image" if len(shape) > 3 else "tokens"
    origin = Origin(NameLoc(StringAttr(name), NoneAttr()), role)
    if len(shape) > 2 and shape[0] == 1:
        value = emitter.emit(vit.ReshapeOp(value, shape[1:]), origin)
    kind = Image if len(shape_of(value)) == 3 else Tensor
    return kind(emitter, value, origin)


def _output(graph: Graph, value: SSAValue) -> SSAValue:
    """An output of the model, in the shape that the model gives it."""
    if isinstance(graph.meanings[value], Weight):
        raise CannotRaise(f"it is a weight of the model file, {_OUTPUTS}")
    view = graph.view("output", value)
    for kind, name in _NO_OUTPUTS.items():
        if isinstance(view.source.unrounded, kind):
            raise CannotRaise(f"it is {name}, {_OUTPUTS}")
    matrix = view.matrix()
    if matrix.type == value.type:
        return matrix
    return graph.emitter.emit(vit.ReshapeOp(matrix, shape_of(value)), view.origin)


def _raise_inputs(graph: Graph, function: FuncOp, old: Block, new: Block) -> Iterator[Finding]:
    """Find the meanings of the inputs of the model, and give those that stand in the way."""
    names = input_names(function)
    for before, after, name in zip(old.args, new.args, names, strict=True):
        after.name_hint = before.name_hint
        if isa(before.type, FloatTensor) and before.type.has_static_shape():
            tensor = _argument(graph.emitter, after, name)
            graph.meanings[before] = View(tensor, in_order(shape_of(before)), tensor.origin)
        else:
            reason = f"it is {before.type}, expected an image: 32-bit reals of a static shape"
            yield Finding(name, "input", "", (), (known_shape(before),), reason)
            graph.meanings[before] = Unknown()


def _raise_operations(graph: Graph, recognition: Recognition) -> Iterator[Finding]:
    """Find the meanings of all values, and give the operations that stand in the way."""
    for op in recognition.graph.ops:
        if isinstance(op, ReturnOp):
            continue
        operands = [graph.meanings[each] for each in op.operands]
        results: Sequence[Meaning] | None = None
        try:
            if (refusal := refuse(recognition.graph, op)) is not None:
                raise CannotRaise(refusal)
            if any(isinstance(each, Unknown) for each in operands):
                if op in recognition.reasons:
                    raise CannotRaise(recognition.reasons[op])
            else:
                found = meanings_of(graph, op)
                results = found if _is_certain(op, operands) else None
        except CannotRaise as error:
            reason = explain(recognition, op)
            if reason is not None or not _may_follow(op, operands):
                yield Finding.of(op, reason or str(error))
        if results is None:
            results = [_stand_in(recognition.graph, each) for each in op.results]
        graph.meanings.update(zip(op.results, results, strict=True))


def _stand_in(graph: ExportedGraph, result: OpResult) -> Meaning:
    """What a result of an operation that failed is taken for."""
    return stand_in(result) if graph.is_activation(result) else Unknown()


def _is_certain(op: Operation, operands: Sequence[Meaning]) -> bool:
    """
    Whether what was found for the results of an operation is so, whatever its operands are.

    Of operands that nothing is known of, tokens x channels can be made for certain.
    """
    is_known = not any(isinstance(each, StandIn) for each in operands)
    return is_known or all(prod(shape_of(each)[:-2]) == 1 for each in op.results)


def _may_follow(op: Operation, operands: Sequence[Meaning]) -> bool:
    """
    Whether an operation may have failed only because of what another one before it gives.

    What sums, products and softmaxes of activations are for depends on what comes before them.
    """
    if isinstance(op, onnx.OpaqueOp):
        return not op.is_root_cause
    return isinstance(op, onnx.AddOp | onnx.MulOp | onnx.MatMulOp | onnx.SoftmaxOp) and any(
        isinstance(each, StandIn) for each in operands
    )


def _raise_outputs(graph: Graph, function: FuncOp, terminator: Operation) -> Iterator[Finding]:
    """Write the operations that give the outputs, and give what stands in the way."""
    outputs: list[SSAValue] = []
    for value, name in zip(terminator.operands, output_names(function), strict=True):
        if isinstance(graph.meanings[value], StandIn | Unknown):
            continue
        try:
            outputs.append(_output(graph, value))
        except CannotRaise as error:
            reason = f"as an output of the model, {error}"
            if isinstance(value.owner, Operation):
                yield Finding.of(value.owner, reason)
            else:
                yield Finding(name, "output", "", (), (known_shape(value),), reason)
    graph.emitter.block.add_op(ReturnOp(*outputs))


def _has_graph(function: FuncOp) -> bool:
    """Whether a function has anything to raise."""
    return any(type(op) in Onnx.operations for op in function.body.walk())


def raise_function(
    function: FuncOp,
    model: str | None = None,
    parameters: Callable[[], ParameterSource] = NoTensors,
) -> Block:
    """
    The body of a function in operations of the `vit` dialect.

    Args:
        function: a graph of the `onnx` dialect.
        model: the model file, for messages.
        parameters: opens the model file.

    Raises:
        RaisingError: with every node that could not be raised, and why.
        PassFailedException: when the function is no graph.
    """
    body = function.body.first_block
    terminator = None if body is None else body.last_op
    if body is None or body.next_block is not None or not isinstance(terminator, ReturnOp):
        fail(function, "expected one block that ends with func.return")
    raised = Block(arg_types=body.arg_types)
    graph = Graph(Emitter(raised), parameters)
    recognition = Recognition(ExportedGraph.of(function, parameters))
    findings = [
        *_raise_inputs(graph, function, body, raised),
        *_raise_operations(graph, recognition),
        *_raise_outputs(graph, function, terminator),
    ]
    if findings:
        findings += factors_that_stay(raised)
        raise RaisingError(findings, recognition.recognized, model)
    put_in_order(raised)
    return raised


@dataclass(frozen=True)
class RaiseOnnxToVitPass(ModulePass):
    """
    Turn the graph of a Vision Transformer into operations of the `vit` dialect.

    All of a function is raised, or none of it. Inputs and outputs keep their shapes; inside, the
    batch of one is gone.
    """

    name = "raise-onnx-to-vit"

    statistics = (
        Statistic("linear layers recognized", added="vit.linear"),
        Statistic("attentions recognized", added="vit.attention_scores"),
        Statistic("LayerNorms recognized", added="vit.layer_norm"),
        Statistic("GELUs recognized", added="vit.gelu"),
    )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [each for each in op.ops if isinstance(each, FuncOp) and _has_graph(each)]
        reference = ModelReference.of(op)
        model = None if reference is None else reference.file
        parameters = cache(partial(open_parameters, op))
        bodies = [raise_function(function, model, parameters) for function in functions]
        for function, body in zip(functions, bodies, strict=True):
            function.body.detach_block(0).erase()
            function.body.add_block(body)
