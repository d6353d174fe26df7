"""One way to write each node: what ONNX lets out, or moved between versions, is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from onnx import AttributeProto, NodeProto, TensorProto, defs, helper
from onnx.defs import SchemaError
from xdsl.irdl import IRDLOperation

from vaqf.frontends.onnx.graph import Graph, NotAccepted
from vaqf.frontends.onnx.registry import MICROSOFT, QONNX_DOMAINS

Attributes = dict[str, AttributeProto]


def normalise(graph: Graph, node: NodeProto, operation: type[IRDLOperation]) -> Attributes:
    """
    Bring a node into the form of its operation.

    Missing operands that say how to compute become constants of `graph`.

    Returns:
        The properties of the operation, with those that ONNX has defaults for.

    Raises:
        NotAccepted: when the node uses what the operation does not have.
    """
    defaults = _defaults(graph, node)
    given = {attribute.name: attribute for attribute in node.attribute}
    attributes = defaults | given
    if (rule := _RULES.get((node.domain, node.op_type))) is not None:
        rule(graph, node, attributes)
    properties = operation.get_irdl_definition().properties
    for name in sorted(given.keys() & attributes.keys() - properties.keys()):
        value = helper.get_attribute_value(given[name])
        if name not in defaults:
            raise NotAccepted(f"attribute '{name}' is {value!r}, which is not accepted")
        if value != (accepted := helper.get_attribute_value(defaults[name])):
            raise NotAccepted(f"attribute '{name}' is {value!r}, accepted is {accepted!r}")
    return {name: each for name, each in attributes.items() if name in properties}


def _defaults(graph: Graph, node: NodeProto) -> Attributes:
    """The defaults of attributes that the onnx package knows; operations have the others."""
    try:
        schema = defs.get_schema(node.op_type, graph.versions.get(node.domain, 1), node.domain)
    except SchemaError:
        return {}
    return {
        name: attribute.default_value
        for name, attribute in schema.attributes.items()
        if attribute.default_value.type
    }


def _set_operand(
    graph: Graph, node: NodeProto, index: int, name: str, value: Sequence[int]
) -> None:
    """Let a list of integers be an operand of a node that lacks it."""
    constant = graph.add_constant(f"{name}{list(value)}", np.array(value, np.int64))
    while len(node.input) <= index:
        node.input.append("")
    node.input[index] = constant


def _lacks(node: NodeProto, index: int) -> bool:
    return len(node.input) <= index or not node.input[index]


def _known_shape(graph: Graph, node: NodeProto, index: int = 0) -> tuple[int, ...]:
    shape = graph.shape(node.input[index])
    if shape is None:
        raise NotAccepted(f"the shape of '{node.input[index]}' is not known")
    return shape


def _conv(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    kernel = _known_shape(graph, node, 1)[2:]
    rank = len(kernel)
    match auto_pad := attributes.pop("auto_pad").s.decode(errors="replace"):
        case "NOTSET":
            pass
        case "VALID":
            attributes["pads"] = helper.make_attribute("pads", [0] * 2 * rank)
        case _:
            raise NotAccepted(f"auto_pad is {auto_pad}, accepted are NOTSET and VALID")
    defaults: Mapping[str, list[int]] = {
        "kernel_shape": list(kernel),
        "strides": [1] * rank,
        "pads": [0] * 2 * rank,
        "dilations": [1] * rank,
    }
    for name, value in defaults.items():
        attributes.setdefault(name, helper.make_attribute(name, value))


def _layer_normalization(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    for name, default in (("axis", -1), ("epsilon", 1e-5), ("stash_type", 1)):
        attributes.setdefault(name, helper.make_attribute(name, default))
    if attributes.pop("stash_type").i != 1:
        raise NotAccepted("stash_type is not 1, accepted are sums in float32 only")


def _reduce(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    axes = attributes.pop("axes", None)
    keeps_all = attributes.pop("noop_with_empty_axes", None)
    if axes is not None:
        _set_operand(graph, node, 1, "axes", axes.ints)
    given = None if _lacks(node, 1) else graph.constants.get(node.input[1])
    if _lacks(node, 1) or (given is not None and not given.size):
        every = range(len(_known_shape(graph, node)))
        _set_operand(graph, node, 1, "axes", [] if keeps_all and keeps_all.i else list(every))


def _reshape(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    allows_zero = attributes.pop("allowzero", None)
    shape = graph.constants.get(node.input[1])
    if allows_zero is not None and allows_zero.i and shape is not None and 0 in shape:
        raise NotAccepted("allowzero is 1 for a shape with zeros, accepted is 0")


def _slice(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    count = _known_shape(graph, node, 1)[0]
    if _lacks(node, 3):
        _set_operand(graph, node, 3, "axes", list(range(count)))
    if _lacks(node, 4):
        _set_operand(graph, node, 4, "steps", [1] * count)


def _split(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    attributes.pop("num_outputs", None)
    if _lacks(node, 1):
        axis = attributes["axis"].i
        shapes = [graph.shape(name) for name in node.output]
        _set_operand(graph, node, 1, "sizes", [shape[axis] for shape in shapes if shape])


def _squeeze(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    if _lacks(node, 1):
        shape = _known_shape(graph, node)
        ones = [index for index, size in enumerate(shape) if size == 1]
        _set_operand(graph, node, 1, "axes", ones)


def _transpose(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    reversed_order = list(reversed(range(len(_known_shape(graph, node)))))
    attributes.setdefault("perm", helper.make_attribute("perm", reversed_order))


def _cast(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    # The type of the result says the same as `to`, and as the second input of `CastLike`.
    for name in ("to", "saturate", "round_mode"):
        attributes.pop(name, None)
    del node.input[1:]


def _constant_of_shape(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    zero = helper.make_tensor("value", TensorProto.FLOAT, [1], [0.0])
    attributes.setdefault("value", helper.make_attribute("value", zero))


def _dropout(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    attributes.pop("seed", None)
    if not _lacks(node, 2):
        training = graph.constants.get(node.input[2])
        if training is None or training.any():
            raise NotAccepted("it is in training mode")
    # The share of dropped elements is that of training.
    del node.input[1:]


def _resize(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    """
    A resize to the size that a tensor has is the identity, however it interpolates.

    That holds for `sizes` only: `scales` of nearly one may give the same size, and yet move values.
    """
    before, after = _known_shape(graph, node), graph.shape(node.output[0])
    if _lacks(node, 3) or before != after:
        raise NotAccepted("it interpolates, accepted are 'sizes' that the input has already")
    if attributes["coordinate_transformation_mode"].s == b"tf_crop_and_resize":
        raise NotAccepted("coordinate_transformation_mode is tf_crop_and_resize")
    for name in (
        "antialias",
        "axes",
        "coordinate_transformation_mode",
        "cubic_coeff_a",
        "exclude_outside",
        "extrapolation_value",
        "mode",
        "nearest_mode",
    ):
        attributes.pop(name, None)
    del node.input[1:]


def _shape(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    attributes.setdefault("start", helper.make_attribute("start", 0))


def _linear_rounding(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    # The type of the result, which is inferred, and that of the zero point say the same.
    attributes.pop("output_dtype", None)
    if "block_size" in attributes and not attributes["block_size"].i:
        del attributes["block_size"]


def _quant(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    for name, default in (("signed", 1), ("narrow", 1), ("rounding_mode", "ROUND")):
        attributes.setdefault(name, helper.make_attribute(name, default))


def _attention(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    precision = attributes.get("softmax_precision")
    if precision is not None and precision.i == TensorProto.FLOAT:
        del attributes["softmax_precision"]


def _microsoft_gelu(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    attributes["approximate"] = helper.make_attribute("approximate", "none")


def _fused_matmul(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    for name in ("transBatchA", "transBatchB"):
        if name in attributes and attributes.pop(name).i:
            raise NotAccepted(f"{name} is 1, accepted is 0")


def _skip_layer_normalization(graph: Graph, node: NodeProto, attributes: Attributes) -> None:
    attributes.setdefault("epsilon", helper.make_attribute("epsilon", 1e-12))
    # The mean and the inverse of the standard deviation are no results.
    del node.output[1:3]


_RULES: Mapping[tuple[str, str], Callable[[Graph, NodeProto, Attributes], None]] = {
    ("", "Attention"): _attention,
    ("", "Cast"): _cast,
    ("", "CastLike"): _cast,
    ("", "ConstantOfShape"): _constant_of_shape,
    ("", "Conv"): _conv,
    ("", "DequantizeLinear"): _linear_rounding,
    ("", "Dropout"): _dropout,
    ("", "LayerNormalization"): _layer_normalization,
    ("", "QuantizeLinear"): _linear_rounding,
    ("", "ReduceMax"): _reduce,
    ("", "ReduceMean"): _reduce,
    ("", "ReduceMin"): _reduce,
    ("", "ReduceProd"): _reduce,
    ("", "ReduceSum"): _reduce,
    ("", "Reshape"): _reshape,
    ("", "Resize"): _resize,
    ("", "Shape"): _shape,
    ("", "Slice"): _slice,
    ("", "Split"): _split,
    ("", "Squeeze"): _squeeze,
    ("", "Transpose"): _transpose,
    (MICROSOFT, "FusedMatMul"): _fused_matmul,
    (MICROSOFT, "Gelu"): _microsoft_gelu,
    (MICROSOFT, "SkipLayerNormalization"): _skip_layer_normalization,
    **{(domain, name): _quant for domain in QONNX_DOMAINS for name in ("Quant", "IntQuant")},
}
