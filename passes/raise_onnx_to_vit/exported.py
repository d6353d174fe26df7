"""Questions about an exported graph, for which it does not matter whether it can be raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import IntegerType, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, OpResult, SSAValue
from xdsl.utils.hints import isa

from vaqf.dialects import onnx
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.onnx import constant_array
from vaqf.interpreters.parameters import NoTensors, ParameterSource
from vaqf.passes.raise_onnx_to_vit.report import known_shape, operator_of

ELEMENTWISE = frozenset(
    {"Add", "Cast", "Div", "Dropout", "Identity", "IsNaN", "Max", "Min", "Mul", "Sub", "Where"}
)
"""Operators that scale, shift or mask values where they are."""

MOVES = frozenset(
    {
        *("Expand", "Flatten", "Gather", "Reshape", "Slice", "Split", "Squeeze", "Transpose"),
        "Unsqueeze",
    }
)
"""Operators that move values around, or pick some."""

ACTIVATIONS = frozenset(
    {
        *("Celu", "Clip", "Elu", "Erf", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Mish"),
        *("PRelu", "QuickGelu", "Relu", "Selu", "Sigmoid", "Softplus", "Swish", "Tanh"),
    }
)
"""Activation functions, or the function that one is made from."""


LARGEST_READ = 1 << 16
"""Most elements of a tensor of the model file that is looked at."""


@dataclass(frozen=True)
class Attention:
    """A softmax of products of activations with activations."""

    product: Operation
    """What compares queries with keys."""

    path: tuple[Operation, ...]
    """What lies between the product and the softmax, from the softmax upwards."""

    softmax: Operation
    """What makes probabilities of the scores."""

    @property
    def _shape(self) -> tuple[int, ...]:
        return known_shape(self.product.results[0]) or ()

    @property
    def groups(self) -> int:
        """Groups of tokens that do not attend to each other; one in a plain Vision Transformer."""
        return prod(self._shape[:-3])

    @property
    def heads(self) -> int:
        """Number of heads; 1 when the product has no dimension for them."""
        return prod(self._shape[-3:-2])

    @property
    def queries(self) -> int:
        """Tokens that attend."""
        return prod(self._shape[-2:-1])

    @property
    def keys(self) -> int:
        """Tokens that are attended to."""
        return prod(self._shape[-1:])


@dataclass(frozen=True, eq=False)
class ExportedGraph:
    """The body of a function of the `onnx` dialect."""

    inputs: Sequence[SSAValue]
    """Inputs of the model."""

    ops: Sequence[Operation]
    """Every operation, in order."""

    parameters: Callable[[], ParameterSource] = NoTensors
    """Opens the model file, to look at tensors that may be masks."""

    @staticmethod
    def of(
        function: FuncOp, parameters: Callable[[], ParameterSource] = NoTensors
    ) -> ExportedGraph:
        """The graph in a function, whose tensors `parameters` opens."""
        block = function.body.first_block or Block()
        return ExportedGraph(block.args, tuple(block.ops), parameters)

    @cached_property
    def activations(self) -> frozenset[SSAValue]:
        """The values that depend on an input of the model."""
        found: set[SSAValue] = set(self.inputs)
        for op in self.ops:
            if not found.isdisjoint(op.operands):
                found.update(op.results)
        return frozenset(found)

    def is_activation(self, value: SSAValue) -> bool:
        """Whether a value depends on an input of the model."""
        return value in self.activations

    def named(self, *operators: str) -> list[Operation]:
        """The operations of these operators that compute activations."""
        return [
            op
            for op in self.ops
            if operator_of(op) in operators and any(map(self.is_activation, op.results))
        ]

    def multiplies_activations(self, op: Operation) -> bool:
        """Whether an operation is a product of two matrices of activations."""
        return operator_of(op) == "MatMul" and all(map(self.is_activation, op.operands))

    @cached_property
    def attentions(self) -> Sequence[Attention]:
        """Every attention, in order."""
        return [found for op in self.named("Softmax") if (found := self._attention(op))]

    @cached_property
    def softmaxes(self) -> Sequence[Operation]:
        """Every softmax but those of the probabilities of classes, in order."""
        shapes = [(op, known_shape(op.operands[0])) for op in self.named("Softmax")]
        return [op for op, shape in shapes if shape is None or len(shape) > 2]

    @cached_property
    def score_operations(self) -> frozenset[Operation]:
        """The operations between the products and the softmaxes of all attention."""
        return frozenset(op for each in self.attentions for op in each.path)

    def _attention(self, softmax: Operation) -> Attention | None:
        path: list[Operation] = []
        for op in self.above(softmax.operands[0], ELEMENTWISE | MOVES | {"MatMul", "Gemm"}):
            if self.multiplies_activations(op):
                return Attention(op, tuple(path), softmax)
            path.append(op)
        return None

    def above(self, value: SSAValue, through: Iterable[str]) -> Iterator[Operation]:
        """
        What computes a value, and what computes what that reads, nearest first.

        Only activations are followed, and only through some operators; the first of all others is
        still given. Beyond a product of two activations nothing is followed.
        """
        seen: set[Operation] = set()
        waiting = [value]
        while waiting:
            value = waiting.pop(0)
            if not isinstance(value, OpResult) or value.op in seen or not self.is_activation(value):
                continue
            seen.add(value.op)
            yield value.op
            if operator_of(value.op) in through and not self.multiplies_activations(value.op):
                waiting += value.op.operands

    def below(self, value: SSAValue, through: Iterable[str]) -> Iterator[Operation]:
        """What reads a value, and what reads what some operators make of it, nearest first."""
        seen: set[Operation] = set()
        waiting = [value]
        while waiting:
            for use in waiting.pop(0).uses:
                if use.operation not in seen:
                    seen.add(use.operation)
                    yield use.operation
                    if operator_of(use.operation) in through:
                        waiting += use.operation.results

    @cached_property
    def residuals(self) -> frozenset[Operation]:
        """Sums of two different activations."""
        return frozenset(
            op
            for op in self.named("Add")
            if all(map(self.is_activation, op.operands)) and op.operands[0] is not op.operands[1]
        )

    def known(self, value: SSAValue) -> NDArray[np.generic] | None:
        """
        The elements of a constant or of a small tensor of the model file, perhaps moved around
        without change of order; None for anything else.
        """
        while isinstance(value, OpResult) and operator_of(value.op) in ("Expand", "Unsqueeze"):
            value = value.op.operands[0]
        shape = known_shape(value)
        if not isinstance(value.owner, onnx.InitializerOp) or shape is None:
            return constant_of(value)
        if not 0 < prod(shape) <= LARGEST_READ:
            return None
        try:
            return self.parameters().read(value.owner.tensor_name.data)
        except UserError:
            return None

    @property
    def reads_integers(self) -> bool:
        """Whether an input is made of integers, as the numbers of words are."""
        return any(
            isa(each.type, TensorType[Attribute])
            and isinstance(each.type.element_type, IntegerType)
            for each in self.inputs
        )


def constant_of(value: SSAValue) -> NDArray[np.generic] | None:
    """The elements of a constant; None for anything else."""
    return (
        constant_array(value.owner.elements) if isinstance(value.owner, onnx.ConstantOp) else None
    )


def number_in(op: Operation) -> float | None:
    """The number that one operand of an operation is; None where none is a single number."""
    arrays = [array for each in op.operands if (array := constant_of(each)) is not None]
    return next((float(array.flat[0]) for array in arrays if array.size == 1), None)
