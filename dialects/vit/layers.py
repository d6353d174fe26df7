"""Layers that work on every token alone, and what adds them up."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    AnyFloat,
    FloatAttr,
    TensorType,
    f32,
)
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

from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit.base import FloatTensor


@irdl_op_definition
class LinearOp(IRDLOperation):
    """
    A fully connected layer on every token: `result = input x transpose(weight) + bias`.

    ```mlir
    %hidden = vit.linear %normed, %weight, %bias
        : tensor<197x192xf32>, tensor<768x192xf32>, tensor<768xf32> -> tensor<197x768xf32>
    ```
    """

    name = "vit.linear"

    input = operand_def(FloatTensor)
    """Tokens x input channels."""

    weight = operand_def(FloatTensor)
    """Output channels x input channels."""

    bias = opt_operand_def(FloatTensor)
    """One value for each output channel."""

    result = result_def(FloatTensor)
    """Tokens x output channels."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $weight (`,` $bias^)? attr-dict `:` "
        "type($input) `,` type($weight) (`,` type($bias)^)? `->` type($result)"
    )

    def __init__(self, input: SSAValue, weight: SSAValue, bias: SSAValue | None):
        super().__init__(
            operands=[input, weight, bias],
            result_types=[TensorType(f32, (shape_of(input)[0], shape_of(weight)[0]))],
        )

    def verify_(self) -> None:
        tokens, inputs = expect_rank("input", self.input, 2, "tokens x input channels")
        outputs, weight_inputs = expect_rank("weight", self.weight, 2, "output x input channels")
        if weight_inputs != inputs:
            raise VerifyException(f"'weight' has {weight_inputs} input channels, expected {inputs}")
        if self.bias is not None:
            expect_shape("bias", self.bias, (outputs,))
        expect_shape("result", self.result, (tokens, outputs))


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Normalise every token over its channels (Ba et al., 2016, equation 4):
    `(input - mean) / sqrt(variance + epsilon) * weight + bias`, with the biased variance.

    ```mlir
    %normed = vit.layer_norm %x, %weight, %bias {epsilon = 1.0e-06 : f64}
        : tensor<197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.layer_norm"

    input = operand_def(FloatTensor)
    """Tokens x channels."""

    weight = operand_def(FloatTensor)
    """Factor for each channel, often called gamma."""

    bias = opt_operand_def(FloatTensor)
    """Offset for each channel, often called beta."""

    epsilon = prop_def(FloatAttr[AnyFloat])
    """Added to the variance, not negative."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $weight (`,` $bias^)? attr-dict `:` "
        "type($input) `,` type($weight) (`,` type($bias)^)? `->` type($result)"
    )

    def __init__(self, input: SSAValue, weight: SSAValue, bias: SSAValue | None, epsilon: float):
        super().__init__(
            operands=[input, weight, bias],
            properties={"epsilon": FloatAttr(epsilon, 64)},
            result_types=[input.type],
        )

    def verify_(self) -> None:
        tokens, channels = expect_rank("input", self.input, 2, "tokens x channels")
        expect_shape("weight", self.weight, (channels,))
        if self.bias is not None:
            expect_shape("bias", self.bias, (channels,))
        expect_shape("result", self.result, (tokens, channels))
        if self.epsilon.value.data < 0:
            raise VerifyException(
                f"'epsilon' is {self.epsilon.value.data}, it must not be negative"
            )


@irdl_op_definition
class GeluOp(IRDLOperation):
    """
    Gaussian error linear unit (Hendrycks and Gimpel, 2016):
    `input / 2 * (1 + erf(input / sqrt(2)))`.

    ```mlir
    %activated = vit.gelu %hidden : tensor<197x768xf32> -> tensor<197x768xf32>
    ```
    """

    name = "vit.gelu"

    input = operand_def(FloatTensor)
    """Any shape."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue):
        super().__init__(operands=[input], result_types=[input.type])

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class AddOp(IRDLOperation):
    """
    Add two tensors, as a residual connection or a position embedding does.

    ```mlir
    %x1 = vit.add %x0, %mixed : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.add"

    left = operand_def(FloatTensor)
    """Any shape."""

    right = operand_def(FloatTensor)
    """Same shape as `left`."""

    result = result_def(FloatTensor)
    """Same shape as `left`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def __init__(self, left: SSAValue, right: SSAValue):
        super().__init__(operands=[left, right], result_types=[left.type])

    def verify_(self) -> None:
        expect_shape("right", self.right, shape_of(self.left))
        expect_shape("result", self.result, shape_of(self.left))


@irdl_op_definition
class MeanTokensOp(IRDLOperation):
    """
    The mean of all tokens, channel by channel, as average pooling before a head has it.

    ```mlir
    %pooled = vit.mean_tokens %tokens : tensor<196x192xf32> -> tensor<1x192xf32>
    ```
    """

    name = "vit.mean_tokens"

    input = operand_def(FloatTensor)
    """Tokens x channels."""

    result = result_def(FloatTensor)
    """One token x channels."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue):
        super().__init__(
            operands=[input], result_types=[TensorType(f32, (1, *shape_of(input)[1:]))]
        )

    def verify_(self) -> None:
        _, channels = expect_rank("input", self.input, 2, "tokens x channels")
        expect_shape("result", self.result, (1, channels))
