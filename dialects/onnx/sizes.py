"""Shapes as values, and tensors made from them."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import (
    I64,
    DenseIntOrFPElementsAttr,
    TensorType,
)
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import INTEGER, NUMBERS, expect_elements, expect_same_elements
from vaqf.dialects.onnx.data import known_list
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


@irdl_op_definition
class ShapeOp(IRDLOperation):
    """
    The sizes of a tensor, or some of them.

    ```mlir
    %batch = onnx.Shape %image start = 0 end = 1 : tensor<1x3x224x224xf32> -> tensor<1xi64>
    ```
    """

    name = "onnx.Shape"

    input = operand_def(TensorType)
    """Any tensor."""

    start = prop_def(INTEGER)
    """The first dimension; negative ones count from the back."""

    end = opt_prop_def(INTEGER)
    """The dimension to stop before, as for `start`; all are taken when it is not given."""

    result = result_def(TensorType[I64])
    """A list of sizes."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `start` `=` $start (`end` `=` $end^)? attr-dict `:` type($input) `->` type($result)"
    )

    @property
    def sizes(self) -> tuple[int, ...]:
        """The result: it is known from the type of the input."""
        return shape_of(self.input)[
            self.start.value.data : None if self.end is None else self.end.value.data
        ]

    def verify_(self) -> None:
        expect_shape("result", self.result, (len(self.sizes),))


@irdl_op_definition
class SizeOp(IRDLOperation):
    """
    The number of elements of a tensor.

    ```mlir
    %count = onnx.Size %x : tensor<1x197x192xf32> -> tensor<i64>
    ```
    """

    name = "onnx.Size"

    input = operand_def(TensorType)
    """Any tensor."""

    result = result_def(TensorType[I64])
    """One number."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    @property
    def count(self) -> int:
        """The result: it is known from the type of the input."""
        return prod(shape_of(self.input))

    def verify_(self) -> None:
        expect_shape("result", self.result, ())


@irdl_op_definition
class ConstantOfShapeOp(IRDLOperation):
    """
    A tensor of equal elements.

    ```mlir
    %ones = onnx.ConstantOfShape %rank value = dense<1> : tensor<1xi64>
        : tensor<1xi64> -> tensor<3xi64>
    ```
    """

    name = "onnx.ConstantOfShape"

    shape = operand_def(TensorType)
    """Sizes of the result."""

    value = prop_def(DenseIntOrFPElementsAttr)
    """One element, in a list or not."""

    result = result_def(TensorType)
    """Elements as in `value`."""

    traits = traits_def(Pure())

    assembly_format = "$shape `value` `=` $value attr-dict `:` type($shape) `->` type($result)"

    def verify_(self) -> None:
        if (count := prod(self.value.get_shape())) != 1:
            raise VerifyException(f"'value' has {count} elements, expected one")
        if (wanted := known_list("shape", self.shape)) is not None:
            expect_shape("result", self.result, wanted)
        expect_elements("result", self.result, [self.value.get_element_type()])


@irdl_op_definition
class RangeOp(IRDLOperation):
    """
    Numbers at equal distances.

    ```mlir
    %positions = onnx.Range %zero, %count, %one
        : tensor<i64>, tensor<i64>, tensor<i64> -> tensor<197xi64>
    ```
    """

    name = "onnx.Range"

    start = operand_def(TensorType)
    """The first number."""

    limit = operand_def(TensorType)
    """Where to stop before."""

    delta = operand_def(TensorType)
    """The distance, which may be negative; not zero."""

    result = result_def(TensorType)
    """A list of numbers as those that were given."""

    traits = traits_def(Pure())

    assembly_format = (
        "$start `,` $limit `,` $delta attr-dict `:` "
        "type($start) `,` type($limit) `,` type($delta) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_elements("result", self.result, NUMBERS)
        expect_rank("result", self.result, 1, "a list")
        operands = {"start": self.start, "limit": self.limit, "delta": self.delta}
        for name, value in operands.items():
            expect_shape(name, value, ())
            expect_same_elements(name, value, self.result)
