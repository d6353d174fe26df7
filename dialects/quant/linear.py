"""Linear layers in integers, and how sums get back into a number format."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IntegerAttr,
    IntegerType,
    TensorType,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.quant.accumulators import (
    AccumulatorTensor,
    IntTensor,
    expect_accumulator,
    expect_multipliable,
    expect_multiplier,
)
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    OFFSET_BITS,
    BinaryType,
    IntType,
    accumulator_type,
    element_of,
)
from vaqf.dialects.quant.weights import expect_integers, expect_shift
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


@irdl_op_definition
class LinearOp(IRDLOperation):
    """
    Sums of products of activations and weights: `result = input x transpose(weight)`, exactly.

    ```mlir
    %sums = quant.linear %x, %signs
        : tensor<197x192x!quant.int<8, 0.03125>>, tensor<768x192x!quant.binary>
        -> tensor<197x768xi16>
    ```
    """

    name = "quant.linear"

    input = operand_def(IntTensor)
    """Tokens x input channels."""

    weight = operand_def(TensorType[BinaryType] | TensorType[IntegerType])
    """Output channels x input channels."""

    result = result_def(AccumulatorTensor)
    """Tokens x output channels, exactly as wide as the sums can need."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $weight attr-dict `:` type($input) `,` type($weight) `->` type($result)"
    )

    def __init__(self, input: SSAValue, weight: SSAValue):
        tokens, inputs = shape_of(input)
        accumulator = accumulator_type(inputs, element_of(input), element_of(weight))
        super().__init__(
            operands=[input, weight],
            result_types=[TensorType(accumulator, (tokens, shape_of(weight)[0]))],
        )

    def verify_(self) -> None:
        tokens, inputs = expect_rank("input", self.input, 2, "tokens x input channels")
        outputs, weight_inputs = expect_rank("weight", self.weight, 2, "output x input channels")
        if weight_inputs != inputs:
            raise VerifyException(f"'weight' has {weight_inputs} input channels, expected {inputs}")
        expect_shape("result", self.result, (tokens, outputs))
        expect_accumulator(self.result, inputs, self.input, self.weight)


@irdl_op_definition
class RequantizeOp(IRDLOperation):
    """
    Bring accumulators into a number format, channel by channel:
    `clamp(input * multiplier[c] + offset[c] >> shift)`; for a one-bit format +1 where
    `input * multiplier[c] + offset[c] >= 0`, else -1.

    The offset holds the bias and the half that makes the shift round half up.

    ```mlir
    %h = quant.requantize %sums, %multiplier, %offset {shift = 20 : i64}
        : tensor<197x768xi16>, tensor<768xi18>, tensor<768xi48>
        -> tensor<197x768x!quant.int<8, 0.0518>>
    ```
    """

    name = "quant.requantize"

    input = operand_def(AccumulatorTensor)
    """Tokens x channels."""

    multiplier = operand_def(TensorType[IntegerType])
    """`i18`, one for each channel."""

    offset = operand_def(TensorType[IntegerType])
    """`i48`, one for each channel."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift, 1 to 47."""

    result = result_def(IntTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $multiplier `,` $offset attr-dict `:` "
        "type($input) `,` type($multiplier) `,` type($offset) `->` type($result)"
    )

    def __init__(
        self,
        input: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        *,
        shift: int,
        format: IntType,
    ):
        super().__init__(
            operands=[input, multiplier, offset],
            properties={"shift": IntegerAttr(shift, i64)},
            result_types=[TensorType(format, shape_of(input))],
        )

    def verify_(self) -> None:
        shape = expect_rank("input", self.input, 2, "tokens x channels")
        expect_multipliable(self.input)
        expect_shape("multiplier", self.multiplier, shape[1:])
        expect_shape("offset", self.offset, shape[1:])
        expect_integers("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_integers("offset", self.offset, OFFSET_BITS)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape)


@irdl_op_definition
class RescaleOp(IRDLOperation):
    """
    Bring accumulators into a number format with one multiplier for all of them:
    `clamp(input * multiplier + 2^(shift - 1) >> shift)`; for a one-bit format the sign of `input`,
    with +1 for zero.

    ```mlir
    %mixed = quant.rescale %sums {multiplier = 71234 : i64, shift = 24 : i64}
        : tensor<197x192xi24> -> tensor<197x192x!quant.int<8, 0.0203>>
    ```
    """

    name = "quant.rescale"

    input = operand_def(AccumulatorTensor)
    """Any shape."""

    multiplier = prop_def(IntegerAttr.constr(i64))
    """0 to 2^17 - 1."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift, 1 to 47."""

    result = result_def(IntTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, *, multiplier: int, shift: int, format: IntType):
        super().__init__(
            operands=[input],
            properties={
                "multiplier": IntegerAttr(multiplier, i64),
                "shift": IntegerAttr(shift, i64),
            },
            result_types=[TensorType(format, shape_of(input))],
        )

    def verify_(self) -> None:
        expect_multipliable(self.input)
        expect_multiplier(self.multiplier.value.data)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class AddOp(IRDLOperation):
    """
    Add two tensors of one format and saturate: `clamp(left + right)`.

    ```mlir
    %x1 = quant.add %x0, %update : tensor<197x192x!quant.int<16, 0.001>>,
        tensor<197x192x!quant.int<16, 0.001>> -> tensor<197x192x!quant.int<16, 0.001>>
    ```
    """

    name = "quant.add"

    left = operand_def(IntTensor)
    """Any shape."""

    right = operand_def(IntTensor)
    """Same type as `left`."""

    result = result_def(IntTensor)
    """Same type as `left`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def __init__(self, left: SSAValue, right: SSAValue):
        super().__init__(operands=[left, right], result_types=[left.type])

    def verify_(self) -> None:
        for name, value in (("right", self.right), ("result", self.result)):
            if value.type != self.left.type:
                raise VerifyException(f"'{name}' is {value.type}, expected {self.left.type}")
