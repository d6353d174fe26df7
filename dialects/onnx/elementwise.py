"""Arithmetic on each element, with broadcasting."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import StringAttr
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import BooleanTensor, FloatTensor, broadcast
from vaqf.dialects.shapes import expect_shape, shape_of


class BinaryOperation(IRDLOperation, ABC):
    """An operation on the elements of two tensors that broadcast."""

    left = operand_def(FloatTensor)
    """Any shape."""

    right = operand_def(FloatTensor)
    """Any shape that broadcasts with that of `left`."""

    result = result_def(FloatTensor)
    """The shape that both broadcast to."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_shape("result", self.result, broadcast(shape_of(self.left), shape_of(self.right)))


class UnaryOperation(IRDLOperation, ABC):
    """An operation on each element of one tensor."""

    input = operand_def(FloatTensor)
    """Any shape."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))


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
    `left / right`.

    ```mlir
    %t = onnx.Div %x, %root_of_two : tensor<1x197x768xf32>, tensor<f32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.Div"


@irdl_op_definition
class PowOp(BinaryOperation):
    """
    `left` to the power of `right`.

    ```mlir
    %square = onnx.Pow %d, %two : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Pow"


@irdl_op_definition
class SqrtOp(UnaryOperation):
    """
    Square root.

    ```mlir
    %deviation = onnx.Sqrt %variance : tensor<1x197x1xf32> -> tensor<1x197x1xf32>
    ```
    """

    name = "onnx.Sqrt"


@irdl_op_definition
class ErfOp(UnaryOperation):
    """
    Gauss error function.

    ```mlir
    %e = onnx.Erf %t : tensor<1x197x768xf32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.Erf"


@irdl_op_definition
class GeluOp(UnaryOperation):
    """
    Gaussian error linear unit (Hendrycks and Gimpel, 2016):
    `input / 2 * (1 + erf(input / sqrt(2)))`,
    or its approximation `input / 2 * (1 + tanh(sqrt(2 / pi) * (input + 0.044715 * input^3)))`.

    ```mlir
    %y = onnx.Gelu %x approximate = "none" : tensor<1x197x768xf32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.Gelu"

    approximate = prop_def(StringAttr)
    """`"none"` or `"tanh"`."""

    assembly_format = (
        "$input `approximate` `=` $approximate attr-dict `:` type($input) `->` type($result)"
    )

    def verify_(self) -> None:
        super().verify_()
        if self.approximate.data not in ("none", "tanh"):
            raise VerifyException(
                f"'approximate' is \"{self.approximate.data}\", "
                'accepted values are "none" and "tanh"'
            )


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

    left = operand_def(FloatTensor)
    """Taken where the condition holds; broadcasts with `condition`."""

    right = operand_def(FloatTensor)
    """Taken where it does not hold; broadcasts with `condition`."""

    result = result_def(FloatTensor)
    """The shape that all three broadcast to."""

    traits = traits_def(Pure())

    assembly_format = (
        "$condition `,` $left `,` $right attr-dict `:` "
        "type($condition) `,` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        shapes = (shape_of(each) for each in (self.condition, self.left, self.right))
        expect_shape("result", self.result, broadcast(*shapes))
