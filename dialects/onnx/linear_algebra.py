"""Products of matrices, and convolution."""

from __future__ import annotations

from xdsl.dialects.builtin import FloatAttr, IntegerAttr, TensorType, f32, i64
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import INTEGER, INTEGERS, broadcast, expect_reals
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


def _matrix(name: str, value: SSAValue) -> tuple[tuple[int, ...], int, int]:
    """Leading dimensions, rows and columns of a stack of matrices."""
    shape = shape_of(value)
    if len(shape) < 2:
        raise VerifyException(f"'{name}' has rank {len(shape)}, expected at least 2")
    return shape[:-2], shape[-2], shape[-1]


@irdl_op_definition
class MatMulOp(IRDLOperation):
    """
    Multiply stacks of matrices, whose leading dimensions broadcast.

    ```mlir
    %h = onnx.MatMul %x, %weight
        : tensor<1x197x192xf32>, tensor<192x768xf32> -> tensor<1x197x768xf32>
    ```
    """

    name = "onnx.MatMul"

    left = operand_def(TensorType)
    """`... x M x K`, of at least two dimensions."""

    right = operand_def(TensorType)
    """`... x K x N`, of at least two dimensions."""

    result = result_def(TensorType)
    """`... x M x N`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def verify_(self) -> None:
        expect_reals(left=self.left, right=self.right, result=self.result)
        left_stack, rows, inner = _matrix("left", self.left)
        right_stack, right_inner, columns = _matrix("right", self.right)
        if right_inner != inner:
            raise VerifyException(f"'right' has {right_inner} rows, expected {inner}")
        expect_shape("result", self.result, (*broadcast(left_stack, right_stack), rows, columns))


@irdl_op_definition
class GemmOp(IRDLOperation):
    """
    `alpha * left x right + beta * bias`, where `left` and `right` may be stored transposed.

    ```mlir
    %logits = onnx.Gemm %class, %weight, %bias {transB = 1 : i64}
        : tensor<1x192xf32>, tensor<1000x192xf32>, tensor<1000xf32> -> tensor<1x1000xf32>
    ```
    """

    name = "onnx.Gemm"

    left = operand_def(TensorType)
    """M x K, or K x M when `transA` is 1."""

    right = operand_def(TensorType)
    """K x N, or N x K when `transB` is 1."""

    bias = opt_operand_def(TensorType)
    """Broadcasts to M x N."""

    alpha = prop_def(FloatAttr.constr(f32), default_value=FloatAttr(1.0, f32))
    """Factor on the product."""

    beta = prop_def(FloatAttr.constr(f32), default_value=FloatAttr(1.0, f32))
    """Factor on the bias."""

    trans_a = prop_def(INTEGER, default_value=IntegerAttr(0, i64), prop_name="transA")
    """Whether `left` is stored transposed: 0 or 1."""

    trans_b = prop_def(INTEGER, default_value=IntegerAttr(0, i64), prop_name="transB")
    """Whether `right` is stored transposed: 0 or 1."""

    result = result_def(TensorType)
    """M x N."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$left `,` $right (`,` $bias^)? attr-dict `:` "
        "type($left) `,` type($right) (`,` type($bias)^)? `->` type($result)"
    )

    def verify_(self) -> None:
        expect_reals(left=self.left, right=self.right, bias=self.bias, result=self.result)
        for name, flag in (("transA", self.trans_a), ("transB", self.trans_b)):
            if flag.value.data not in (0, 1):
                raise VerifyException(f"'{name}' is {flag.value.data}, accepted values are 0 and 1")
        left = expect_rank("left", self.left, 2, "a matrix")
        right = expect_rank("right", self.right, 2, "a matrix")
        rows, inner = reversed(left) if self.trans_a.value.data else left
        right_inner, columns = reversed(right) if self.trans_b.value.data else right
        if right_inner != inner:
            raise VerifyException(f"'right' has {right_inner} rows, expected {inner}")
        if self.bias is not None:
            bias = shape_of(self.bias)
            if broadcast(bias, (rows, columns)) != (rows, columns):
                raise VerifyException(f"'bias' has shape {bias}, expected to fit {(rows, columns)}")
        expect_shape("result", self.result, (rows, columns))


@irdl_op_definition
class ConvOp(IRDLOperation):
    """
    Convolution (cross-correlation) of any number of spatial dimensions.

    ```mlir
    %patches = onnx.Conv %image, %weight, %bias
        kernel_shape = [16, 16] strides = [16, 16] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1
        : tensor<1x3x224x224xf32>, tensor<192x3x16x16xf32>, tensor<192xf32>
        -> tensor<1x192x14x14xf32>
    ```
    """

    name = "onnx.Conv"

    input = operand_def(TensorType)
    """Batch x channels x spatial dimensions."""

    weight = operand_def(TensorType)
    """Output channels x input channels of a group x kernel."""

    bias = opt_operand_def(TensorType)
    """One value for each output channel."""

    kernel_shape = prop_def(INTEGERS)
    """Size of the kernel in each spatial dimension, as `weight` has it."""

    strides = prop_def(INTEGERS)
    """Step in each spatial dimension, at least 1."""

    pads = prop_def(INTEGERS)
    """Zeros added at the beginning of each spatial dimension, then at the end of each."""

    dilations = prop_def(INTEGERS)
    """Distance of the elements of the kernel in each spatial dimension, at least 1."""

    group = prop_def(INTEGER)
    """Number of groups; it divides the input and the output channels."""

    result = result_def(TensorType)
    """Batch x output channels x spatial dimensions."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $weight (`,` $bias^)? "
        "`kernel_shape` `=` $kernel_shape `strides` `=` $strides `pads` `=` $pads "
        "`dilations` `=` $dilations `group` `=` $group attr-dict `:` "
        "type($input) `,` type($weight) (`,` type($bias)^)? `->` type($result)"
    )

    def verify_(self) -> None:
        expect_reals(input=self.input, weight=self.weight, bias=self.bias, result=self.result)
        input, weight = shape_of(self.input), shape_of(self.weight)
        if len(input) < 3:
            raise VerifyException(
                f"'input' has rank {len(input)}, expected at least 3 (batch x channels x spatial)"
            )
        expect_rank("weight", self.weight, len(input), "that of 'input'")
        self._expect_channels(input[1], weight[0], weight[1])
        expect_shape(
            "result", self.result, (input[0], weight[0], *self._positions(input[2:], weight[2:]))
        )

    def _expect_channels(self, inputs: int, outputs: int, group_inputs: int) -> None:
        """Check the channels against the number of groups."""
        group = self.group.value.data
        if group < 1 or inputs % group or outputs % group:
            raise VerifyException(
                f"'group' is {group}, it must divide {inputs} input and {outputs} output channels"
            )
        if group_inputs != inputs // group:
            raise VerifyException(
                f"'weight' has {group_inputs} input channels, expected {inputs // group}"
            )
        if self.bias is not None:
            expect_shape("bias", self.bias, (outputs,))

    def _positions(self, sizes: tuple[int, ...], kernel: tuple[int, ...]) -> list[int]:
        """Number of places of the kernel in each spatial dimension."""
        rank = len(sizes)
        if (kernel_shape := self.kernel_shape.get_values()) != kernel:
            raise VerifyException(
                f"'kernel_shape' is {list(kernel_shape)}, expected {list(kernel)} as in 'weight'"
            )
        attributes = {
            "strides": (self.strides.get_values(), rank, 1),
            "pads": (self.pads.get_values(), 2 * rank, 0),
            "dilations": (self.dilations.get_values(), rank, 1),
        }
        for name, (values, count, least) in attributes.items():
            if len(values) != count or min(values) < least:
                raise VerifyException(
                    f"'{name}' is {list(values)}, expected {count} numbers of at least {least}"
                )
        strides, pads, dilations = (values for values, _, _ in attributes.values())
        return [
            (size + before + after - dilation * (width - 1) - 1) // stride + 1
            for size, before, after, dilation, width, stride in zip(
                sizes, pads[:rank], pads[rank:], dilations, kernel, strides, strict=True
            )
        ]
