"""Operations of the `onnx` dialect for the nodes of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from onnx import AttributeProto, NodeProto, numpy_helper
from xdsl.dialects.builtin import (
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    UnrankedTensorType,
    f32,
    i64,
)
from xdsl.interpreter import Interpreter
from xdsl.ir import Attribute, Block, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    OperandDef,
    OptOperandDef,
    OptResultDef,
    ResultDef,
    VarOperandDef,
    VarResultDef,
)
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx import ConstantOp, InitializerOp, OpaqueOp, ShapeOp, SizeOp
from vaqf.dialects.onnx.base import elements_of
from vaqf.dialects.onnx.data import CONSTANT_ELEMENTS
from vaqf.frontends.onnx.constants import attribute_value, constant_of
from vaqf.frontends.onnx.definitions import why_undefined
from vaqf.frontends.onnx.elements import ACCEPTED, ELEMENTS, ranked_tensor, type_name
from vaqf.frontends.onnx.graph import Array, Graph, NotAccepted
from vaqf.frontends.onnx.inference import InvalidNode, infer_types
from vaqf.frontends.onnx.model_file import tensor_of
from vaqf.frontends.onnx.names import location, name_hint, text
from vaqf.frontends.onnx.normal_form import normalise
from vaqf.frontends.onnx.registry import OPERATORS, Operator
from vaqf.interpreters.onnx import (
    EVALUATION_FAILURES,
    LARGEST_EVALUATED,
    constant_value,
    register_onnx_functions,
)

UNKNOWN = UnrankedTensorType(f32)
"""The type of a value that nothing is known of."""


class Emitter:
    """Appends operations to a block, each weight and constant before its first use."""

    def __init__(self, graph: Graph, block: Block, used: frozenset[str]):
        self._graph = graph
        self._block = block
        self._used = used
        self._values: dict[str, SSAValue] = {}
        self._interpreter = Interpreter(ModuleOp([]))
        register_onnx_functions(self._interpreter)

    def bind(self, name: str, value: SSAValue) -> None:
        """Let a value of the graph be a value of the block."""
        value.name_hint = name_hint(name)
        self._values[name] = value

    def emit(self, node: NodeProto) -> None:
        """
        Append the operation of a node: that of its operator, or an opaque one.

        Raises:
            UserError: when the node reads what does not exist, or cannot work on what it reads.
        """
        graph = self._graph
        for name in node.input:
            if name not in graph.origins:
                why = why_undefined(graph.file.model.graph.node, node, name)
                raise graph.error(node, f"reads '{name}', {why}")
        if not node.op_type:
            raise graph.error(node, "does not say what it computes")
        graph.origins |= dict.fromkeys(node.output, node.name)
        if self._define_constant(node):
            return
        operator = OPERATORS.get((node.domain, node.op_type))
        try:
            graph.types.update(infer_types(graph, node))
        except InvalidNode as error:
            if operator is not None:
                raise graph.error(node, str(error)) from None
        if operator is None:
            self._append_opaque(node)
            return
        followed = next((graph.opaque[name] for name in node.input if name in graph.opaque), None)
        if followed is not None:
            self._append_opaque(node, follows=followed)
            return
        try:
            normal, outputs, op = self._operation(node, operator)
        except NotAccepted as reason:
            self._append_opaque(node, reason=str(reason))
            return
        self._append(op, node.name)
        self._values |= zip(outputs, op.results, strict=True)
        self._evaluate(normal, outputs, op)

    def value(self, name: str) -> SSAValue:
        """The value of the block for a value of the graph; opaque if the dialect cannot hold it."""
        if name not in self._values:
            graph = self._graph
            elements = graph.types[name].tensor_type.elem_type
            if name in graph.constants:
                op = ConstantOp(_dense(graph.constants[name], elements))
            elif elements in ELEMENTS:
                op = InitializerOp(name, tuple(graph.file.tensors[name].dims), ELEMENTS[elements])
            else:
                reason = f"its elements are {type_name(elements)}, accepted are {ACCEPTED}"
                op = OpaqueOp("", "Constant", [], [UNKNOWN], reason)
            self._append(op, graph.origins[name])
            self._values[name] = op.results[0]
        return self._values[name]

    def _append(self, op: IRDLOperation, origin: str) -> None:
        op.location = location(origin)
        for result in op.results:
            result.name_hint = name_hint(origin)
        self._block.add_op(op)

    def _append_opaque(
        self, node: NodeProto, reason: str | None = None, follows: str | None = None
    ) -> None:
        outputs = [name for name in node.output if name]
        op = OpaqueOp(
            text(node.domain),
            text(node.op_type),
            [self.value(name) for name in node.input if name],
            [self._type(name) or UNKNOWN for name in outputs],
            reason and text(reason),
            follows and text(follows),
        )
        self._append(op, node.name)
        for name, result in zip(outputs, op.results, strict=True):
            self._values[name] = result
            if result.type == UNKNOWN:
                self._graph.types.pop(name, None)
                self._graph.opaque[name] = follows or node.name

    def _define_constant(self, node: NodeProto) -> bool:
        """Whether a node is a constant, which is then defined."""
        if node.op_type != "Constant" or node.domain:
            return False
        graph, (name,) = self._graph, node.output
        tensor = tensor_of(node)
        array = attribute_value(node) if tensor is None else constant_of(graph.file, tensor, name)
        if array is not None:
            graph.define(name, array, node.name)
        elif tensor is not None:
            graph.define_weight(name, tensor, node.name)
        else:
            self._append_opaque(node, "its value is no tensor of numbers")
        return True

    def _operation(
        self, node: NodeProto, operator: Operator
    ) -> tuple[NodeProto, Sequence[str], IRDLOperation]:
        """
        A node in normal form, the names of its outputs that are results, and its operation.

        Raises:
            NotAccepted: when the operation does not allow what the node does.
        """
        version = self._graph.versions.get(node.domain, operator.first)
        if version < operator.first:
            raise NotAccepted(f"opset is {version}, accepted are {operator.first} and later ones")
        if operator.last is not None and version > operator.last:
            raise NotAccepted(f"opset is {version}, accepted are {operator.last} and earlier ones")
        normal = NodeProto()
        normal.CopyFrom(node)
        attributes = normalise(self._graph, normal, operator.operation)
        definition = operator.operation.get_irdl_definition()
        operands = self._operands(normal.input, definition.operands)
        outputs = _grouped("output", list(normal.output), definition.results)
        names = [name for group in outputs for name in group]
        for index, name in enumerate(node.output):
            if name and name in self._used and name not in names:
                raise NotAccepted(f"output {index}, '{name}', is used, which is not accepted")
        op = operator.operation.build(
            operands=operands,
            result_types=[[self._known_type(name) for name in group] for group in outputs],
            properties={name: _attribute(each) for name, each in attributes.items()},
        )
        try:
            op.verify()
        except VerifyException as error:
            raise NotAccepted(" ".join(str(error).split())) from None
        return normal, names, op

    def _operands(
        self, names: Sequence[str], definitions: Sequence[tuple[str, OperandDef]]
    ) -> list[list[SSAValue]]:
        names = list(names)
        while names and not names[-1]:
            names.pop()
        groups = _grouped("input", names, definitions)
        if (count := sum(map(len, groups))) < sum(map(bool, names)):
            raise NotAccepted(f"there are {sum(map(bool, names))} inputs, accepted are {count}")
        return [[self.value(name) for name in group] for group in groups]

    def _type(self, name: str) -> Attribute | None:
        match self._graph.tensor(name):
            case (elements, shape) if elements in ELEMENTS:
                return ranked_tensor(elements, shape)
            case _:
                return None

    def _known_type(self, name: str) -> Attribute:
        if (type := self._type(name)) is None:
            raise NotAccepted(f"the shape of '{name}' is not known")
        return type

    def _evaluate(self, node: NodeProto, names: Sequence[str], op: IRDLOperation) -> None:
        """Note the values of results that depend on neither the input nor the weights."""
        graph = self._graph
        inputs = [name for name in node.input if name]
        is_static = isinstance(op, ShapeOp | SizeOp)
        if not is_static and any(name not in graph.constants for name in inputs):
            return
        if any(elements_of(result) not in CONSTANT_ELEMENTS for result in op.results):
            return
        if any(prod(graph.shape(name) or ()) > LARGEST_EVALUATED for name in names):
            return
        arguments = [graph.constants.get(name) for name in inputs]
        try:
            with np.errstate(all="ignore"):
                results = self._interpreter.run_op(op, tuple(arguments))
        except EVALUATION_FAILURES as error:
            raise graph.error(node, " ".join(str(error).split())) from None
        graph.constants |= zip(names, results, strict=True)


def _grouped(
    kind: str,
    names: Sequence[str],
    definitions: Sequence[tuple[str, OperandDef]] | Sequence[tuple[str, ResultDef]],
) -> list[list[str]]:
    """
    The inputs or outputs of a node that belong to each definition of an operation.

    Raises:
        NotAccepted: when one is missing.
    """
    groups: list[list[str]] = []
    for index, (_, definition) in enumerate(definitions):
        name = names[index] if index < len(names) else ""
        if isinstance(definition, OptOperandDef | OptResultDef):
            groups.append([name] if name else [])
        elif isinstance(definition, VarOperandDef | VarResultDef):
            groups.append(list(names[index:]))
        elif name:
            groups.append([name])
        else:
            raise NotAccepted(f"{kind} {index} is left out")
    return groups


def _dense(array: Array, elements: int) -> DenseIntOrFPElementsAttr:
    value = constant_value(array, ELEMENTS[elements])
    assert value is not None, "constants of the graph are small"
    return value


def _attribute(attribute: AttributeProto) -> Attribute:
    match attribute.type:
        case AttributeProto.FLOAT:
            return FloatAttr(attribute.f, f32)
        case AttributeProto.INT:
            return IntegerAttr(attribute.i, i64)
        case AttributeProto.INTS:
            return DenseArrayBase.from_list(i64, list(attribute.ints))
        case AttributeProto.STRING:
            return StringAttr(text(attribute.s.decode(errors="replace")))
        case AttributeProto.TENSOR if attribute.t.data_type in ELEMENTS:
            return _dense(numpy_helper.to_array(attribute.t), attribute.t.data_type)
        case other:
            kind = AttributeProto.AttributeType.Name(other)
            raise NotAccepted(f"attribute '{attribute.name}' is of kind {kind}")
