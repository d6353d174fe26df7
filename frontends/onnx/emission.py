"""Operations of the `onnx` dialect for the nodes that are left of a graph."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from onnx import AttributeProto, NodeProto, TensorProto
from xdsl.dialects.builtin import (
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
    f32,
    i1,
    i64,
)
from xdsl.ir import Attribute, Block, SSAValue
from xdsl.irdl import IRDLOperation, VarResultDef
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.onnx import ConstantOp, InitializerOp
from vaqf.frontends.onnx.evaluation import Array
from vaqf.frontends.onnx.folding import FoldedGraph
from vaqf.frontends.onnx.names import location, name_hint
from vaqf.frontends.onnx.normal_form import normalise
from vaqf.frontends.onnx.registry import OPERATORS

_ELEMENTS: Mapping[int, Float32Type | IntegerType] = {
    TensorProto.FLOAT: f32,
    TensorProto.INT64: i64,
    TensorProto.INT32: i64,
    TensorProto.BOOL: i1,
}
"""Element types of known values; 32 bits of an index are as good as 64."""


def type_name(elements: int) -> str:
    """What ONNX calls a type of elements."""
    return TensorProto.DataType.Name(elements)


class Emitter:
    """Appends operations to a block, each weight and constant before its first use."""

    def __init__(self, graph: FoldedGraph, block: Block):
        self._graph = graph
        self._block = block
        self._values: dict[str, SSAValue] = {}

    def bind(self, name: str, value: SSAValue) -> None:
        """Let a value of the graph be a value of the block."""
        value.name_hint = name_hint(name)
        self._values[name] = value

    def emit(self, node: NodeProto) -> None:
        """
        Append the operation of a supported node.

        Raises:
            UserError: when the dialect does not allow what the node does.
        """
        attributes = normalise(self._graph, node)
        operation = OPERATORS[node.domain, node.op_type].operation
        definition = operation.get_irdl_definition()
        is_variadic = any(isinstance(result, VarResultDef) for _, result in definition.results)
        outputs = node.output if is_variadic else node.output[:1]
        while node.input and not node.input[-1]:
            node.input.pop()
        op = operation.create(
            operands=[self._operand(node, name) for name in node.input],
            result_types=[self._type(node, name) for name in outputs],
            properties={
                name: _attribute(attributes[name])
                for name in definition.properties
                if name in attributes
            },
        )
        self._append(op, node.name)
        self._values |= zip(outputs, op.results, strict=True)
        try:
            op.verify()
        except VerifyException as error:
            raise self._graph.error(node, str(error)) from None

    def value(self, name: str) -> SSAValue:
        """
        The value of the block for a value of the graph.

        Raises:
            UserError: when no operation gives it, or the dialect cannot hold it.
        """
        if name not in self._values:
            constant = self._graph.constants.get(name)
            op = self._initializer(name) if constant is None else self._constant(name, constant)
            self._append(op, self._graph.origins[name])
            self._values[name] = op.results[0]
        return self._values[name]

    def _append(self, op: IRDLOperation, origin: str) -> None:
        op.location = location(origin)
        for result in op.results:
            result.name_hint = name_hint(origin)
        self._block.add_op(op)

    def _operand(self, node: NodeProto, name: str) -> SSAValue:
        if not name:
            raise self._graph.error(node, "lacks an operand in the middle")
        return self.value(name)

    def _type(self, node: NodeProto, name: str) -> Attribute:
        match self._graph.tensor(name):
            case None:
                raise self._graph.error(node, f"the shape of '{name}' is not known")
            case (elements, shape) if elements in _ELEMENTS and elements != TensorProto.INT32:
                return TensorType(_ELEMENTS[elements], shape)
            case (elements, _):
                raise self._graph.error(
                    node, f"'{name}' has elements {type_name(elements)}, accepted is FLOAT"
                )

    def _initializer(self, name: str) -> InitializerOp:
        tensor = self._graph.file.tensors.get(name)
        if tensor is None:
            origin = self._graph.origins.get(name, name)
            raise self._graph.file.error(
                f"'{name}', a second output of '{origin}', is used, which is not supported"
            )
        if tensor.data_type != TensorProto.FLOAT:
            raise self._graph.file.error(
                f"tensor '{name}' has elements {type_name(tensor.data_type)}, accepted is FLOAT"
            )
        return InitializerOp(name, tuple(tensor.dims))

    def _constant(self, name: str, array: Array) -> ConstantOp:
        elements = self._graph.types[name].tensor_type.elem_type
        if elements not in _ELEMENTS:
            raise self._graph.file.error(
                f"constant '{name}' has elements {type_name(elements)}, "
                "accepted are FLOAT, INT64, INT32 and BOOL"
            )
        op = ConstantOp(_dense(array))
        try:
            op.verify()
        except VerifyException as error:
            raise self._graph.file.error(
                f"constant '{name}' of '{self._graph.origins[name]}': {error}"
            ) from None
        return op


def _dense(array: Array) -> DenseIntOrFPElementsAttr:
    is_splat = array.size > 0 and bool((array == array.flat[0]).all())
    values = array.flat[:1] if is_splat else array.flat[:]
    if array.dtype == np.float32:
        return DenseIntOrFPElementsAttr.from_list(
            TensorType(f32, array.shape), values.astype(np.float64).tolist()
        )
    elements = i1 if array.dtype == np.bool_ else i64
    return DenseIntOrFPElementsAttr.from_list(
        TensorType(elements, array.shape), values.astype(np.int64).tolist()
    )


def _attribute(attribute: AttributeProto) -> Attribute:
    match attribute.type:
        case AttributeProto.FLOAT:
            return FloatAttr(attribute.f, f32)
        case AttributeProto.INT:
            return IntegerAttr(attribute.i, i64)
        case AttributeProto.INTS:
            return DenseArrayBase.from_list(i64, list(attribute.ints))
        case AttributeProto.STRING:
            return StringAttr(attribute.s.decode(errors="replace"))
        case other:
            raise UserError(
                f"attribute '{attribute.name}' is of type {other}, which no operator has"
            )
