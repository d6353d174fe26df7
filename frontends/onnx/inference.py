"""The types of the outputs of a node."""

from __future__ import annotations

from collections.abc import Mapping

from onnx import AttributeProto, NodeProto, TypeProto, defs, helper
from onnx.checker import ValidationError
from onnx.defs import SchemaError
from onnx.shape_inference import InferenceError, infer_node_outputs

from vaqf.frontends.onnx.graph import Graph
from vaqf.frontends.onnx.registry import OPERATORS, ResultShapes

_LARGEST_GIVEN = 1024
"""Most elements of a known value that shapes may follow from."""


class InvalidNode(Exception):
    """Inputs that do not fit an operator, with the reason."""


def infer_types(graph: Graph, node: NodeProto) -> Mapping[str, TypeProto]:
    """
    The types of the outputs of a node; nothing when they are not known.

    Raises:
        InvalidNode: when the inputs do not fit the operator.
    """
    if any(name not in graph.types for name in node.input if name):
        return {}
    if any(each.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS) for each in node.attribute):
        # What a branch gives may depend on values outside of it.
        return {}
    operator = OPERATORS.get((node.domain, node.op_type))
    if operator is not None and operator.result_shapes is not None:
        return _from_shapes(graph, node, operator.result_shapes)
    try:
        schema = defs.get_schema(node.op_type, graph.versions.get(node.domain, 1), node.domain)
    except SchemaError:
        return {}
    names = {name for name in node.input if name}
    known = {
        name: graph.constant_proto(name)
        for name in names
        if name in graph.constants and graph.constants[name].size <= _LARGEST_GIVEN
    }
    try:
        return infer_node_outputs(
            schema,
            node,
            {name: graph.types[name] for name in names},
            known,
            opset_imports=[helper.make_opsetid(*each) for each in graph.versions.items()],
        )
    except (InferenceError, ValidationError, UnicodeDecodeError) as error:
        raise InvalidNode(" ".join(str(error).split())) from None


def _from_shapes(
    graph: Graph, node: NodeProto, result_shapes: ResultShapes
) -> Mapping[str, TypeProto]:
    shapes = [graph.shape(name) if name else () for name in node.input]
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return {}
    elements = graph.types[node.input[0]].tensor_type.elem_type
    try:
        results = result_shapes(node, known)
    except ValueError as error:
        raise InvalidNode(str(error)) from None
    return {
        name: helper.make_tensor_type_proto(elements, shape)
        for name, shape in zip(node.output, results, strict=True)
        if name
    }
