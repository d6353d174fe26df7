"""Average pooling."""

from __future__ import annotations

from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, MemRefType, i64
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    prop_def,
)

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.quant.accumulators import expect_multiplier
from vaqf.dialects.quant.weights import expect_shift


@irdl_op_definition
class MeanTokensOp(IRDLOperation):
    """
    The mean of some rows of a matrix, channel by channel: their exact sum times `multiplier` over
    `2^shift`, rounded into the format of `result`; for one bit the sign of the sum.

    ```mlir
    accel.mean_tokens %residual at %c1 to %pooled sizes(%c196, %c192)
        {multiplier = 85599 : i64, shift = 24 : i64}
        : memref<197x192xi16, #accel.onchip>, memref<1x192xi8, #accel.onchip>
    ```
    """

    name = "accel.mean_tokens"

    input = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    first = operand_def(IndexType)
    """Row of the first token."""

    result = operand_def(MemRefType[IntegerType])
    """One token x channels."""

    tokens = operand_def(IndexType)
    """Number of tokens."""

    channels = operand_def(IndexType)
    """Number of channels."""

    multiplier = prop_def(IntegerAttr.constr(i64))
    """0 to 2^17 - 1; it divides by the number of tokens, and changes the scale."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift after the multiplication."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `at` $first `to` $result `sizes` `(` $tokens `,` $channels `)` attr-dict "
        "`:` type($input) `,` type($result)"
    )

    def __init__(
        self,
        input: SSAValue,
        first: SSAValue,
        result: SSAValue,
        sizes: tuple[SSAValue, SSAValue],
        *,
        multiplier: int,
        shift: int,
    ):
        super().__init__(
            operands=[input, first, result, *sizes],
            properties={
                "multiplier": IntegerAttr(multiplier, i64),
                "shift": IntegerAttr(shift, i64),
            },
        )

    def verify_(self) -> None:
        expect_matrix("input", self.input)
        expect_matrix("result", self.result)
        expect_multiplier(self.multiplier.value.data)
        expect_shift(self.shift.value.data)
