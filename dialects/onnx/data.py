"""Where tensors come from: the model file, or the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    AnyFloat,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    IntegerType,
    Signedness,
    StringAttr,
    SymbolNameConstraint,
    TensorType,
    f32,
    f64,
    i1,
    i8,
    i32,
    i64,
)
from xdsl.ir import Attribute, OpResult, SSAValue
from xdsl.irdl import (
    AnyAttr,
    AnyOf,
    IRDLOperation,
    ParamAttrConstraint,
    VarConstraint,
    irdl_op_definition,
    irdl_to_attr_constraint,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import ConstantLike, Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.diagnostics import fail
from vaqf.dialects.elision import ELIDED, ELISION_FLAG
from vaqf.dialects.onnx.base import INDICES, elements_of, expect_elements
from vaqf.dialects.shapes import shape_of

CONSTANT_ELEMENTS = (f32, f64, i64, i32, i8, IntegerType(8, Signedness.UNSIGNED), i1)
"""Elements of constants."""

_INTEGERS = irdl_to_attr_constraint(DenseIntOrFPElementsAttr[IntegerType])

MAXIMUM_CONSTANT_ELEMENTS = 1024
"""The largest constant whose elements differ; anything larger belongs in the model file."""


@irdl_op_definition
class InitializerOp(IRDLOperation):
    """
    A tensor of the model file: an initializer, or the value of a `Constant` node.

    ```mlir
    %weight = onnx.initializer @"blocks.0.mlp.fc1.weight" : tensor<768x192xf32>
    ```
    """

    name = "onnx.initializer"

    tensor_name = prop_def(SymbolNameConstraint())
    """Name of the tensor in the model file, exactly as it stands there."""

    value = result_def(TensorType)
    """The tensor, in the shape that the file gives it: real values, or integers of any width."""

    traits = traits_def(Pure())

    assembly_format = "$tensor_name attr-dict `:` type($value)"

    def __init__(self, tensor_name: str, shape: Sequence[int], elements: Attribute = f32):
        super().__init__(
            properties={"tensor_name": StringAttr(tensor_name)},
            result_types=[TensorType(elements, shape)],
        )

    def verify_(self) -> None:
        if not isinstance(elements_of(self.value), AnyFloat | IntegerType):
            raise VerifyException(f"'value' is {self.value.type}, expected numbers")


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """
    A small tensor that is part of the graph: a factor, a shape, a list of axes.

    ```mlir
    %scale = onnx.constant dense<0.353553385> : tensor<f32>
    %shape = onnx.constant dense<[1, 197, 3, 3, 64]> : tensor<5xi64>
    ```
    """

    name = "onnx.constant"

    _T: ClassVar = VarConstraint("T", TensorType.constr(AnyOf.get(*CONSTANT_ELEMENTS)))

    value = prop_def(
        ParamAttrConstraint(DenseIntOrFPElementsAttr, (_T, AnyAttr()))
        | ParamAttrConstraint(DenseResourceAttr, (AnyAttr(), _T))
    )
    """
    The elements: at most 1,024, or any number of equal ones. Text may leave them out, as
    `dense_resource<__elided__>`: that is read and printed, and refused by all that need them.
    """

    result = result_def(_T)
    """The tensor."""

    traits = traits_def(Pure(), ConstantLike())

    assembly_format = "$value attr-dict"

    def __init__(self, value: DenseIntOrFPElementsAttr):
        super().__init__(properties={"value": value}, result_types=[value.type])

    @property
    def elements(self) -> DenseIntOrFPElementsAttr:
        """
        The elements.

        Raises:
            PassFailedException: when the text that the operation was read from leaves them out.
        """
        if isinstance(self.value, DenseResourceAttr):
            fail(
                self,
                f"the elements are needed, but elided: print the IR again without {ELISION_FLAG}",
            )
        return self.value

    def verify_(self) -> None:
        if isinstance(self.value, DenseResourceAttr):
            if (handle := self.value.resource_handle.data) != ELIDED:
                raise VerifyException(
                    f"'value' is the resource '{handle}', accepted are dense<...> and {ELIDED}"
                )
            return
        count = len(self.value)
        if count > MAXIMUM_CONSTANT_ELEMENTS and not self.value.is_splat():
            raise VerifyException(
                f"'value' has {count} elements, accepted are at most {MAXIMUM_CONSTANT_ELEMENTS}, "
                "or equal ones: larger tensors belong in the model file"
            )


def known_elements(name: str, value: SSAValue) -> tuple[int, ...] | None:
    """
    The elements, in row-major order, of an operand that says how to compute, such as an index.

    None when they are computed by other operations, which `fold-onnx-constants` executes, or are
    elided from the text.

    Raises:
        VerifyException: when the elements are no indices.
    """
    expect_elements(name, value, INDICES)
    if not isinstance(value, OpResult) or not isinstance(value.op, ConstantOp):
        return None
    elements = value.op.value
    if isinstance(elements, DenseResourceAttr):
        return None
    assert _INTEGERS.verifies(elements)
    return elements.get_values()


def known_list(name: str, value: SSAValue) -> tuple[int, ...] | None:
    """
    The elements of an operand that is a list, such as a shape or axes; None when they are computed.

    Raises:
        VerifyException: when it is no list of indices.
    """
    if len(shape := shape_of(value)) != 1:
        raise VerifyException(f"'{name}' has rank {len(shape)}, expected 1 (a list)")
    return known_elements(name, value)


def constant_elements(name: str, value: SSAValue) -> tuple[int, ...]:
    """
    As `known_elements`, for operands that must be known.

    Raises:
        VerifyException: when no `onnx.constant` of integers defines `value`.
    """
    if (elements := known_elements(name, value)) is None:
        raise VerifyException(f"'{name}' must come from an onnx.constant")
    return elements


def constant_list(name: str, value: SSAValue) -> tuple[int, ...]:
    """
    As `known_list`, for operands that must be known.

    Raises:
        VerifyException: when no `onnx.constant` of a list of integers defines `value`.
    """
    if (elements := known_list(name, value)) is None:
        raise VerifyException(f"'{name}' must come from an onnx.constant")
    return elements
