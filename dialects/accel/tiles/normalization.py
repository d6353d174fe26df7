"""One iteration of the LayerNorm engine."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    i1,
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

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.memory import (
    expect_width,
)
from vaqf.dialects.accel.tiles.common import (
    expect_array,
    expect_local,
    expect_parameters,
    expect_positive,
    scaled_width,
)
from vaqf.dialects.quant.formats import MULTIPLIER_BITS


@irdl_op_definition
class AddMomentsOp(IRDLOperation):
    """
    Add the lanes of one token to its sum and to its sum of squares. Where `restart` is set, both
    start at zero instead of what they were.

    ```mlir
    accel.add_moments %x[%row, %channel] to %sums, %squares at %token restart %is_first
        limit %channels {lanes = 64 : i64}
        : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>,
          memref<197xi39, #accel.local>
    ```
    """

    name = "accel.add_moments"

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row that is read."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    sums = operand_def(MemRefType[IntegerType])
    """One sum a token, local."""

    squares = operand_def(MemRefType[IntegerType])
    """One sum of squares a token, local."""

    token = operand_def(IndexType)
    """Element of `sums` and `squares`."""

    restart = opt_operand_def(i1)
    """Whether the sums start at zero."""

    limit = opt_operand_def(IndexType)
    """Number of valid channels."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of lanes."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$matrix `[` $row `,` $channel `]` `to` $sums `,` $squares `at` $token "
        "(`restart` $restart^)? (`limit` $limit^)? attr-dict "
        "`:` type($matrix) `,` type($sums) `,` type($squares)"
    )

    def __init__(
        self,
        matrix: SSAValue,
        row: SSAValue,
        channel: SSAValue,
        sums: SSAValue,
        squares: SSAValue,
        token: SSAValue,
        *,
        restart: SSAValue | None = None,
        limit: SSAValue | None = None,
        lanes: int,
    ):
        super().__init__(
            operands=[matrix, row, channel, sums, squares, token, restart, limit],
            properties={"lanes": IntegerAttr(lanes, i64)},
        )

    def verify_(self) -> None:
        expect_matrix("matrix", self.matrix)
        shape = expect_local("sums", self.sums, 1, "tokens")
        expect_array("squares", self.squares, shape)
        expect_positive("lanes", self.lanes)


@irdl_op_definition
class ReciprocalRootOp(IRDLOperation):
    """
    The reciprocal standard deviation of one token, as an integer and an exponent: steps 1 and 2
    of LayerNorm in `docs/numerics.md`.

    ```mlir
    accel.reciprocal_root %sums, %squares to %inverses, %exponents at %token
        {channels = 192 : i64, epsilon = 36 : i64, bits = 16 : i64}
        : memref<197xi25, #accel.local>, memref<197xi39, #accel.local>,
          memref<197xi18, #accel.local>, memref<197xi7, #accel.local>
    ```
    """

    name = "accel.reciprocal_root"

    sums = operand_def(MemRefType[IntegerType])
    """One sum a token, local."""

    squares = operand_def(MemRefType[IntegerType])
    """One sum of squares a token, local."""

    inverses = operand_def(MemRefType[IntegerType])
    """`inverse` a token, local."""

    exponents = operand_def(MemRefType[IntegerType])
    """`k` a token, local."""

    token = operand_def(IndexType)
    """Element of all four."""

    channels = prop_def(IntegerAttr.constr(i64))
    """Channels of a token."""

    epsilon = prop_def(IntegerAttr.constr(i64))
    """Added to the variance times the square of the channels."""

    bits = prop_def(IntegerAttr.constr(i64))
    """Width of the values that were summed."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$sums `,` $squares `to` $inverses `,` $exponents `at` $token attr-dict `:` "
        "type($sums) `,` type($squares) `,` type($inverses) `,` type($exponents)"
    )

    def __init__(
        self,
        sums: SSAValue,
        squares: SSAValue,
        inverses: SSAValue,
        exponents: SSAValue,
        token: SSAValue,
        *,
        channels: int,
        epsilon: int,
        bits: int,
    ):
        super().__init__(
            operands=[sums, squares, inverses, exponents, token],
            properties={
                "channels": IntegerAttr(channels, i64),
                "epsilon": IntegerAttr(epsilon, i64),
                "bits": IntegerAttr(bits, i64),
            },
        )

    def verify_(self) -> None:
        shape = expect_local("sums", self.sums, 1, "tokens")
        for name, value in (
            ("squares", self.squares),
            ("inverses", self.inverses),
            ("exponents", self.exponents),
        ):
            expect_array(name, value, shape)
        for name, number in (("channels", self.channels), ("epsilon", self.epsilon)):
            expect_positive(name, number)
        expect_positive("bits", self.bits)


@irdl_op_definition
class NormalizeOp(IRDLOperation):
    """
    Normalize the lanes of one token, multiply and add the offsets: step 3 of LayerNorm in
    `docs/numerics.md`, then `scaled[m] = n[m] * multipliers[m] + offsets[m]`.

    ```mlir
    accel.normalize %x[%row, %channel], %sums, %inverses, %exponents at %token, %multipliers,
        %offsets to %scaled {channels = 192 : i64}
        : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>,
          memref<197xi18, #accel.local>, memref<197xi7, #accel.local>,
          memref<64xi18, #accel.local>, memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
    ```
    """

    name = "accel.normalize"

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row that is read."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    sums = operand_def(MemRefType[IntegerType])
    """One sum a token, local."""

    inverses = operand_def(MemRefType[IntegerType])
    """`inverse` a token, local."""

    exponents = operand_def(MemRefType[IntegerType])
    """`k` a token, local."""

    token = operand_def(IndexType)
    """Element of `sums`, `inverses` and `exponents`."""

    multipliers = operand_def(MemRefType[IntegerType])
    """`i18` a lane, local."""

    offsets = operand_def(MemRefType[IntegerType])
    """`i48` a lane, local."""

    scaled = operand_def(MemRefType[IntegerType])
    """One value a lane, local, exactly as wide as it can need."""

    channels = prop_def(IntegerAttr.constr(i64))
    """Channels of a token."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$matrix `[` $row `,` $channel `]` `,` $sums `,` $inverses `,` $exponents `at` $token "
        "`,` $multipliers `,` $offsets `to` $scaled attr-dict `:` type($matrix) `,` "
        "type($sums) `,` type($inverses) `,` type($exponents) `,` type($multipliers) `,` "
        "type($offsets) `,` type($scaled)"
    )

    def __init__(
        self,
        matrix: SSAValue,
        row: SSAValue,
        channel: SSAValue,
        sums: SSAValue,
        inverses: SSAValue,
        exponents: SSAValue,
        token: SSAValue,
        multipliers: SSAValue,
        offsets: SSAValue,
        scaled: SSAValue,
        *,
        channels: int,
    ):
        super().__init__(
            operands=[
                matrix,
                row,
                channel,
                sums,
                inverses,
                exponents,
                token,
                multipliers,
                offsets,
                scaled,
            ],
            properties={"channels": IntegerAttr(channels, i64)},
        )

    def verify_(self) -> None:
        expect_matrix("matrix", self.matrix)
        shape = expect_local("sums", self.sums, 1, "tokens")
        expect_array("inverses", self.inverses, shape)
        expect_array("exponents", self.exponents, shape)
        (lanes,) = expect_local("scaled", self.scaled, 1, "lanes")
        expect_parameters(self.multipliers, self.offsets, lanes)
        expect_width("scaled", self.scaled, scaled_width(MULTIPLIER_BITS))
        expect_positive("channels", self.channels)
