"""One way to write each node: what ONNX lets out, or moved between versions, is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from onnx import AttributeProto, NodeProto, defs, helper

from vaqf.frontends.onnx.folding import FoldedGraph

Attributes = dict[str, AttributeProto]


def normalise(graph: FoldedGraph, node: NodeProto) -> Attributes:
    """
    Bring a supported node into the form of the `onnx` dialect.

    Missing operands that say how to compute become constants of `graph`.

    Returns:
        Every attribute by its name, with those that ONNX has defaults for.

    Raises:
        UserError: when the node uses what the dialect does not have.
    """
    schema = defs.get_schema(node.op_type, graph.opset, node.domain)
    attributes = {
        name: attribute.default_value
        for name, attribute in schema.attributes.items()
        if attribute.default_value.type
    }
    attributes |= {attribute.name: attribute for attribute in node.attribute}
    if node.op_type in _RULES:
        _RULES[node.op_type](graph, node, attributes)
    return attributes


def _set_operand(
    graph: FoldedGraph, node: NodeProto, index: int, name: str, value: Sequence[int]
) -> None:
    """Let a list of integers be an operand of a node that lacks it."""
    constant = f"{name}{list(value)}"
    graph.define(constant, np.array(value, np.int64), constant)
    while len(node.input) <= index:
        node.input.append("")
    node.input[index] = constant


def _lacks(node: NodeProto, index: int) -> bool:
    return len(node.input) <= index or not node.input[index]


def _known_shape(graph: FoldedGraph, node: NodeProto, index: int = 0) -> tuple[int, ...]:
    shape = graph.shape(node.input[index])
    if shape is None:
        raise graph.error(node, f"the shape of '{node.input[index]}' depends on the input")
    return shape


def _conv(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    kernel = _known_shape(graph, node, 1)[2:]
    rank = len(kernel)
    match auto_pad := attributes.pop("auto_pad").s.decode(errors="replace"):
        case "NOTSET":
            pass
        case "VALID":
            attributes["pads"] = helper.make_attribute("pads", [0] * 2 * rank)
        case _:
            raise graph.error(node, f"auto_pad is {auto_pad}, accepted are NOTSET and VALID")
    defaults: Mapping[str, list[int]] = {
        "kernel_shape": list(kernel),
        "strides": [1] * rank,
        "pads": [0] * 2 * rank,
        "dilations": [1] * rank,
    }
    for name, value in defaults.items():
        attributes.setdefault(name, helper.make_attribute(name, value))


def _layer_normalization(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    if attributes.pop("stash_type").i != 1:
        raise graph.error(node, "stash_type is not 1, accepted are sums in float32 only")
    del node.output[1:]


def _reduce_mean(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    axes = attributes.pop("axes", None)
    attributes.pop("noop_with_empty_axes", None)
    if _lacks(node, 1):
        every = range(len(_known_shape(graph, node)))
        _set_operand(graph, node, 1, "axes", list(every if axes is None else axes.ints))


def _reshape(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    allows_zero = attributes.pop("allowzero", None)
    shape = graph.constants.get(node.input[1])
    if allows_zero is not None and allows_zero.i and shape is not None and 0 in shape:
        raise graph.error(node, "allowzero is 1 for a shape with zeros, accepted is 0")


def _slice(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    count = _known_shape(graph, node, 1)[0]
    if _lacks(node, 3):
        _set_operand(graph, node, 3, "axes", list(range(count)))
    if _lacks(node, 4):
        _set_operand(graph, node, 4, "steps", [1] * count)


def _split(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    attributes.pop("num_outputs", None)
    if _lacks(node, 1):
        axis = attributes["axis"].i
        shapes = [graph.shape(name) for name in node.output]
        _set_operand(graph, node, 1, "sizes", [shape[axis] for shape in shapes if shape])


def _squeeze(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    if _lacks(node, 1):
        shape = _known_shape(graph, node)
        ones = [index for index, size in enumerate(shape) if size == 1]
        _set_operand(graph, node, 1, "axes", ones)


def _transpose(graph: FoldedGraph, node: NodeProto, attributes: Attributes) -> None:
    reversed_order = list(reversed(range(len(_known_shape(graph, node)))))
    attributes.setdefault("perm", helper.make_attribute("perm", reversed_order))


_RULES: Mapping[str, Callable[[FoldedGraph, NodeProto, Attributes], None]] = {
    "Conv": _conv,
    "LayerNormalization": _layer_normalization,
    "ReduceMean": _reduce_mean,
    "Reshape": _reshape,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
}
