"""The same values in another shape or order."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import TensorType
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
    INTEGERS,
    IntegerTensor,
    broadcast,
    distinct_dimensions,
    expect_same_elements,
)
from vaqf.dialects.onnx.data import constant_list
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class ReshapeOp(IRDLOperation):
    """
    Give a tensor another shape with the same values in the same row-major order.

    ```mlir
    %shape = onnx.constant dense<[1, 192, -1]> : tensor<3xi64>
    %y = onnx.Reshape %x, %shape
        : tensor<1x192x14x14xf32>, tensor<3xi64> -> tensor<1x192x196xf32>
    ```
    """

    name = "onnx.Reshape"

    input = operand_def(TensorType)
    """Any tensor."""

    shape = operand_def(IntegerTensor)
    """The shape of the result, an `onnx.constant`; -1 means what is left, 0 means as in `input`."""

    result = result_def(TensorType)
    """As many values as `input` has."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $shape attr-dict `:` type($input) `,` type($shape) `->` type($result)"
    )

    def verify_(self) -> None:
        input, wanted = shape_of(self.input), constant_list("shape", self.shape)
        if min(wanted, default=0) < -1 or wanted.count(-1) > 1:
            raise VerifyException(f"'shape' is {list(wanted)}, expected sizes and at most one -1")
        if 0 in wanted[len(input) :]:
            raise VerifyException(f"'shape' is {list(wanted)}, 'input' has only {len(input)} sizes")
        sizes = [size or input[index] for index, size in enumerate(wanted)]
        known = prod(size for size in sizes if size != -1)
        left = prod(input) // known if -1 in sizes and known else 1
        if known * left != prod(input):
            raise VerifyException(f"'shape' is {list(wanted)}, 'input' has {prod(input)} values")
        expect_shape("result", self.result, tuple(left if size == -1 else size for size in sizes))
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class TransposeOp(IRDLOperation):
    """
    Permute the dimensions of a tensor.

    ```mlir
    %y = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x192x196xf32> -> tensor<1x196x192xf32>
    ```
    """

    name = "onnx.Transpose"

    input = operand_def(TensorType)
    """Any tensor."""

    perm = prop_def(INTEGERS)
    """Dimension of `input` that each dimension of the result comes from."""

    result = result_def(TensorType)
    """The same values, permuted."""

    traits = traits_def(Pure())

    assembly_format = "$input `perm` `=` $perm attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        shape, order = shape_of(self.input), self.perm.get_values()
        if sorted(order) != list(range(len(shape))):
            raise VerifyException(
                f"'perm' is {list(order)}, expected each of 0 to {len(shape) - 1} once"
            )
        expect_shape("result", self.result, tuple(shape[source] for source in order))
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class SqueezeOp(IRDLOperation):
    """
    Drop dimensions of size 1.

    ```mlir
    %axes = onnx.constant dense<0> : tensor<1xi64>
    %y = onnx.Squeeze %x, %axes
        : tensor<1x1x3x197x64xf32>, tensor<1xi64> -> tensor<1x3x197x64xf32>
    ```
    """

    name = "onnx.Squeeze"

    input = operand_def(TensorType)
    """Any tensor."""

    axes = operand_def(IntegerTensor)
    """The dimensions to drop, an `onnx.constant`; negative ones count from the back."""

    result = result_def(TensorType)
    """The same values, without those dimensions."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $axes attr-dict `:` type($input) `,` type($axes) `->` type($result)"
    )

    @property
    def dimensions(self) -> tuple[int, ...]:
        """`axes`, as dimensions of `input` counted from the front."""
        axes = constant_list("axes", self.axes)
        return distinct_dimensions("axes", axes, len(shape_of(self.input)))

    def verify_(self) -> None:
        shape, dropped = shape_of(self.input), self.dimensions
        for index in dropped:
            if shape[index] != 1:
                raise VerifyException(f"dimension {index} of 'input' is {shape[index]}, expected 1")
        kept = tuple(size for index, size in enumerate(shape) if index not in dropped)
        expect_shape("result", self.result, kept)
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class UnsqueezeOp(IRDLOperation):
    """
    Add dimensions of size 1.

    ```mlir
    %axes = onnx.constant dense<0> : tensor<1xi64>
    %y = onnx.Unsqueeze %x, %axes
        : tensor<1x3x197x64xf32>, tensor<1xi64> -> tensor<1x1x3x197x64xf32>
    ```
    """

    name = "onnx.Unsqueeze"

    input = operand_def(TensorType)
    """Any tensor."""

    axes = operand_def(IntegerTensor)
    """New dimensions of the result, an `onnx.constant`; negative ones count from the back."""

    result = result_def(TensorType)
    """The same values, with those dimensions."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $axes attr-dict `:` type($input) `,` type($axes) `->` type($result)"
    )

    @property
    def dimensions(self) -> tuple[int, ...]:
        """`axes`, as dimensions of the result counted from the front."""
        axes = constant_list("axes", self.axes)
        return distinct_dimensions("axes", axes, len(shape_of(self.input)) + len(axes))

    def verify_(self) -> None:
        sizes, added = iter(shape_of(self.input)), self.dimensions
        rank = len(shape_of(self.input)) + len(added)
        expected = tuple(1 if index in added else next(sizes) for index in range(rank))
        expect_shape("result", self.result, expected)
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class ExpandOp(IRDLOperation):
    """
    Repeat a tensor along dimensions of size 1, and along new ones.

    ```mlir
    %shape = onnx.constant dense<[1, 1, 192]> : tensor<3xi64>
    %y = onnx.Expand %x, %shape : tensor<1x1x192xf32>, tensor<3xi64> -> tensor<1x1x192xf32>
    ```
    """

    name = "onnx.Expand"

    input = operand_def(TensorType)
    """Any tensor."""

    shape = operand_def(IntegerTensor)
    """What the shape of `input` broadcasts with, an `onnx.constant`."""

    result = result_def(TensorType)
    """The shape that both broadcast to."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $shape attr-dict `:` type($input) `,` type($shape) `->` type($result)"
    )

    def verify_(self) -> None:
        wanted = constant_list("shape", self.shape)
        expect_shape("result", self.result, broadcast(shape_of(self.input), wanted))
        expect_same_elements("result", self.result, self.input)
