"""Parts of tensors, and tensors of parts."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import TensorType
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import (
    INTEGER,
    counted_from_front,
    distinct_dimensions,
    expect_same_elements,
)
from vaqf.dialects.onnx.data import constant_elements, known_elements, known_list
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


@irdl_op_definition
class ConcatOp(IRDLOperation):
    """
    Put tensors one after the other along one dimension.

    ```mlir
    %y = onnx.Concat %class, %patches axis = 1
        : tensor<1x1x192xf32>, tensor<1x196x192xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Concat"

    inputs = var_operand_def(TensorType)
    """At least one tensor; they may differ in the size of `axis` only."""

    axis = prop_def(INTEGER)
    """The dimension that grows; negative ones count from the back."""

    result = result_def(TensorType)
    """All values."""

    traits = traits_def(Pure())

    assembly_format = "$inputs `axis` `=` $axis attr-dict `:` type($inputs) `->` type($result)"

    @property
    def dimension(self) -> int:
        """`axis`, counted from the front."""
        return counted_from_front("axis", self.axis.value.data, len(shape_of(self.inputs[0])))

    def verify_(self) -> None:
        if not self.inputs:
            raise VerifyException("there is no input, expected at least one")
        first, axis = shape_of(self.inputs[0]), self.dimension
        before, after = first[:axis], first[axis + 1 :]
        shapes = [shape_of(each) for each in self.inputs]
        for index, shape in enumerate(shapes):
            if (shape[:axis], shape[axis + 1 :]) != (before, after) or len(shape) != len(first):
                raise VerifyException(
                    f"input {index} has shape {shape}, "
                    f"expected {first} but for the size of dimension {axis}"
                )
        total = sum(shape[axis] for shape in shapes)
        expect_shape("result", self.result, (*before, total, *after))
        for index, each in enumerate(self.inputs):
            expect_same_elements(f"input {index}", each, self.result)


def taken(size: int, start: int, end: int, step: int) -> range:
    """
    The indices from `start` to before `end` of a dimension of `size` (ONNX, "Slice").

    Steps backward, unlike those of Python, begin at the first value when `start` lies before it.
    """
    start, end = (each + size if each < 0 else each for each in (start, end))
    if step > 0:
        return range(min(max(start, 0), size), min(max(end, 0), size), step)
    return range(min(max(start, 0), size - 1), min(max(end, -1), size - 1), step)


@irdl_op_definition
class SliceOp(IRDLOperation):
    """
    Take every so many values along some dimensions.

    ONNX lets `axes` and `steps` out; here they are always there.

    ```mlir
    %zero = onnx.constant dense<0> : tensor<1xi64>
    %one = onnx.constant dense<1> : tensor<1xi64>
    %query = onnx.Slice %qkv, %zero, %one, %zero, %one
        : tensor<3x1x3x197x64xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>
        -> tensor<1x1x3x197x64xf32>
    ```
    """

    name = "onnx.Slice"

    input = operand_def(TensorType)
    """Any tensor."""

    starts = operand_def(TensorType)
    """Where to begin, integers; negative indices count from the back."""

    ends = operand_def(TensorType)
    """Where to stop before, integers; beyond the tensor means its end."""

    axes = operand_def(TensorType)
    """The dimensions that these numbers are for, integers."""

    steps = operand_def(TensorType)
    """Distance of the taken values, integers; not zero."""

    result = result_def(TensorType)
    """The taken values."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $starts `,` $ends `,` $axes `,` $steps attr-dict `:` "
        "type($input) `,` type($starts) `,` type($ends) `,` type($axes) `,` type($steps) "
        "`->` type($result)"
    )

    @staticmethod
    def ranges_of(
        shape: tuple[int, ...],
        starts: Sequence[int],
        ends: Sequence[int],
        axes: Sequence[int],
        steps: Sequence[int],
    ) -> tuple[range, ...]:
        """
        The indices that are taken of each dimension of an input.

        Raises:
            VerifyException: when the numbers make no sense.
        """
        if len({len(starts), len(ends), len(axes), len(steps)}) != 1:
            raise VerifyException("'starts', 'ends', 'axes' and 'steps' differ in length")
        if 0 in steps:
            raise VerifyException(f"'steps' is {list(steps)}, it must not have zeros")
        ranges = [range(size) for size in shape]
        dimensions = distinct_dimensions("axes", axes, len(shape))
        for dimension, start, end, step in zip(dimensions, starts, ends, steps, strict=True):
            ranges[dimension] = taken(shape[dimension], start, end, step)
        return tuple(ranges)

    def verify_(self) -> None:
        expect_same_elements("result", self.result, self.input)
        starts, ends = known_list("starts", self.starts), known_list("ends", self.ends)
        axes, steps = known_list("axes", self.axes), known_list("steps", self.steps)
        shape = shape_of(self.input)
        if starts is None or ends is None or axes is None or steps is None:
            expect_rank("result", self.result, len(shape), "that of 'input'")
            return
        ranges = self.ranges_of(shape, starts, ends, axes, steps)
        expect_shape("result", self.result, tuple(len(each) for each in ranges))


@irdl_op_definition
class SplitOp(IRDLOperation):
    """
    Cut a tensor into pieces along one dimension.

    ONNX lets the sizes of equal pieces out; here they are always there.

    ```mlir
    %sizes = onnx.constant dense<1> : tensor<3xi64>
    %q, %k, %v = onnx.Split %qkv, %sizes axis = 0 : tensor<3x1x3x197x64xf32>, tensor<3xi64>
        -> tensor<1x1x3x197x64xf32>, tensor<1x1x3x197x64xf32>, tensor<1x1x3x197x64xf32>
    ```
    """

    name = "onnx.Split"

    input = operand_def(TensorType)
    """Any tensor of at least one dimension."""

    sizes = operand_def(TensorType)
    """Size of each piece, integers; together the size of `axis`."""

    axis = prop_def(INTEGER)
    """The dimension to cut; negative ones count from the back."""

    pieces = var_result_def(TensorType)
    """The pieces, in order."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $sizes `axis` `=` $axis attr-dict `:` "
        "type($input) `,` type($sizes) `->` type($pieces)"
    )

    @property
    def dimension(self) -> int:
        """`axis`, counted from the front."""
        return counted_from_front("axis", self.axis.value.data, len(shape_of(self.input)))

    @property
    def piece_sizes(self) -> tuple[int, ...]:
        """Size of each piece along `axis`, as the types of the pieces have it."""
        return tuple(shape_of(piece)[self.dimension] for piece in self.pieces)

    def verify_(self) -> None:
        shape, axis, sizes = shape_of(self.input), self.dimension, known_list("sizes", self.sizes)
        if sizes is None:
            for index, piece in enumerate(self.pieces):
                expect_rank(f"piece {index}", piece, len(shape), "that of 'input'")
            sizes = self.piece_sizes
        if len(sizes) != len(self.pieces):
            raise VerifyException(f"there are {len(self.pieces)} pieces, expected {len(sizes)}")
        if sum(sizes) != shape[axis] or min(sizes, default=0) < 0:
            raise VerifyException(f"'sizes' is {list(sizes)}, dimension {axis} has {shape[axis]}")
        for index, (piece, size) in enumerate(zip(self.pieces, sizes, strict=True)):
            expect_shape(f"piece {index}", piece, (*shape[:axis], size, *shape[axis + 1 :]))
            expect_same_elements(f"piece {index}", piece, self.input)


@irdl_op_definition
class GatherOp(IRDLOperation):
    """
    Pick entries of one dimension by their indices.

    ```mlir
    %index = onnx.constant dense<0> : tensor<i64>
    %class = onnx.Gather %tokens, %index axis = 1
        : tensor<1x197x192xf32>, tensor<i64> -> tensor<1x192xf32>
    ```
    """

    name = "onnx.Gather"

    input = operand_def(TensorType)
    """Any tensor of at least one dimension."""

    indices = operand_def(TensorType)
    """Indices along `axis`, integers of any shape; negative ones count from the back."""

    axis = prop_def(INTEGER)
    """The dimension to pick from; negative ones count from the back."""

    result = result_def(TensorType)
    """The dimensions of `indices` take the place of `axis`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $indices `axis` `=` $axis attr-dict `:` "
        "type($input) `,` type($indices) `->` type($result)"
    )

    @property
    def dimension(self) -> int:
        """`axis`, counted from the front."""
        return counted_from_front("axis", self.axis.value.data, len(shape_of(self.input)))

    @property
    def positions(self) -> tuple[int, ...]:
        """
        `indices` in row-major order, counted from the front.

        Raises:
            VerifyException: when they come from no `onnx.constant`.
        """
        size = shape_of(self.input)[self.dimension]
        return tuple(
            counted_from_front("indices", index, size)
            for index in constant_elements("indices", self.indices)
        )

    def verify_(self) -> None:
        shape, axis, indices = shape_of(self.input), self.dimension, shape_of(self.indices)
        if known_elements("indices", self.indices) is not None:
            _ = self.positions
        expect_shape("result", self.result, (*shape[:axis], *indices, *shape[axis + 1 :]))
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class TriluOp(IRDLOperation):
    """
    Keep one triangle of each matrix, and put zeros in the other.

    ```mlir
    %causal = onnx.Trilu %ones upper = 0 : tensor<7x7xi64> -> tensor<7x7xi64>
    ```
    """

    name = "onnx.Trilu"

    input = operand_def(TensorType)
    """Any tensor of at least two dimensions."""

    diagonal = opt_operand_def(TensorType)
    """The last diagonal that is kept, an integer: 0, the default, is the main one, 1 above it."""

    upper = prop_def(INTEGER)
    """1 to keep the upper triangle, 0 for the lower one."""

    result = result_def(TensorType)
    """Same shape and elements as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input (`,` $diagonal^)? `upper` `=` $upper attr-dict `:` "
        "type($input) (`,` type($diagonal)^)? `->` type($result)"
    )

    def verify_(self) -> None:
        if len(shape := shape_of(self.input)) < 2:
            raise VerifyException(f"'input' has rank {len(shape)}, expected at least 2")
        if self.upper.value.data not in (0, 1):
            raise VerifyException(
                f"'upper' is {self.upper.value.data}, accepted values are 0 and 1"
            )
        if self.diagonal is not None:
            known_elements("diagonal", self.diagonal)
        expect_shape("result", self.result, shape)
        expect_same_elements("result", self.result, self.input)
