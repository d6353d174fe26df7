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
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
)
from xdsl.utils.exceptions import VerifyException

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
    Integer LayerNorm of tokens, and one epilogue: they are stored in `result`, or added to
    `residual` with saturation, from row `first` on.

    ```mlir
    accel.layer_norm %residual at %c0, %multiplier, %offset to %normed at %c0 sizes(%c197, %c192)
        {epsilon = 36 : i64, shift = 20 : i64}
        : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>,
          memref<192xi48, #accel.dram> to memref<197x192xi8, #accel.onchip>
    accel.layer_norm %embedded at %c0, %multiplier, %offset add %residual at %c1
        sizes(%c196, %c192) {epsilon = 51 : i64, shift = 14 : i64}
        : memref<196x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>,
          memref<192xi48, #accel.dram> add memref<197x192xi16, #accel.onchip>
    ```
    """

    name = "accel.layer_norm"

    input = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    first_read = operand_def(IndexType)
    """Row of the first token in `input`."""

    multiplier = operand_def(MemRefType[IntegerType])
    """`i18`, one for each channel; after tiling, tiles x channels of a tile."""

    offset = operand_def(MemRefType[IntegerType])
    """`i48`, in the shape of `multiplier`."""

    result = opt_operand_def(MemRefType[IntegerType])
    """Tokens x channels; absent where they are added."""

    residual = opt_operand_def(MemRefType[IntegerType])
    """Tokens x channels, 16 bits; absent where they are stored."""

    first = operand_def(IndexType)
    """Row of the first token in what is written."""

    tokens = operand_def(IndexType)
    """Number of tokens."""

    channels = operand_def(IndexType)
    """Number of channels."""

    epsilon = prop_def(IntegerAttr.constr(i64))
    """Added to the variance times the square of the channels."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift after the multiplication."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$input `at` $first_read `,` $multiplier `,` $offset "
        "(`to` $result^)? (`add` $residual^)? `at` $first "
        "`sizes` `(` $tokens `,` $channels `)` attr-dict "
        "`:` type($input) `,` type($multiplier) `,` type($offset) "
        "(`to` type($result)^)? (`add` type($residual)^)?"
    )

    def __init__(
        self,
        input: SSAValue,
        first_read: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        *,
        result: SSAValue | None = None,
        residual: SSAValue | None = None,
        first: SSAValue,
        sizes: tuple[SSAValue, SSAValue],
        epsilon: int,
        shift: int,
    ):
        super().__init__(
            operands=[input, first_read, multiplier, offset, result, residual, first, *sizes],
            properties={"epsilon": IntegerAttr(epsilon, i64), "shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_matrix("input", self.input)
        if (self.result is None) == (self.residual is None):
            raise VerifyException("either 'result' or 'residual' is written, expected one of them")
        for name, value in (("result", self.result), ("residual", self.residual)):
            if value is not None:
                expect_matrix(name, value)
        expect_space("multiplier", self.multiplier, DRAM)
        expect_space("offset", self.offset, DRAM)
        expect_width("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_width("offset", self.offset, OFFSET_BITS)
        expect_shape("offset", self.offset, shape_of(self.multiplier))
        expect_shift(self.shift.value.data)
