"""Sums along a dimension: means, layer normalisation, softmax."""

from __future__ import annotations

from xdsl.dialects.builtin import FloatAttr, f32
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import (
    INTEGER,
    FloatTensor,
    IntegerTensor,
    counted_from_front,
    distinct_dimensions,
)
from vaqf.dialects.onnx.data import constant_list
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class SoftmaxOp(IRDLOperation):
    """
    `exp(input) / sum(exp(input))` along one dimension.

    ```mlir
    %p = onnx.Softmax %scores axis = -1 : tensor<1x3x197x197xf32> -> tensor<1x3x197x197xf32>
    ```
    """

    name = "onnx.Softmax"

    input = operand_def(FloatTensor)
    """Any shape of at least one dimension."""

    axis = prop_def(INTEGER)
    """The dimension to sum over; negative ones count from the back."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input `axis` `=` $axis attr-dict `:` type($input) `->` type($result)"

    @property
    def dimension(self) -> int:
        """`axis`, counted from the front."""
        return counted_from_front("axis", self.axis.value.data, len(shape_of(self.input)))

    def verify_(self) -> None:
        _ = self.dimension
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class LayerNormalizationOp(IRDLOperation):
    """
    Normalise over the dimensions from `axis` to the last (Ba et al., 2016, equation 4):
    `(input - mean) / sqrt(variance + epsilon) * scale + bias`, with the biased variance.

    ```mlir
    %normed = onnx.LayerNormalization %x, %scale, %bias axis = -1 epsilon = 1.0e-06
        : tensor<1x197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.LayerNormalization"

    input = operand_def(FloatTensor)
    """Any shape of at least one dimension."""

    scale = operand_def(FloatTensor)
    """Factors, in the shape of the normalised dimensions."""

    bias = opt_operand_def(FloatTensor)
    """Offsets, in the shape of the normalised dimensions."""

    axis = prop_def(INTEGER)
    """The first normalised dimension; negative ones count from the back."""

    epsilon = prop_def(FloatAttr.constr(f32))
    """Added to the variance, not negative."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $scale (`,` $bias^)? `axis` `=` $axis `epsilon` `=` $epsilon attr-dict `:` "
        "type($input) `,` type($scale) (`,` type($bias)^)? `->` type($result)"
    )

    @property
    def dimension(self) -> int:
        """`axis`, counted from the front."""
        return counted_from_front("axis", self.axis.value.data, len(shape_of(self.input)))

    def verify_(self) -> None:
        normalised = shape_of(self.input)[self.dimension :]
        expect_shape("scale", self.scale, normalised)
        if self.bias is not None:
            expect_shape("bias", self.bias, normalised)
        expect_shape("result", self.result, shape_of(self.input))
        if self.epsilon.value.data < 0:
            raise VerifyException(
                f"'epsilon' is {self.epsilon.value.data}, it must not be negative"
            )


@irdl_op_definition
class ReduceMeanOp(IRDLOperation):
    """
    Mean over some dimensions.

    ```mlir
    %mean = onnx.ReduceMean %x, %axes keepdims = 1
        : tensor<1x197x192xf32>, tensor<1xi64> -> tensor<1x197x1xf32>
    ```
    """

    name = "onnx.ReduceMean"

    input = operand_def(FloatTensor)
    """Any shape."""

    axes = operand_def(IntegerTensor)
    """The dimensions to average over, an `onnx.constant`; negative ones count from the back."""

    keepdims = prop_def(INTEGER)
    """Whether those dimensions stay, with size 1: 0 or 1."""

    result = result_def(FloatTensor)
    """The other dimensions of `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $axes `keepdims` `=` $keepdims attr-dict `:` "
        "type($input) `,` type($axes) `->` type($result)"
    )

    @property
    def dimensions(self) -> tuple[int, ...]:
        """`axes`, counted from the front."""
        axes = constant_list("axes", self.axes)
        return distinct_dimensions("axes", axes, len(shape_of(self.input)))

    def verify_(self) -> None:
        shape, reduced, keep = shape_of(self.input), self.dimensions, self.keepdims.value.data
        if keep not in (0, 1):
            raise VerifyException(f"'keepdims' is {keep}, accepted values are 0 and 1")
        kept = tuple(1 if index in reduced else size for index, size in enumerate(shape))
        dropped = tuple(size for index, size in enumerate(shape) if index not in reduced)
        expect_shape("result", self.result, kept if keep else dropped)
