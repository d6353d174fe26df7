"""Networks of tensors, run by the interpreter: the levels `onnx`, `vit` and `quantized`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import Float32Type, IntegerType, ModuleOp, NameLoc, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import PythonValues
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.hints import isa

from vaqf.compiler.compare.tensors import Array, Network, Tensor
from vaqf.dialects import onnx, vit
from vaqf.dialects.model_reference import output_names
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.execute import entry_function, execute_each, network_inputs
from vaqf.interpreters.parameters import ParameterSource
from vaqf.interpreters.samples import Input
from vaqf.interpreters.schedule import preparation

_MOVEMENT = (
    vit.ConcatenateOp,
    vit.ReshapeOp,
    vit.SelectTokenOp,
    vit.SliceOp,
    vit.TransposeOp,
)
"""
What computes nothing. Passes write it where a level needs it, perhaps with the name of a node that
moves something else.
"""

_FOLLOWING = (
    onnx.AddOp,
    onnx.CastOp,
    onnx.ConcatOp,
    onnx.DequantizeLinearOp,
    onnx.DivOp,
    onnx.DropoutOp,
    onnx.FlattenOp,
    onnx.GatherOp,
    onnx.IdentityOp,
    onnx.MulOp,
    onnx.QuantizeLinearOp,
    onnx.ReshapeOp,
    onnx.SliceOp,
    onnx.SqueezeOp,
    onnx.SubOp,
    onnx.TransposeOp,
    onnx.UnsqueezeOp,
)
"""What other levels may do within an operation: biases, scales, and the order of elements."""

_SHAPES = (onnx.ShapeOp, onnx.SizeOp)
"""What takes the shape of a value alone."""

_BIASED = (onnx.BiasGeluOp, onnx.SkipLayerNormalizationOp)
"""What adds the bias of the layer before, which that layer has by itself elsewhere."""


@dataclass(frozen=True)
class InterpretedNetwork:
    """A module of tensors, executed."""

    module: ModuleOp
    parameters: ParameterSource
    inputs: Sequence[Input]
    network: Network
    results: Mapping[Operation, Sequence[int | None]]
    """For the results of each operation, the numbers of the tensors that they are."""

    outputs: Mapping[str, int]
    """The number of each output of the model."""

    @staticmethod
    def of(module: ModuleOp, parameters: ParameterSource) -> InterpretedNetwork:
        """
        A module of the level `onnx`, `vit` or `quantized`.

        Raises:
            UserError: when it does not define the network.
        """
        function = entry_function(module)
        survey = _Survey(function)
        return InterpretedNetwork(
            module,
            parameters,
            network_inputs(module),
            survey.network(),
            survey.results,
            survey.outputs,
        )

    def run(
        self, inputs: Mapping[str, Floats], wanted: Collection[int]
    ) -> Iterator[Mapping[int, Array]]:
        """See `Side`."""
        found: dict[int, Array] = {}

        def keep(op: Operation, values: PythonValues) -> None:
            for number, value in zip(self.results.get(op, ()), values, strict=False):
                if number is not None and number in wanted:
                    found[number] = value

        for results in execute_each(self.module, inputs, self.parameters, keep):
            for name, number in self.outputs.items():
                if number in wanted:
                    found[number] = results[name]
            yield dict(found)
            found.clear()


def node_of(op: Operation) -> str | None:
    """The ONNX node that an operation stands for; None when it says none."""
    return op.location.desc.data if isinstance(op.location, NameLoc) else None


class _Survey:
    """What can be looked at in a function."""

    def __init__(self, function: FuncOp):
        self.prepared = preparation(function.body.block)
        self.activations = _activations(function, self.prepared)
        self.tensors: list[Tensor] = []
        self.results: dict[Operation, list[int | None]] = {}
        self.numbers: dict[SSAValue, int] = {}
        self.outputs: dict[str, int] = {}
        *ops, terminator = function.body.block.ops
        for op in ops:
            if op not in self.prepared and not isinstance(op, _MOVEMENT):
                self._add(op)
        for name, value in zip(output_names(function), terminator.operands, strict=True):
            if isa(value.type, TensorType[Attribute]):
                self.outputs[name] = self._number(name, value.type, is_output=True)

    def _add(self, op: Operation) -> None:
        node = node_of(op)
        if node is None:
            return
        numbers: list[int | None] = []
        for result in op.results:
            number = None
            if isa(type := result.type, TensorType[Attribute]) and _is_looked_at(type):
                number = self._number(node, type)
                self.numbers[result] = number
            numbers.append(number)
        self.results[op] = numbers

    def _number(self, node: str, type: TensorType[Attribute], is_output: bool = False) -> int:
        number = len(self.tensors)
        shape = type.get_shape()
        self.tensors.append(Tensor(number, node, shape, type.element_type, is_output))
        return number

    def network(self) -> Network:
        """What was found; of the operations of a node, only the last computes its value."""
        followers = {
            number: self.numbers[follower]
            for value, number in self.numbers.items()
            if (follower := self._follower(value)) is not None
        }
        inner = {
            number
            for value, number in self.numbers.items()
            if any(
                node_of(use.operation) == self.tensors[number].node
                and use.operation in self.results
                for use in value.uses
            )
        }
        permuted = {
            node
            for op in self.prepared
            if isinstance(op, vit.ReshapeOp)
            and len(op.result.type.get_shape()) > 2
            and (node := node_of(op)) is not None
        }
        partial = {
            number
            for value, number in self.numbers.items()
            if any(self._adds_bias(user) for user in _users(value))
        }
        return Network(
            self.tensors, followers, frozenset(permuted), frozenset(inner), frozenset(partial)
        )

    def _adds_bias(self, user: Operation) -> bool:
        """Whether an operation adds the bias of what it takes, or its parts get one each."""
        if isinstance(user, onnx.SplitOp):
            added = (each for part in user.results for each in _users(part))
            return any(isinstance(each, onnx.AddOp) and self._is_follower(each) for each in added)
        return isinstance(user, _BIASED)

    def _is_follower(self, user: Operation) -> bool:
        """Whether an operation computes on one activation alone."""
        return len(self.activations.intersection(user.operands)) == 1

    def _follower(self, value: SSAValue) -> SSAValue | None:
        """What is made of a value alone, and is all that is made of it."""
        users = _users(value)
        if len(users) != 1:
            return None
        (user,) = users
        if not isinstance(user, _FOLLOWING) or user not in self.results:
            return None
        result = user.results[0]
        return result if self._is_follower(user) and result in self.numbers else None


def _users(value: SSAValue) -> set[Operation]:
    """What takes the elements of a value, and not its shape alone."""
    return {use.operation for use in value.uses if not isinstance(use.operation, _SHAPES)}


def _activations(function: FuncOp, prepared: Collection[Operation]) -> set[SSAValue]:
    """What depends on the values of the input, and not on its shape alone."""
    found: set[SSAValue] = set(function.args)
    for op in function.body.block.ops:
        if op in prepared or isinstance(op, _SHAPES):
            continue
        if not found.isdisjoint(op.operands):
            found.update(op.results)
    return found


def _is_looked_at(type: TensorType[Attribute]) -> bool:
    """Whether values of a type can be compared: their number is known, and they are numbers."""
    return type.has_static_shape() and isinstance(
        type.element_type, Float32Type | IntType | UnsignedType | IntegerType
    )
