"""Layer normalisation and softmax."""

from __future__ import annotations

from xdsl.dialects.builtin import FloatAttr, TensorType, f32
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

from vaqf.dialects.onnx.base import INTEGER, counted_from_front, expect_reals
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

    input = operand_def(TensorType)
    """Any shape of at least one dimension."""

    axis = prop_def(INTEGER)
    """The dimension to sum over; negative ones count from the back."""

    result = result_def(TensorType)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input `axis` `=` $axis attr-dict `:` type($input) `->` type($result)"

    @property
    def dimension(self) -> int:
        """`axis`, counted from the front."""
        return counted_from_front("axis", self.axis.value.data, len(shape_of(self.input)))

    def verify_(self) -> None:
        expect_reals(input=self.input, result=self.result)
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

    input = operand_def(TensorType)
    """Any shape of at least one dimension."""

    scale = operand_def(TensorType)
    """Factors, in the shape of the normalised dimensions."""

    bias = opt_operand_def(TensorType)
    """Offsets, in the shape of the normalised dimensions."""

    axis = prop_def(INTEGER)
    """The first normalised dimension; negative ones count from the back."""

    epsilon = prop_def(FloatAttr.constr(f32))
    """Added to the variance, not negative."""

    result = result_def(TensorType)
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
        expect_reals(input=self.input, scale=self.scale, bias=self.bias, result=self.result)
        normalised = shape_of(self.input)[self.dimension :]
        expect_shape("scale", self.scale, normalised)
        if self.bias is not None:
            expect_shape("bias", self.bias, normalised)
        expect_shape("result", self.result, shape_of(self.input))
        if self.epsilon.value.data < 0:
            raise VerifyException(
                f"'epsilon' is {self.epsilon.value.data}, it must not be negative"
            )
