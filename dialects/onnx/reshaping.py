"""The same values in another shape or order."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue
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
    INTEGERS,
    broadcast,
    distinct_dimensions,
    expect_same_elements,
)
from vaqf.dialects.onnx.data import constant_list, known_list
from vaqf.dialects.shapes import expect_shape, shape_of


def _expect_count(result: SSAValue, input: SSAValue) -> None:
    """Check that no value was lost, where the shape that is asked for is computed."""
    if (count := prod(shape_of(result))) != (expected := prod(shape_of(input))):
        raise VerifyException(f"'result' has {count} values, expected {expected}")


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

    shape = operand_def(TensorType)
    """The shape of the result, integers: -1 means what is left, 0 means as in `input`."""

    result = result_def(TensorType)
    """As many values as `input` has."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $shape attr-dict `:` type($input) `,` type($shape) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_same_elements("result", self.result, self.input)
        input, wanted = shape_of(self.input), known_list("shape", self.shape)
        if wanted is None:
            return _expect_count(self.result, self.input)
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

    axes = operand_def(TensorType)
    """The dimensions to drop, integers: negative ones count from the back."""

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
        expect_same_elements("result", self.result, self.input)
        if known_list("axes", self.axes) is None:
            return _expect_count(self.result, self.input)
        shape, dropped = shape_of(self.input), self.dimensions
        for index in dropped:
            if shape[index] != 1:
                raise VerifyException(f"dimension {index} of 'input' is {shape[index]}, expected 1")
        kept = tuple(size for index, size in enumerate(shape) if index not in dropped)
        expect_shape("result", self.result, kept)


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

    axes = operand_def(TensorType)
    """New dimensions of the result, integers: negative ones count from the back."""

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
        expect_same_elements("result", self.result, self.input)
        if known_list("axes", self.axes) is None:
            return _expect_count(self.result, self.input)
        sizes, added = iter(shape_of(self.input)), self.dimensions
        rank = len(shape_of(self.input)) + len(added)
        expected = tuple(1 if index in added else next(sizes) for index in range(rank))
        expect_shape("result", self.result, expected)


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

    shape = operand_def(TensorType)
    """What the shape of `input` broadcasts with, integers."""

    result = result_def(TensorType)
    """The shape that both broadcast to."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $shape attr-dict `:` type($input) `,` type($shape) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_same_elements("result", self.result, self.input)
        wanted = known_list("shape", self.shape)
        if wanted is None:
            wanted = shape_of(self.result)
        expect_shape("result", self.result, broadcast(shape_of(self.input), wanted))


@irdl_op_definition
class FlattenOp(IRDLOperation):
    """
    Make a matrix of a tensor.

    ```mlir
    %y = onnx.Flatten %x axis = 1 : tensor<1x192x14x14xf32> -> tensor<1x37632xf32>
    ```
    """

    name = "onnx.Flatten"

    input = operand_def(TensorType)
    """Any tensor."""

    axis = prop_def(INTEGER)
    """The first dimension that belongs to the columns; negative ones count from the back."""

    result = result_def(TensorType)
    """The same values, rows x columns."""

    traits = traits_def(Pure())

    assembly_format = "$input `axis` `=` $axis attr-dict `:` type($input) `->` type($result)"

    def verify_(self) -> None:
        expect_same_elements("result", self.result, self.input)
        shape, axis = shape_of(self.input), self.axis.value.data
        if not -len(shape) <= axis <= len(shape):
            raise VerifyException(
                f"'axis' is {axis}, accepted range is [{-len(shape)}, {len(shape)}]"
            )
        axis += len(shape) if axis < 0 else 0
        expect_shape("result", self.result, (prod(shape[:axis]), prod(shape[axis:])))


@irdl_op_definition
class TileOp(IRDLOperation):
    """
    Put copies of a tensor side by side.

    ```mlir
    %repeats = onnx.constant dense<[1, 2]> : tensor<2xi64>
    %y = onnx.Tile %x, %repeats : tensor<1x3xi64>, tensor<2xi64> -> tensor<1x6xi64>
    ```
    """

    name = "onnx.Tile"

    input = operand_def(TensorType)
    """Any tensor."""

    repeats = operand_def(TensorType)
    """How many copies along each dimension, integers."""

    result = result_def(TensorType)
    """All copies."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $repeats attr-dict `:` type($input) `,` type($repeats) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_same_elements("result", self.result, self.input)
        shape = shape_of(self.input)
        expect_shape("repeats", self.repeats, (len(shape),))
        if (repeats := known_list("repeats", self.repeats)) is not None:
            expected = tuple(size * count for size, count in zip(shape, repeats, strict=True))
            expect_shape("result", self.result, expected)
