"""LayerNorm."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
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
    var_operand_def,
)

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.layers.epilogues import ADD, BITS_WIDTH, STORE, expect_epilogues
from vaqf.dialects.accel.memory import (
    DRAM,
    expect_space,
    expect_width,
)
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Integer LayerNorm of tokens, and one epilogue: as for `accel.linear`, they are stored in the
    destination, or added to it with saturation, from row `first` on.

    ```mlir
    accel.layer_norm %residual at %c0, %multiplier, %offset to %normed at %c0 sizes(%c197, %c192)
        {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>}
        : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>,
          memref<192xi48, #accel.dram> to memref<197x192xi8, #accel.onchip>
    accel.layer_norm %embedded at %c0, %multiplier, %offset to %residual at %c1
        sizes(%c196, %c192) {epsilon = 51 : i64, epilogues = ["add"], shifts = array<i64: 14>}
        : memref<196x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>,
          memref<192xi48, #accel.dram> to memref<197x192xi16, #accel.onchip>
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

    destinations = var_operand_def(MemRefType[IntegerType])
    """For each epilogue the matrix that it writes, tokens x channels."""

    first = operand_def(IndexType)
    """Row of the first token in what is written."""

    tokens = operand_def(IndexType)
    """Number of tokens."""

    channels = operand_def(IndexType)
    """Number of channels."""

    epilogue = opt_operand_def(IndexType)
    """Which of several epilogues to run; absent when there is one."""

    bits = opt_operand_def(IntegerType(BITS_WIDTH))
    """Width of the values that `store` writes, at least 2; absent when it is the destination's."""

    epsilon = prop_def(IntegerAttr.constr(i64))
    """Added to the variance times the square of the channels."""

    epilogues = prop_def(ArrayAttr[StringAttr])
    """Epilogues that this layer or engine has: `store`, `add`."""

    shifts = prop_def(DenseArrayBase.constr(i64))
    """Right shift after the multiplication for each epilogue."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$input `at` $first_read `,` $multiplier `,` $offset "
        "`to` $destinations `at` $first "
        "`sizes` `(` $tokens `,` $channels `)` (`epilogue` $epilogue^)? (`bits` $bits^)? attr-dict "
        "`:` type($input) `,` type($multiplier) `,` type($offset) `to` type($destinations)"
    )

    def __init__(
        self,
        input: SSAValue,
        first_read: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        *,
        destinations: Sequence[SSAValue],
        first: SSAValue,
        sizes: tuple[SSAValue, SSAValue],
        epilogue: SSAValue | None = None,
        bits: SSAValue | None = None,
        epsilon: int,
        epilogues: Sequence[str],
        shifts: Sequence[int],
    ):
        super().__init__(
            operands=[
                input,
                first_read,
                multiplier,
                offset,
                destinations,
                first,
                *sizes,
                epilogue,
                bits,
            ],
            properties={
                "epsilon": IntegerAttr(epsilon, i64),
                "epilogues": ArrayAttr([StringAttr(each) for each in epilogues]),
                "shifts": DenseArrayBase.from_list(i64, shifts),
            },
        )

    @property
    def epilogue_names(self) -> tuple[str, ...]:
        """The epilogues in the order that `epilogue` counts them."""
        return tuple(each.data for each in self.epilogues)

    def verify_(self) -> None:
        expect_matrix("input", self.input)
        accepted = (STORE, ADD)
        expect_epilogues(self.epilogues, accepted, self.shifts, self.destinations, self.epilogue)
        expect_space("multiplier", self.multiplier, DRAM)
        expect_space("offset", self.offset, DRAM)
        expect_width("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_width("offset", self.offset, OFFSET_BITS)
        expect_shape("offset", self.offset, shape_of(self.multiplier))
