"""LayerNorm."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    prop_def,
)

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.memory import (
    DRAM,
    expect_space,
    expect_width,
)
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.weights import expect_shift
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Integer LayerNorm of rows of the residual stream.

    ```mlir
    accel.layer_norm %residual at %c0, %multiplier, %offset to %normed sizes(%c197, %c192)
        {epsilon = 36 : i64, shift = 20 : i64}
        : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>,
          memref<192xi48, #accel.dram>, memref<197x192xi8, #accel.onchip>
    ```
    """

    name = "accel.layer_norm"

    input = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    first = operand_def(IndexType)
    """Row of `input` that becomes row 0 of `result`."""

    multiplier = operand_def(MemRefType[IntegerType])
    """`i18`, one for each channel; after tiling, tiles x channels of a tile."""

    offset = operand_def(MemRefType[IntegerType])
    """`i48`, in the shape of `multiplier`."""

    result = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    tokens = operand_def(IndexType)
    """Number of tokens."""

    channels = operand_def(IndexType)
    """Number of channels."""

    epsilon = prop_def(IntegerAttr.constr(i64))
    """Added to the variance times the square of the channels."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift after the multiplication."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `at` $first `,` $multiplier `,` $offset `to` $result "
        "`sizes` `(` $tokens `,` $channels `)` attr-dict "
        "`:` type($input) `,` type($multiplier) `,` type($offset) `,` type($result)"
    )

    def __init__(
        self,
        input: SSAValue,
        first: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        result: SSAValue,
        sizes: tuple[SSAValue, SSAValue],
        *,
        epsilon: int,
        shift: int,
    ):
        super().__init__(
            operands=[input, first, multiplier, offset, result, *sizes],
            properties={"epsilon": IntegerAttr(epsilon, i64), "shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_matrix("input", self.input)
        expect_matrix("result", self.result)
        expect_space("multiplier", self.multiplier, DRAM)
        expect_space("offset", self.offset, DRAM)
        expect_width("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_width("offset", self.offset, OFFSET_BITS)
        expect_shape("offset", self.offset, shape_of(self.multiplier))
        expect_shift(self.shift.value.data)
