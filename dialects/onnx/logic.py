"""Conditions: where they come from, and choices by them."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import TensorType, f32, f64, i1
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from vaqf.dialects.onnx.base import (
    NUMBERS,
    BooleanTensor,
    broadcast,
    expect_elements,
    expect_same_elements,
)
from vaqf.dialects.shapes import expect_shape, shape_of


class Comparison(IRDLOperation, ABC):
    """A relation of the elements of two tensors that broadcast."""

    left = operand_def(TensorType)
    """Any shape, numbers."""

    right = operand_def(TensorType)
    """Any shape that broadcasts with that of `left`, with the same elements."""

    result = result_def(BooleanTensor)
    """The shape that both broadcast to."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_elements("left", self.left, (*NUMBERS, i1))
        expect_same_elements("right", self.right, self.left)
        expect_shape("result", self.result, broadcast(shape_of(self.left), shape_of(self.right)))


class Connective(IRDLOperation, ABC):
    """A condition made of two, which broadcast."""

    left = operand_def(BooleanTensor)
    """Any shape."""

    right = operand_def(BooleanTensor)
    """Any shape that broadcasts with that of `left`."""

    result = result_def(BooleanTensor)
    """The shape that both broadcast to."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_shape("result", self.result, broadcast(shape_of(self.left), shape_of(self.right)))


@irdl_op_definition
class EqualOp(Comparison):
    """
    Whether elements, which may be conditions, are equal.

    ```mlir
    %is_kept = onnx.Equal %asked, %minus_one : tensor<3xi64>, tensor<3xi64> -> tensor<3xi1>
    ```
    """

    name = "onnx.Equal"


@irdl_op_definition
class GreaterOp(Comparison):
    """
    `left > right`.

    ```mlir
    %c = onnx.Greater %x, %zero : tensor<197xi64>, tensor<i64> -> tensor<197xi1>
    ```
    """

    name = "onnx.Greater"


@irdl_op_definition
class GreaterOrEqualOp(Comparison):
    """
    `left >= right`.

    ```mlir
    %c = onnx.GreaterOrEqual %x, %zero : tensor<197xi64>, tensor<i64> -> tensor<197xi1>
    ```
    """

    name = "onnx.GreaterOrEqual"


@irdl_op_definition
class LessOp(Comparison):
    """
    `left < right`.

    ```mlir
    %c = onnx.Less %x, %zero : tensor<197xi64>, tensor<i64> -> tensor<197xi1>
    ```
    """

    name = "onnx.Less"


@irdl_op_definition
class LessOrEqualOp(Comparison):
    """
    `left <= right`.

    ```mlir
    %causal = onnx.LessOrEqual %key, %query : tensor<7xi64>, tensor<7x1xi64> -> tensor<7x7xi1>
    ```
    """

    name = "onnx.LessOrEqual"


@irdl_op_definition
class AndOp(Connective):
    """
    Whether both conditions hold.

    ```mlir
    %mask = onnx.And %causal, %is_word : tensor<7x7xi1>, tensor<7xi1> -> tensor<7x7xi1>
    ```
    """

    name = "onnx.And"


@irdl_op_definition
class OrOp(Connective):
    """
    Whether one condition holds, or both.

    ```mlir
    %mask = onnx.Or %global, %near : tensor<7xi1>, tensor<7x7xi1> -> tensor<7x7xi1>
    ```
    """

    name = "onnx.Or"


@irdl_op_definition
class NotOp(IRDLOperation):
    """
    Whether a condition does not hold.

    ```mlir
    %masked = onnx.Not %mask : tensor<7x7xi1> -> tensor<7x7xi1>
    ```
    """

    name = "onnx.Not"

    input = operand_def(BooleanTensor)
    """Any shape."""

    result = result_def(BooleanTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class IsNaNOp(IRDLOperation):
    """
    Whether a real value is not a number.

    ```mlir
    %failed = onnx.IsNaN %p : tensor<1x3x197x197xf32> -> tensor<1x3x197x197xi1>
    ```
    """

    name = "onnx.IsNaN"

    input = operand_def(TensorType)
    """Any shape, real values."""

    result = result_def(BooleanTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        expect_elements("input", self.input, (f32, f64))
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class WhereOp(IRDLOperation):
    """
    Choose each element by a condition.

    ```mlir
    %y = onnx.Where %mask, %x, %lowest
        : tensor<1x1x197x197xi1>, tensor<1x3x197x197xf32>, tensor<f32> -> tensor<1x3x197x197xf32>
    ```
    """

    name = "onnx.Where"

    condition = operand_def(BooleanTensor)
    """Any shape."""

    left = operand_def(TensorType)
    """Taken where the condition holds; broadcasts with `condition`."""

    right = operand_def(TensorType)
    """Taken where it does not hold; broadcasts with `condition`, same elements as `left`."""

    result = result_def(TensorType)
    """The shape that all three broadcast to, same elements as `left`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$condition `,` $left `,` $right attr-dict `:` "
        "type($condition) `,` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_same_elements("right", self.right, self.left)
        shapes = (shape_of(each) for each in (self.condition, self.left, self.right))
        expect_shape("result", self.result, broadcast(*shapes))
        expect_same_elements("result", self.result, self.left)
