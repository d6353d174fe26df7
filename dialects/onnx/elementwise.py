"""Arithmetic on each element of several tensors, with broadcasting."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import TensorType
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import (
    INTEGER,
    NUMBERS,
    broadcast,
    expect_elements,
    expect_same_elements,
)
from vaqf.dialects.shapes import expect_shape, shape_of


class BinaryOperation(IRDLOperation, ABC):
    """An operation on the elements of two tensors that broadcast."""

    left = operand_def(TensorType)
    """Any shape, numbers."""

    right = operand_def(TensorType)
    """Any shape that broadcasts with that of `left`, with the same elements."""

    result = result_def(TensorType)
    """The shape that both broadcast to, with the same elements."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_elements("left", self.left, NUMBERS)
        self._expect_elements_of_right()
        expect_shape("result", self.result, broadcast(shape_of(self.left), shape_of(self.right)))
        expect_same_elements("result", self.result, self.left)

    def _expect_elements_of_right(self) -> None:
        expect_same_elements("right", self.right, self.left)


class VariadicOperation(IRDLOperation, ABC):
    """An operation on the elements of any number of tensors that broadcast."""

    inputs = var_operand_def(TensorType)
    """At least one tensor of numbers; their shapes broadcast, their elements are the same."""

    result = result_def(TensorType)
    """The shape that all broadcast to, with the same elements."""

    traits = traits_def(Pure())

    assembly_format = "$inputs attr-dict `:` type($inputs) `->` type($result)"

    def verify_(self) -> None:
        if not self.inputs:
            raise VerifyException("there is no input, expected at least one")
        expect_elements("result", self.result, NUMBERS)
        for index, each in enumerate(self.inputs):
            expect_same_elements(f"input {index}", each, self.result)
        expect_shape("result", self.result, broadcast(*map(shape_of, self.inputs)))


@irdl_op_definition
class AddOp(BinaryOperation):
    """
    `left + right`.

    ```mlir
    %sum = onnx.Add %x, %bias : tensor<1x197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Add"


@irdl_op_definition
class SubOp(BinaryOperation):
    """
    `left - right`.

    ```mlir
    %d = onnx.Sub %x, %mean : tensor<1x197x192xf32>, tensor<1x197x1xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Sub"


@irdl_op_definition
class MulOp(BinaryOperation):
    """
    `left * right`.

    ```mlir
    %q = onnx.Mul %query, %scale : tensor<1x3x197x64xf32>, tensor<f32> -> tensor<1x3x197x64xf32>
    ```
    """

    name = "onnx.Mul"


@irdl_op_definition
class DivOp(BinaryOperation):
    """
    `left / right`; the quotient of integers is rounded towards zero.

    ```mlir
    %t = onnx.Div %x, %root_of_two : tensor<1x197x768xf32>, tensor<f32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.Div"


@irdl_op_definition
class ModOp(BinaryOperation):
    """
    What is left of `left` after division by `right`.

    ```mlir
    %rest = onnx.Mod %size, %heads fmod = 0 : tensor<i64>, tensor<i64> -> tensor<i64>
    ```
    """

    name = "onnx.Mod"

    fmod = prop_def(INTEGER)
    """0: it has the sign of `right`, for integers only. 1: that of `left`, as `fmod` of C."""

    assembly_format = (
        "$left `,` $right `fmod` `=` $fmod attr-dict `:` "
        "type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        super().verify_()
        if self.fmod.value.data not in (0, 1):
            raise VerifyException(f"'fmod' is {self.fmod.value.data}, accepted values are 0 and 1")


@irdl_op_definition
class PowOp(BinaryOperation):
    """
    `left` to the power of `right`, whose elements may be other numbers.

    ```mlir
    %square = onnx.Pow %d, %two : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Pow"

    def _expect_elements_of_right(self) -> None:
        expect_elements("right", self.right, NUMBERS)


@irdl_op_definition
class MaxOp(VariadicOperation):
    """
    The largest of all inputs.

    ```mlir
    %y = onnx.Max %x, %zero : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Max"


@irdl_op_definition
class MinOp(VariadicOperation):
    """
    The smallest of all inputs.

    ```mlir
    %y = onnx.Min %x, %one : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Min"
