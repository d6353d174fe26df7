"""The function that becomes the accelerator, as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    LocationAttr,
    NameLoc,
    StringAttr,
    TensorType,
    UnknownLoc,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, OpResult, Region, SSAValue
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from vaqf.dialects import accel
from vaqf.dialects.accel.checkpoints import CHECKPOINTS_ATTRIBUTE, checkpoints_attribute
from vaqf.dialects.accel.memory import DRAM, ONCHIP, buffer_type, stored_width
from vaqf.dialects.accel.schedule import FORMAT_ATTRIBUTE, PORT_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.model_reference import NAME_ATTRIBUTE
from vaqf.dialects.quant.formats import element_of
from vaqf.dialects.shapes import shape_of
from vaqf.passes.layer_names import fused, identifier
from vaqf.passes.lower_vit_to_accel.parameters import Parameters
from vaqf.passes.structure import activations_of


def location_of(value: SSAValue) -> LocationAttr:
    """Where a value comes from."""
    return value.owner.location if isinstance(value.owner, Operation) else UnknownLoc()


@dataclass(frozen=True)
class Matrix:
    """Where an activation is: rows of a buffer."""

    buffer: SSAValue
    first: int = 0


class Forward:
    """The function `@forward`, as it grows: ports, buffers, and layers in order."""

    def __init__(self, network: FuncOp):
        self.network = network
        self.activations = activations_of(network)
        self.block = Block()
        self.parameters = Parameters(self.block)
        self.storage = Builder(InsertPoint.at_end(self.block))
        self.ports: list[DictionaryAttr] = []
        self.matrices: dict[SSAValue, Matrix] = {}
        self.images: dict[SSAValue, SSAValue] = {}
        self.constants: dict[int, SSAValue] = {}
        self.layers: list[Operation] = []
        self.checkpoints: list[tuple[str, str, TensorType[Attribute]]] = []

    def port(self, kind: str, name: str, value: SSAValue, shape: Sequence[int]) -> SSAValue:
        """
        A new argument for an image or a result.

        Args:
            kind: `input` or `output`.
            name: in the model.
            value: what it holds, in the network.
            shape: of the memory.

        Raises:
            PassFailedException: when it does not hold integers.
        """
        type = value.type
        width = stored_width(type.element_type) if isa(type, TensorType[Attribute]) else None
        if width is None:
            fail(self.network, f"'{name}' is {type}, expected integers: run integerize-interface")
        argument = self.block.insert_arg(buffer_type(width, shape, DRAM), len(self.block.args))
        argument.name_hint = identifier(name)
        attributes: dict[str, Attribute] = {
            NAME_ATTRIBUTE: StringAttr(name),
            PORT_ATTRIBUTE: StringAttr(kind),
            FORMAT_ATTRIBUTE: element_of(value),
        }
        self.ports.append(DictionaryAttr(attributes))
        return argument

    def constant(self, value: int) -> SSAValue:
        """An index constant at the top of the function."""
        if value not in self.constants:
            constant = self.storage.insert(arith.ConstantOp.from_int_and_width(value, IndexType()))
            constant.result.name_hint = f"c{value}"
            self.constants[value] = constant.result
        return self.constants[value]

    def new_buffer(self, value: SSAValue, name: str) -> SSAValue:
        """A buffer at the top of the function for an activation, which is there from now on."""
        width = stored_width(element_of(value))
        assert width is not None
        op = self.storage.insert(accel.BufferOp(buffer_type(width, shape_of(value), ONCHIP)))
        op.buffer.name_hint = name
        op.location = location_of(value)
        self.matrices[value] = Matrix(op.buffer)
        return op.buffer

    def emit(self, op: Operation, *sources: Operation) -> None:
        """Append a layer that stands for `sources`."""
        op.location = fused(sources)
        self.layers.append(op)

    def checkpoint(self, label: str, value: SSAValue) -> None:
        """Let the testbench compare a value, which its buffer holds now."""
        self._checkpoint(label, value)

    def trace(self, label: str, value: SSAValue) -> None:
        """
        Let a value be looked at, which its buffer holds now.

        A label that is there once in a block costs nothing: what is counted is the layer.
        """
        self._checkpoint(label, value, trace_only=True)

    def _checkpoint(self, label: str, value: SSAValue, *, trace_only: bool = False) -> None:
        assert isinstance(value, OpResult)
        assert isa(value.type, TensorType[Attribute])
        count = sum(label == other for other, _, _ in self.checkpoints)
        location = value.op.location
        node = location.desc.data if isinstance(location, NameLoc) else ""
        self.checkpoints.append((label, node, value.type))
        index, buffer = self.constant(count), self.matrices[value].buffer
        self.emit(accel.CheckpointOp(label, index, buffer, trace_only=trace_only), value.op)

    def matrix(self, user: Operation, value: SSAValue) -> Matrix:
        """
        Where an operand of `user` is.

        Raises:
            PassFailedException: when it is in no buffer.
        """
        if value not in self.matrices:
            fail(user, f"the operand of type {value.type} is not in a buffer of tokens x channels")
        return self.matrices[value]

    def first_rows(self, user: Operation, value: SSAValue) -> SSAValue:
        """
        The buffer that holds an operand of `user` in its first rows.

        Raises:
            PassFailedException: when it is in other rows, or in no buffer.
        """
        matrix = self.matrix(user, value)
        if matrix.first:
            fail(user, f"reads a buffer from row {matrix.first} on, expected its first rows")
        return matrix.buffer

    def whole_matrix(self, user: Operation, value: SSAValue) -> SSAValue:
        """
        The buffer that holds an operand of `user`, and nothing else.

        Raises:
            PassFailedException: when the buffer holds more, or there is none.
        """
        matrix = self.matrix(user, value)
        if matrix.first or shape_of(matrix.buffer) != shape_of(value):
            fail(user, "reads some rows of a buffer, expected all of them")
        return matrix.buffer

    def function(self) -> FuncOp:
        """The finished function."""
        self.block.add_ops([*self.layers, ReturnOp()])
        parameter = DictionaryAttr({PORT_ATTRIBUTE: StringAttr("parameter")})
        forward = FuncOp(
            "forward",
            FunctionType.from_lists([each.type for each in self.block.args], []),
            Region(self.block),
            arg_attrs=ArrayAttr([*self.ports, *(parameter for _ in self.parameters.results)]),
        )
        forward.attributes[CHECKPOINTS_ATTRIBUTE] = checkpoints_attribute(self.checkpoints)
        return forward
