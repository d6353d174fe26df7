"""Average pooling in integers."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerAttr, TensorType, i64
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
    MAXIMUM_ACCUMULATOR_BITS,
    IntTensor,
    expect_multiplier,
)
from vaqf.dialects.quant.formats import IntType, element_of, sum_bits
from vaqf.dialects.quant.weights import expect_shift
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


@irdl_op_definition
class MeanTokensOp(IRDLOperation):
    """
    The mean of all tokens, channel by channel, brought into a number format:
    `clamp(sum * multiplier + 2^(shift - 1) >> shift)` with the exact sum of a channel; for a
    one-bit format the sign of the sum, with +1 for zero.

    ```mlir
    %pooled = quant.mean_tokens %tokens {multiplier = 85599 : i64, shift = 24 : i64}
        : tensor<196x192x!quant.int<16, 0.001>> -> tensor<1x192x!quant.int<8, 0.001>>
    ```
    """

    name = "quant.mean_tokens"

    input = operand_def(IntTensor)
    """Tokens x channels."""

    multiplier = prop_def(IntegerAttr.constr(i64))
    """0 to 2^17 - 1; over `2^shift` it is `scale of input / (tokens * scale of result)`."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift, 1 to 47."""

    result = result_def(IntTensor)
    """One token x channels."""

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
            result_types=[TensorType(format, (1, *shape_of(input)[1:]))],
        )

    def verify_(self) -> None:
        tokens, channels = expect_rank("input", self.input, 2, "tokens x channels")
        if (bits := sum_bits(tokens, element_of(self.input))) > MAXIMUM_ACCUMULATOR_BITS:
            raise VerifyException(
                f"the sum of {tokens} tokens has {bits} bits, "
                f"accepted range is [1, {MAXIMUM_ACCUMULATOR_BITS}]"
            )
        expect_multiplier(self.multiplier.value.data)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, (1, channels))
