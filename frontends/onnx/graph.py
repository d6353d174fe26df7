"""What is known of the values of a graph while it is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, TypeProto, helper, numpy_helper

from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx.elements import ELEMENTS
from vaqf.frontends.onnx.model_file import ModelFile

Array = NDArray[np.generic]


class NotAccepted(Exception):
    """A node that the operation of its operator does not allow, with the reason."""


def tensor_type(array: Array) -> TypeProto:
    """The ONNX type of an array."""
    return helper.make_tensor_type_proto(helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)


def static_shape(type: TypeProto) -> tuple[int, ...] | None:
    """The shape of a tensor type; None when a dimension, or their number, is not known."""
    tensor = type.tensor_type
    if not tensor.HasField("shape"):
        return None
    sizes = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    known = tuple(size for size in sizes if size is not None)
    return known if len(known) == len(sizes) else None


@dataclass
class Graph:
    """
    What is known of the values of a graph.

    The batch is one, so nearly all shapes are known, and what models compute from shapes as well.
    """

    file: ModelFile
    """Where the graph and its weights are."""

    versions: Mapping[str, int]
    """Version of the operators of each domain; that of ONNX itself is empty."""

    types: dict[str, TypeProto] = field(default_factory=dict[str, TypeProto])
    """Type of each value, but for those that an opaque node gives."""

    constants: dict[str, Array] = field(default_factory=dict[str, Array])
    """The values that depend on neither the input nor the weights, if they are small."""

    origins: dict[str, str] = field(default_factory=lambda: {"": ""})
    """Name of the node, or of the tensor, that each value comes from."""

    opaque: dict[str, str] = field(default_factory=dict[str, str])
    """Values of unknown type, each with the opaque node or the tensor that it follows from."""

    _added: set[str] = field(default_factory=set[str])
    """Names of constants that the model does not have."""

    _protos: dict[str, TensorProto] = field(default_factory=dict[str, TensorProto])
    """Constants as ONNX writes them."""

    @property
    def opset(self) -> int:
        """Version of the operators of ONNX itself."""
        return self.versions[""]

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
        if tensor.data_type not in ELEMENTS:
            self.opaque[name] = origin

    def add_constant(self, name: str, value: Array) -> str:
        """
        A constant that the model does not have, such as axes that a node lets out.

        Returns:
            Its name: `name`, if the model calls nothing else so.
        """
        while name in self.origins and name not in self._added:
            name += "'"
        if name not in self._added:
            self._added.add(name)
            self.define(name, value, name)
        return name

    def constant_proto(self, name: str) -> TensorProto:
        """A known value as ONNX writes it."""
        if name not in self._protos:
            self._protos[name] = numpy_helper.from_array(self.constants[name])
        return self._protos[name]

    def error(self, node: NodeProto, message: str) -> UserError:
        """What makes a node, and with it the model, invalid."""
        return self.file.error(f"node '{node.name}' ({node.op_type}): {message}")
