"""
One walk over the nodes of a graph that infers every shape and computes what is known.

The batch is one, so all shapes are known, and with them everything that models compute from shapes.
Weights are never computed with here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np
from onnx import NodeProto, TensorProto, TypeProto, ValueInfoProto, helper

from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx.evaluation import (
    Array,
    EvaluationError,
    evaluate,
    infer_types,
    static_shape,
    tensor_type,
)
from vaqf.frontends.onnx.model_file import ModelFile, constant_value
from vaqf.frontends.onnx.names import node_names

LARGEST_FOLDED = 1 << 16
"""Most elements of a value that is computed at import, such as a mask of attention."""

FOLDED_ONLY = frozenset(
    {
        "And",
        "Cast",
        "CastLike",
        "Ceil",
        "Constant",
        "ConstantOfShape",
        "CumSum",
        "Equal",
        "Exp",
        "Floor",
        "Greater",
        "GreaterOrEqual",
        "IsNaN",
        "Less",
        "LessOrEqual",
        "Log",
        "Max",
        "Min",
        "Mod",
        "Neg",
        "Not",
        "Or",
        "Range",
        "Reciprocal",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceSum",
        "Shape",
        "Size",
        "Tile",
        "Trilu",
    }
)
"""Operators that are computed here from known values, and that the `onnx` dialect does not have."""


@dataclass
class FoldedGraph:
    """What is known of the values of a graph, and what is left to compute when it runs."""

    file: ModelFile
    """Where the graph and its weights are."""

    opset: int
    """Version of the ONNX operators."""

    supported: frozenset[str]
    """Operators that may be left. They are computed here, too, when their inputs are known."""

    types: dict[str, TypeProto] = field(default_factory=dict[str, TypeProto])
    """Type of each value, but for those that an unknown operator gives."""

    constants: dict[str, Array] = field(default_factory=dict[str, Array])
    """The known values."""

    origins: dict[str, str] = field(default_factory=lambda: {"": ""})
    """Name of the node, or of the tensor, that each value comes from."""

    aliases: dict[str, str] = field(default_factory=dict[str, str])
    """Values that are others under another name."""

    nodes: list[NodeProto] = field(default_factory=list[NodeProto])
    """The nodes that are left; each is called by its name."""

    def resolve(self, name: str) -> str:
        """The value that `name` stands for."""
        return self.aliases.get(name, name)

    def tensor(self, name: str) -> tuple[int, tuple[int, ...]] | None:
        """Element type and shape of a value; None when they are not known."""
        if name not in self.types or (shape := static_shape(self.types[name])) is None:
            return None
        return self.types[name].tensor_type.elem_type, shape

    def shape(self, name: str) -> tuple[int, ...] | None:
        """The shape of a value; None when it is not known."""
        return None if (tensor := self.tensor(name)) is None else tensor[1]

    def define(self, name: str, value: Array, origin: str) -> None:
        """Let a name stand for a known value."""
        self.constants[name] = value
        self.types[name] = tensor_type(value)
        self.origins[name] = origin

    def define_weight(self, name: str, tensor: TensorProto, origin: str) -> None:
        """Let a name stand for a tensor of the file."""
        self.types[name] = helper.make_tensor_type_proto(tensor.data_type, tensor.dims)
        self.origins[name] = origin

    def error(self, node: NodeProto, message: str) -> UserError:
        """What is wrong with one node."""
        return self.file.error(f"node '{node.name}' ({node.op_type}): {message}")


def fold(
    file: ModelFile, opset: int, input: ValueInfoProto, supported: frozenset[str]
) -> FoldedGraph:
    """
    Infer the shapes of the graph of `file`, compute what is known, and resolve what does nothing.

    Args:
        file: the model. Its nodes are given their names as users know them.
        opset: version of the ONNX operators.
        input: the only input that is not a weight, with static shape.
        supported: operators that may be left.

    Raises:
        UserError: when a node reads what does not exist, or cannot work on what it reads.
    """
    graph = FoldedGraph(file, opset, supported)
    graph.types[input.name] = input.type
    graph.origins[input.name] = input.name
    nodes = file.model.graph.node
    weights = _weights(nodes)
    for tensor in file.model.graph.initializer:
        if _is_constant(tensor) and tensor.name not in weights:
            graph.define(tensor.name, file.read_any(tensor.name), tensor.name)
        else:
            graph.define_weight(tensor.name, tensor, tensor.name)
    for node, name in zip(nodes, node_names(nodes), strict=True):
        node.name = name
        _fold_node(graph, node)
    return graph


def _weights(nodes: Iterable[NodeProto]) -> set[str]:
    """Names of the values that layers use as their weights and biases."""
    layers = ("Conv", "Gemm", "LayerNormalization")
    return {name for node in nodes if node.op_type in layers for name in node.input[1:]}


def _is_constant(tensor: TensorProto) -> bool:
    """
    Whether a tensor is part of the graph rather than a weight: an index, a shape, a condition,
    or a real number by itself.
    """
    is_discrete = tensor.data_type in (TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL)
    return prod(tensor.dims) <= (LARGEST_FOLDED if is_discrete else 1)


def _fold_node(graph: FoldedGraph, node: NodeProto) -> None:
    """Add what is known of one node, whose predecessors are done, to `graph`."""
    for index, name in enumerate(node.input):
        if name not in graph.origins:
            raise graph.error(node, f"reads '{name}', which nothing before it defines")
        node.input[index] = graph.resolve(name)
    graph.origins |= dict.fromkeys(node.output, node.name)

    value = constant_value(node)
    if value is not None and not _is_constant(value):
        graph.define_weight(node.output[0], value, node.name)
        return
    graph.types |= _types(graph, node)
    if (same := _equal_input(graph, node)) is not None:
        graph.aliases[node.output[0]] = same
    elif (values := _known_outputs(graph, node)) is not None:
        for name, array in zip(node.output, values, strict=True):
            graph.define(name, array, node.name)
    else:
        graph.nodes.append(node)


def _types(graph: FoldedGraph, node: NodeProto) -> dict[str, TypeProto]:
    """The types of the outputs of a node; nothing when they depend on an unsupported one."""
    if any(name not in graph.types for name in node.input if name):
        return {}
    try:
        return infer_types(node, graph.opset, graph.types, graph.constants)
    except EvaluationError as error:
        if node.op_type not in FOLDED_ONLY | graph.supported:
            return {}
        raise graph.error(node, str(error)) from None


def _equal_input(graph: FoldedGraph, node: NodeProto) -> str | None:
    """The value that the output of a node always equals; None for nodes that compute something."""
    if node.domain:
        return None
    match node.op_type:
        case "Identity":
            return node.input[0]
        case "Dropout":
            training = graph.constants.get(node.input[2]) if len(node.input) > 2 else None
            return node.input[0] if training is None or not training.any() else None
        case "Cast" | "Expand" | "Reshape":
            input, output = graph.tensor(node.input[0]), graph.tensor(node.output[0])
            return node.input[0] if input is not None and input == output else None
        case _:
            return None


def _known_outputs(graph: FoldedGraph, node: NodeProto) -> Sequence[Array] | None:
    """The outputs of a node; None when they depend on the input of the model or on weights."""
    shape = graph.shape(node.input[0]) if node.input else None
    if node.op_type == "Shape" and shape is not None:
        bounds = {attribute.name: attribute.i for attribute in node.attribute}
        return [np.array(shape[bounds.get("start", 0) : bounds.get("end")], np.int64)]
    if node.op_type == "Size" and shape is not None:
        return [np.array(prod(shape), np.int64)]

    is_foldable = node.op_type in FOLDED_ONLY | graph.supported and not node.domain
    if not is_foldable or any(name not in graph.constants for name in node.input if name):
        return None
    sizes = [graph.shape(name) for name in node.output]
    if any(size is not None and prod(size) > LARGEST_FOLDED for size in sizes):
        return None
    inputs = {name: graph.constants[name] for name in node.input if name}
    try:
        return evaluate(node, graph.opset, inputs)
    except EvaluationError as error:
        raise graph.error(node, str(error)) from None
