"""Which tensors of a model are constants of its graph, and which are weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

import numpy as np
from onnx import NodeProto, TensorProto

from vaqf.dialects.onnx.data import CONSTANT_ELEMENTS
from vaqf.frontends.onnx.elements import ELEMENTS
from vaqf.frontends.onnx.graph import Array
from vaqf.frontends.onnx.model_file import ModelFile
from vaqf.interpreters.onnx import LARGEST_EVALUATED, is_constant

_WEIGHTS: Mapping[str, slice] = {
    "Conv": slice(1, None),
    "Gemm": slice(1, None),
    "LayerNormalization": slice(1, None),
    "BiasGelu": slice(1, None),
    "SkipLayerNormalization": slice(2, None),
    "DequantizeLinear": slice(0, 1),
}
"""Inputs of layers that are weights and biases, however small."""


def weights_of(nodes: Iterable[NodeProto]) -> set[str]:
    """Names of the values that layers use as their weights and biases."""
    return {
        name
        for node in nodes
        if node.op_type in _WEIGHTS
        for name in node.input[_WEIGHTS[node.op_type]]
    }


def constant_of(file: ModelFile, tensor: TensorProto, name: str) -> Array | None:
    """
    The value of a tensor that is part of the graph: an index, a shape, a condition, a number by
    itself, or a mask. None for weights, and for what is too large to be written into the graph.
    """
    count = prod(tensor.dims)
    is_discrete = tensor.data_type in (TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL)
    elements = ELEMENTS.get(tensor.data_type)
    if elements is None or elements not in CONSTANT_ELEMENTS:
        return None
    if count > (LARGEST_EVALUATED if is_discrete else 1) and not _is_mask(list(tensor.dims)):
        return None
    array = file.read_any(name)
    return array if is_constant(array) else None


def _is_mask(shape: Sequence[int]) -> bool:
    """Whether a tensor has a value for each pair of tokens, for all images and heads."""
    match shape:
        case [1, 1, queries, keys]:
            return queries == keys
        case _:
            return False


def attribute_value(node: NodeProto) -> Array | None:
    """The value of a `Constant` node; None when it is a text, or sparse."""
    for attribute in node.attribute:
        match attribute.name:
            case "value_float":
                return np.array(attribute.f, np.float32)
            case "value_floats":
                return np.array(attribute.floats, np.float32)
            case "value_int":
                return np.array(attribute.i, np.int64)
            case "value_ints":
                return np.array(attribute.ints, np.int64)
            case _:
                return None
    return None
