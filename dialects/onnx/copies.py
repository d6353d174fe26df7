"""The same values again, as they are or with other elements."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import AnyFloat, IntegerType, TensorType
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import elements_of, expect_same_elements
from vaqf.dialects.shapes import expect_shape, shape_of


class Copy(IRDLOperation, ABC):
    """An operation that gives what it takes."""

    input = operand_def(TensorType)
    """Any tensor."""

    result = result_def(TensorType)
    """The same tensor."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class IdentityOp(Copy):
    """
    What an exporter leaves where a tensor has two names.

    ```mlir
    %bias = onnx.Identity %shared : tensor<192xf32> -> tensor<192xf32>
    ```
    """

    name = "onnx.Identity"


@irdl_op_definition
class DropoutOp(Copy):
    """
    What drops elements in training, and nothing when the network runs.

    ```mlir
    %y = onnx.Dropout %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Dropout"


@irdl_op_definition
class CastOp(IRDLOperation):
    """
    The same numbers with other elements.

    Reals become integers by rounding towards zero; conditions are 0 and 1, and what is not 0 holds.

    ```mlir
    %real = onnx.Cast %size : tensor<1xi64> -> tensor<1xf32>
    ```
    """

    name = "onnx.Cast"

    input = operand_def(TensorType)
    """Any numbers."""

    result = result_def(TensorType)
    """Same shape as `input`, any numbers."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))
        for name, value in (("input", self.input), ("result", self.result)):
            if not isinstance(elements := elements_of(value), AnyFloat | IntegerType):
                raise VerifyException(f"'{name}' has elements {elements}, expected numbers")
