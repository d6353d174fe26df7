"""
Operations that ONNX Runtime's optimiser writes, of the domain `com.microsoft`.

They stand for several operations of ONNX, and `decompose-onnx-fused-operators` writes them so.
"""

from __future__ import annotations

from xdsl.dialects.builtin import FloatAttr, IntegerAttr, f32, i64
from xdsl.ir import SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_result_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import INTEGER, FloatTensor, broadcast
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class BiasGeluOp(IRDLOperation):
    """
    `Gelu(input + bias)`, by the error function.

    ```mlir
    %y = onnx.microsoft.BiasGelu %x, %bias
        : tensor<1x197x768xf32>, tensor<768xf32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.microsoft.BiasGelu"

    input = operand_def(FloatTensor)
    """Any shape of at least one dimension."""

    bias = operand_def(FloatTensor)
    """One value for each index of the last dimension."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $bias attr-dict `:` type($input) `,` type($bias) `->` type($result)"
    )

    def verify_(self) -> None:
        shape = shape_of(self.input)
        expect_shape("bias", self.bias, shape[-1:])
        expect_shape("result", self.result, shape)


@irdl_op_definition
class FusedMatMulOp(IRDLOperation):
    """
    `alpha * left x right` for stacks of matrices, which may be stored transposed.

    ```mlir
    %scores = onnx.microsoft.FusedMatMul %query, %key {alpha = 0.125 : f32, transB = 1 : i64}
        : tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32> -> tensor<1x3x197x197xf32>
    ```
    """

    name = "onnx.microsoft.FusedMatMul"

    left = operand_def(FloatTensor)
    """`... x M x K`, or `... x K x M` when `transA` is 1."""

    right = operand_def(FloatTensor)
    """`... x K x N`, or `... x N x K` when `transB` is 1."""

    alpha = prop_def(FloatAttr.constr(f32), default_value=FloatAttr(1.0, f32))
    """Factor on the product."""

    trans_a = prop_def(INTEGER, default_value=IntegerAttr(0, i64), prop_name="transA")
    """Whether the matrices of `left` are stored transposed: 0 or 1."""

    trans_b = prop_def(INTEGER, default_value=IntegerAttr(0, i64), prop_name="transB")
    """Whether the matrices of `right` are stored transposed: 0 or 1."""

    result = result_def(FloatTensor)
    """`... x M x N`; leading dimensions broadcast."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        left_stack, rows, inner = _matrix("left", self.left, "transA", self.trans_a)
        right_stack, right_inner, columns = _matrix("right", self.right, "transB", self.trans_b)
        if right_inner != inner:
            raise VerifyException(f"'right' has {right_inner} rows, expected {inner}")
        expect_shape("result", self.result, (*broadcast(left_stack, right_stack), rows, columns))


def _matrix(
    name: str, value: SSAValue, flag_name: str, flag: IntegerAttr
) -> tuple[tuple[int, ...], int, int]:
    """Leading dimensions, rows and columns of a stack of matrices that may be transposed."""
    if (transposed := flag.value.data) not in (0, 1):
        raise VerifyException(f"'{flag_name}' is {transposed}, accepted values are 0 and 1")
    if len(shape := shape_of(value)) < 2:
        raise VerifyException(f"'{name}' has rank {len(shape)}, expected at least 2")
    rows, columns = reversed(shape[-2:]) if transposed else shape[-2:]
    return shape[:-2], rows, columns


@irdl_op_definition
class SkipLayerNormalizationOp(IRDLOperation):
    """
    Add what a residual connection has skipped, and a bias, then normalise over the last dimension.

    ```mlir
    %normed, %sum = onnx.microsoft.SkipLayerNormalization %x, %skip scale %gamma
        shift %beta : tensor<192xf32> bias %bias : tensor<192xf32> epsilon = 1.0e-06
        : tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<192xf32>
        -> tensor<1x197x192xf32>, tensor<1x197x192xf32>
    ```
    """

    name = "onnx.microsoft.SkipLayerNormalization"

    input = operand_def(FloatTensor)
    """Any shape of at least one dimension."""

    skip = operand_def(FloatTensor)
    """Added to `input`, whose shape it broadcasts to."""

    gamma = operand_def(FloatTensor)
    """Factors on the normalised values, one for each index of the last dimension."""

    beta = opt_operand_def(FloatTensor)
    """Offsets of the normalised values, one for each index of the last dimension."""

    bias = opt_operand_def(FloatTensor)
    """Added to `input`, one value for each index of the last dimension."""

    epsilon = prop_def(FloatAttr.constr(f32))
    """Added to the variance, not negative."""

    result = result_def(FloatTensor)
    """Same shape as `input`: `LayerNormalization(input + skip + bias)`."""

    sum = opt_result_def(FloatTensor)
    """Same shape as `input`: `input + skip + bias`."""

    traits = traits_def(Pure())

    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    assembly_format = (
        "$input `,` $skip `scale` $gamma "
        "(`shift` $beta^ `:` type($beta))? (`bias` $bias^ `:` type($bias))? "
        "`epsilon` `=` $epsilon attr-dict `:` "
        "type($input) `,` type($skip) `,` type($gamma) `->` type($result) (`,` type($sum)^)?"
    )

    def verify_(self) -> None:
        shape = shape_of(self.input)
        if broadcast(shape, shape_of(self.skip)) != shape:
            raise VerifyException(
                f"'skip' has shape {shape_of(self.skip)}, expected to fit {shape}"
            )
        for name, value in (("gamma", self.gamma), ("beta", self.beta), ("bias", self.bias)):
            if value is not None:
                expect_shape(name, value, shape[-1:])
        for name, value in (("result", self.result), ("sum", self.sum)):
            if value is not None:
                expect_shape(name, value, shape)
        if self.epsilon.value.data < 0:
            raise VerifyException(
                f"'epsilon' is {self.epsilon.value.data}, it must not be negative"
            )
