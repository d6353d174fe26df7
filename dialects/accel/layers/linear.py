"""Sums of products, and what is done with them."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    IndexType,
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
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.layers.epilogues import BITS_WIDTH, EPILOGUES, GELU, expect_epilogues
from vaqf.dialects.accel.memory import (
    DRAM,
    expect_space,
    expect_width,
)
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class LinearOp(IRDLOperation):
    """
    A linear layer with what follows it: sums of products, requantization, and one epilogue.

    The weight has one bit (+1 or -1) or is an integer. `shifts[i]` and `destinations[i]` belong to
    `epilogues[i]`. An engine that serves several layers has several epilogues, and `epilogue`
    selects one. `store` and `gelu` write their destination, `add` adds to it with saturation; the
    rows start at `first`. `store` brings values to `bits` bits, or to those of its destination.

    ```mlir
    accel.linear %normed, %weight, %multiplier, %offset table %gelu to %hidden at %c0
        sizes(%c197, %c192, %c768) {epilogues = ["gelu"], shifts = array<i64: 20>}
        : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>,
          memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram>
          table memref<256xi8, #accel.dram> to memref<197x768xi8, #accel.onchip>
    ```
    """

    name = "accel.linear"

    activation = operand_def(MemRefType[IntegerType])
    """Tokens x input channels."""

    weight = operand_def(MemRefType[IntegerType])
    """Output x input channels; after tiling, tiles x output channels x input channels of a tile."""

    multiplier = operand_def(MemRefType[IntegerType])
    """`i18`, one for each output channel; after tiling, tiles x output channels of a tile."""

    offset = operand_def(MemRefType[IntegerType])
    """`i48`, in the shape of `multiplier`."""

    table = opt_operand_def(MemRefType[IntegerType])
    """GELU of each requantized sum; only with the epilogue `gelu`."""

    destinations = var_operand_def(MemRefType[IntegerType])
    """For each epilogue the matrix that it writes, tokens x output channels."""

    first = operand_def(IndexType)
    """Row of the first token in what is written."""

    tokens = operand_def(IndexType)
    """Number of tokens."""

    inputs = operand_def(IndexType)
    """Number of input channels."""

    outputs = operand_def(IndexType)
    """Number of output channels."""

    epilogue = opt_operand_def(IndexType)
    """Which of several epilogues to run; absent when there is one."""

    bits = opt_operand_def(IntegerType(BITS_WIDTH))
    """Width of the values that `store` writes, at least 2; absent when it is the destination's."""

    epilogues = prop_def(ArrayAttr[StringAttr])
    """Epilogues that this layer or engine has."""

    shifts = prop_def(DenseArrayBase.constr(i64))
    """Right shift of the requantization for each epilogue."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$activation `,` $weight `,` $multiplier `,` $offset "
        "(`table` $table^)? `to` $destinations `at` $first "
        "`sizes` `(` $tokens `,` $inputs `,` $outputs `)` (`epilogue` $epilogue^)? "
        "(`bits` $bits^)? attr-dict "
        "`:` type($activation) `,` type($weight) `,` type($multiplier) `,` type($offset) "
        "(`table` type($table)^)? `to` type($destinations)"
    )

    def __init__(
        self,
        activation: SSAValue,
        weight: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        *,
        table: SSAValue | None = None,
        destinations: Sequence[SSAValue],
        first: SSAValue,
        sizes: tuple[SSAValue, SSAValue, SSAValue],
        epilogue: SSAValue | None = None,
        bits: SSAValue | None = None,
        epilogues: Sequence[str],
        shifts: Sequence[int],
    ):
        super().__init__(
            operands=[
                activation,
                weight,
                multiplier,
                offset,
                table,
                destinations,
                first,
                *sizes,
                epilogue,
                bits,
            ],
            properties={
                "epilogues": ArrayAttr([StringAttr(each) for each in epilogues]),
                "shifts": DenseArrayBase.from_list(i64, shifts),
            },
        )

    @property
    def epilogue_names(self) -> tuple[str, ...]:
        """The epilogues in the order that `epilogue` counts them."""
        return tuple(each.data for each in self.epilogues)

    def verify_(self) -> None:
        names = self.epilogue_names
        expect_epilogues(self.epilogues, EPILOGUES, self.shifts, self.destinations, self.epilogue)
        expect_matrix("activation", self.activation)
        for name, value in (("weight", self.weight), ("multiplier", self.multiplier)):
            expect_space(name, value, DRAM)
        expect_space("offset", self.offset, DRAM)
        expect_width("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_width("offset", self.offset, OFFSET_BITS)
        expect_shape("offset", self.offset, shape_of(self.multiplier))
        if (self.table is not None) != (GELU in names):
            needed = "missing" if GELU in names else "not used"
            raise VerifyException(f"'table' is {needed} with epilogues {list(names)}")
