"""LayerNorm in integers."""

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
    MAXIMUM_VARIANCE_BITS,
    IntTensor,
)
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    OFFSET_BITS,
    IntType,
    element_format,
)
from vaqf.dialects.quant.weights import expect_integers, expect_shift
from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Normalize every token over its channels, in integers.

    With `D` channels, `sum` and `squares` of a token: `v = D * squares - sum^2 + epsilon` is the
    variance times `D^2`; its integer reciprocal square root gives `n`, the normalized value with
    `F` fraction bits; and `result = clamp(n * multiplier[c] + offset[c] >> shift)`.

    ```mlir
    %normed = quant.layer_norm %x, %multiplier, %offset {epsilon = 36 : i64, shift = 20 : i64}
        : tensor<197x192x!quant.int<16, 0.001>>, tensor<192xi18>, tensor<192xi48>
        -> tensor<197x192x!quant.int<8, 0.0312>>
    ```
    """

    name = "quant.layer_norm"

    input = operand_def(IntTensor)
    """Tokens x channels."""

    multiplier = operand_def(TensorType[IntegerType])
    """`i18`, one for each channel."""

    offset = operand_def(TensorType[IntegerType])
    """`i48`, one for each channel."""

    epsilon = prop_def(IntegerAttr.constr(i64))
    """`round(epsilon * D^2 / scale^2)` of the real epsilon, 1 to `D^2 * 2^(2 * bits - 2)`."""

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
        epsilon: int,
        shift: int,
        format: IntType,
    ):
        super().__init__(
            operands=[input, multiplier, offset],
            properties={"epsilon": IntegerAttr(epsilon, i64), "shift": IntegerAttr(shift, i64)},
            result_types=[TensorType(format, shape_of(input))],
        )

    def verify_(self) -> None:
        shape = expect_rank("input", self.input, 2, "tokens x channels")
        expect_shape("multiplier", self.multiplier, shape[1:])
        expect_shape("offset", self.offset, shape[1:])
        expect_integers("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_integers("offset", self.offset, OFFSET_BITS)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape)
        widths = LayerNormWidths(shape[1], element_format(self.input).bits.data)
        if widths.variance_bits > MAXIMUM_VARIANCE_BITS:
            raise VerifyException(
                f"the variance of {widths.channels} channels of {widths.bits} bits has "
                f"{widths.variance_bits} bits, accepted range is [1, {MAXIMUM_VARIANCE_BITS}]"
            )
        if not 1 <= self.epsilon.value.data <= widths.largest_epsilon:
            raise VerifyException(
                f"'epsilon' is {self.epsilon.value.data}, "
                f"accepted range is [1, {widths.largest_epsilon}]"
            )
