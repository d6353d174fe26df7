"""One number for all along some dimensions, and sums up to each element."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import TensorType, f32, f64
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

from vaqf.dialects.onnx.base import (
    INTEGER,
    NUMBERS,
    counted_from_front,
    distinct_dimensions,
    expect_elements,
    expect_same_elements,
)
from vaqf.dialects.onnx.data import constant_list, known_elements, known_list
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


class Reduction(IRDLOperation, ABC):
    """
    An operation that gives one element for all along some dimensions.

    ONNX lets `axes` out where these are all dimensions; here they are always there.
    """

    ELEMENTS: ClassVar[Sequence[Attribute]] = NUMBERS
    """Elements that it takes and gives."""

    input = operand_def(TensorType)
    """Any shape, numbers if not said otherwise."""

    axes = operand_def(TensorType)
    """The dimensions to reduce, integers; negative ones count from the back."""

    keepdims = prop_def(INTEGER)
    """Whether those dimensions stay, with size 1: 0 or 1."""

    result = result_def(TensorType)
    """The other dimensions of `input`, with the same elements."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $axes `keepdims` `=` $keepdims attr-dict `:` "
        "type($input) `,` type($axes) `->` type($result)"
    )

    @property
    def dimensions(self) -> tuple[int, ...]:
        """
        `axes`, counted from the front.

        Raises:
            VerifyException: when they come from no `onnx.constant`.
        """
        axes = constant_list("axes", self.axes)
        return distinct_dimensions("axes", axes, len(shape_of(self.input)))

    def verify_(self) -> None:
        expect_elements("input", self.input, self.ELEMENTS)
        expect_same_elements("result", self.result, self.input)
        if (keep := self.keepdims.value.data) not in (0, 1):
            raise VerifyException(f"'keepdims' is {keep}, accepted values are 0 and 1")
        if (axes := known_list("axes", self.axes)) is None:
            return
        shape = shape_of(self.input)
        reduced = distinct_dimensions("axes", axes, len(shape))
        kept = tuple(1 if index in reduced else size for index, size in enumerate(shape))
        dropped = tuple(size for index, size in enumerate(shape) if index not in reduced)
        expect_shape("result", self.result, kept if keep else dropped)


@irdl_op_definition
class ReduceMeanOp(Reduction):
    """
    Mean of real values over some dimensions.

    ```mlir
    %mean = onnx.ReduceMean %x, %axes keepdims = 1
        : tensor<1x197x192xf32>, tensor<1xi64> -> tensor<1x197x1xf32>
    ```
    """

    name = "onnx.ReduceMean"

    ELEMENTS: ClassVar = (f32, f64)


@irdl_op_definition
class ReduceSumOp(Reduction):
    """
    Sum over some dimensions.

    ```mlir
    %sum = onnx.ReduceSum %x, %axes keepdims = 0
        : tensor<1x197x192xf32>, tensor<1xi64> -> tensor<1x197xf32>
    ```
    """

    name = "onnx.ReduceSum"


@irdl_op_definition
class ReduceProdOp(Reduction):
    """
    Product over some dimensions.

    ```mlir
    %n = onnx.ReduceProd %sizes, %axes keepdims = 0 : tensor<2xi64>, tensor<1xi64> -> tensor<i64>
    ```
    """

    name = "onnx.ReduceProd"


@irdl_op_definition
class ReduceMaxOp(Reduction):
    """
    The largest element along some dimensions.

    ```mlir
    %largest = onnx.ReduceMax %x, %axes keepdims = 0 : tensor<7xi64>, tensor<1xi64> -> tensor<i64>
    ```
    """

    name = "onnx.ReduceMax"


@irdl_op_definition
class ReduceMinOp(Reduction):
    """
    The smallest element along some dimensions.

    ```mlir
    %smallest = onnx.ReduceMin %x, %axes keepdims = 0 : tensor<7xi64>, tensor<1xi64> -> tensor<i64>
    ```
    """

    name = "onnx.ReduceMin"


@irdl_op_definition
class CumSumOp(IRDLOperation):
    """
    Sum of all elements up to each one, along one dimension.

    ```mlir
    %position = onnx.CumSum %is_word, %axis exclusive = 0 reverse = 0
        : tensor<1x7xi64>, tensor<i64> -> tensor<1x7xi64>
    ```
    """

    name = "onnx.CumSum"

    input = operand_def(TensorType)
    """Any shape, numbers."""

    axis = operand_def(TensorType)
    """The dimension, an integer; negative ones count from the back."""

    exclusive = prop_def(INTEGER)
    """1 when an element does not count itself."""

    reverse = prop_def(INTEGER)
    """1 when the elements after it are summed, not those before it."""

    result = result_def(TensorType)
    """Same shape and elements as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $axis `exclusive` `=` $exclusive `reverse` `=` $reverse attr-dict `:` "
        "type($input) `,` type($axis) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_elements("input", self.input, NUMBERS)
        expect_shape("result", self.result, shape_of(self.input))
        expect_same_elements("result", self.result, self.input)
        for name, flag in (("exclusive", self.exclusive), ("reverse", self.reverse)):
            if flag.value.data not in (0, 1):
                raise VerifyException(f"'{name}' is {flag.value.data}, accepted values are 0 and 1")
        expect_rank("axis", self.axis, 0, "one number")
        for axis in known_elements("axis", self.axis) or ():
            counted_from_front("axis", axis, len(shape_of(self.input)))
