"""Functions of each element of one tensor."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import StringAttr, TensorType, f32, f64
from xdsl.ir import Attribute
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

from vaqf.dialects.onnx.base import NUMBERS, expect_elements, expect_same_elements
from vaqf.dialects.shapes import expect_shape, shape_of


class UnaryOperation(IRDLOperation, ABC):
    """A function of each element of one tensor."""

    ELEMENTS: ClassVar[Sequence[Attribute]] = (f32, f64)
    """Elements that it takes and gives."""

    input = operand_def(TensorType)
    """Any shape, real values if not said otherwise."""

    result = result_def(TensorType)
    """Same shape and elements as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        expect_elements("input", self.input, self.ELEMENTS)
        expect_shape("result", self.result, shape_of(self.input))
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class NegOp(UnaryOperation):
    """
    `-input`, for any numbers.

    ```mlir
    %y = onnx.Neg %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Neg"

    ELEMENTS: ClassVar = NUMBERS


@irdl_op_definition
class ReciprocalOp(UnaryOperation):
    """
    `1 / input`.

    ```mlir
    %scale = onnx.Reciprocal %root : tensor<1xf32> -> tensor<1xf32>
    ```
    """

    name = "onnx.Reciprocal"


@irdl_op_definition
class FloorOp(UnaryOperation):
    """
    The largest integer that is not larger.

    ```mlir
    %y = onnx.Floor %x : tensor<f32> -> tensor<f32>
    ```
    """

    name = "onnx.Floor"


@irdl_op_definition
class CeilOp(UnaryOperation):
    """
    The smallest integer that is not smaller.

    ```mlir
    %y = onnx.Ceil %x : tensor<f32> -> tensor<f32>
    ```
    """

    name = "onnx.Ceil"


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
class ExpOp(UnaryOperation):
    """
    Exponential function.

    ```mlir
    %y = onnx.Exp %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Exp"


@irdl_op_definition
class LogOp(UnaryOperation):
    """
    Natural logarithm.

    ```mlir
    %y = onnx.Log %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Log"


@irdl_op_definition
class ErfOp(UnaryOperation):
    """
    Gauss error function.

    ```mlir
    %e = onnx.Erf %t : tensor<1x197x768xf32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.Erf"

    ELEMENTS: ClassVar = (f32,)


@irdl_op_definition
class TanhOp(UnaryOperation):
    """
    Hyperbolic tangent.

    ```mlir
    %y = onnx.Tanh %x : tensor<1x197x768xf32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.Tanh"


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

    ELEMENTS: ClassVar = (f32,)

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
