"""One iteration of a matmul engine: products, requantization, and where the result goes."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
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
    opt_prop_def,
    prop_def,
)
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.layers.epilogues import BITS_WIDTH
from vaqf.dialects.accel.memory import (
    element_width,
    expect_width,
)
from vaqf.dialects.accel.tiles.common import (
    expect_array,
    expect_local,
    expect_parameters,
    scaled_width,
)
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.weights import expect_shift

CONDITIONAL_NEGATION, SELECTED_SUM, PAIRED_SUM = BINARY_FORMS = (
    "conditional_negation",
    "selected_sum",
    "paired_sum",
)
"""How sums with one-bit weights can be built."""


def expect_form(form: str | None) -> None:
    """
    Check the form of sums with one-bit weights.

    Raises:
        VerifyException: when there is no such form.
    """
    if form not in BINARY_FORMS:
        raise VerifyException(
            f"'form' is {'absent' if form is None else repr(form)}, accepted are "
            f"{', '.join(map(repr, BINARY_FORMS))}"
        )


@irdl_op_definition
class AccumulateOp(IRDLOperation):
    """
    Multiply a tile of activations by a tile of weights and add to the sums:
    `sums[token + t, m] += sum over n of activation[token + t, channel + n] * weight[m, n]`.

    With one-bit weights nothing is multiplied, and `form` says how the sum is built: with
    `conditional_negation` a weight turns the sign of an activation; `selected_sum` is twice the sum
    of the lanes whose bit is set, less the sum of all lanes, which output lanes share;
    `paired_sum` adds sums and differences of neighbouring lanes, which output lanes share. Where
    `restart` is set, the sums start at zero instead of what they held.

    ```mlir
    accel.accumulate %activation at %token, %input weights %tile to %sums restart %is_first
        limit %inputs {tokens = 4 : i64, form = "paired_sum"}
        : memref<?x?xi8, #accel.onchip>, memref<64x64xi1, #accel.local>,
          memref<200x64xi20, #accel.local>
    ```
    """

    name = "accel.accumulate"

    activation = operand_def(MemRefType[IntegerType])
    """Tokens x input channels."""

    token = operand_def(IndexType)
    """First row of the tile, in `activation` and `sums`."""

    channel = operand_def(IndexType)
    """First input channel of the tile."""

    weight = operand_def(MemRefType[IntegerType])
    """Output lanes x input lanes, local."""

    sums = operand_def(MemRefType[IntegerType])
    """Token slots x output lanes, local."""

    restart = opt_operand_def(i1)
    """Whether the sums start at zero."""

    limit = opt_operand_def(IndexType)
    """Number of valid input channels."""

    tokens = prop_def(IntegerAttr.constr(i64))
    """Tokens of the tile."""

    form = opt_prop_def(StringAttr)
    """How sums with one-bit weights are built; absent for other weights."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$activation `at` $token `,` $channel `weights` $weight `to` $sums "
        "(`restart` $restart^)? (`limit` $limit^)? attr-dict `:` "
        "type($activation) `,` type($weight) `,` type($sums)"
    )

    def __init__(
        self,
        activation: SSAValue,
        token: SSAValue,
        channel: SSAValue,
        weight: SSAValue,
        sums: SSAValue,
        *,
        restart: SSAValue | None = None,
        limit: SSAValue | None = None,
        tokens: int,
        form: str | None = None,
    ):
        super().__init__(
            operands=[activation, token, channel, weight, sums, restart, limit],
            properties={
                "tokens": IntegerAttr(tokens, i64),
                "form": None if form is None else StringAttr(form),
            },
        )

    def verify_(self) -> None:
        expect_matrix("activation", self.activation)
        if element_width(self.weight) != 1 and self.form is not None:
            raise VerifyException(
                f"'form' is {self.form}, expected none for weights of "
                f"{element_width(self.weight)} bits"
            )
        if element_width(self.weight) == 1:
            expect_form(None if self.form is None else self.form.data)
        lanes, _ = expect_local("weight", self.weight, 2, "output lanes x input lanes")
        rows, width = expect_local("sums", self.sums, 2, "token slots x output lanes")
        if width != lanes:
            raise VerifyException(f"'sums' has {width} lanes, expected {lanes}")
        tokens = self.tokens.value.data
        if tokens < 1 or rows % tokens:
            raise VerifyException(
                f"'tokens' is {tokens}, it must be positive and divide the {rows} rows of 'sums'"
            )


@irdl_op_definition
class ScaleOp(IRDLOperation):
    """
    Multiply the sums of one token and add the offsets, lane by lane:
    `scaled[m] = sums[token, m] * multipliers[m] + offsets[m]`.

    ```mlir
    accel.scale %sums[%token], %multipliers, %offsets to %scaled
        : memref<200x64xi20, #accel.local>, memref<64xi18, #accel.local>,
          memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
    ```
    """

    name = "accel.scale"

    sums = operand_def(MemRefType[IntegerType])
    """Token slots x lanes, local."""

    token = operand_def(IndexType)
    """Row of `sums`."""

    multipliers = operand_def(MemRefType[IntegerType])
    """`i18` a lane, local."""

    offsets = operand_def(MemRefType[IntegerType])
    """`i48` a lane, local."""

    scaled = operand_def(MemRefType[IntegerType])
    """One value a lane, local, exactly as wide as it can need."""

    assembly_format = (
        "$sums `[` $token `]` `,` $multipliers `,` $offsets `to` $scaled attr-dict `:` "
        "type($sums) `,` type($multipliers) `,` type($offsets) `,` type($scaled)"
    )

    def __init__(
        self,
        sums: SSAValue,
        token: SSAValue,
        multipliers: SSAValue,
        offsets: SSAValue,
        scaled: SSAValue,
    ):
        super().__init__(operands=[sums, token, multipliers, offsets, scaled])

    def verify_(self) -> None:
        _, lanes = expect_local("sums", self.sums, 2, "token slots x lanes")
        expect_parameters(self.multipliers, self.offsets, lanes)
        expect_array("scaled", self.scaled, (lanes,))
        expect_width("scaled", self.scaled, scaled_width(element_width(self.sums)))


@irdl_op_definition
class StoreRoundedOp(IRDLOperation):
    """
    Round scaled values into the format of a matrix: `matrix[row, channel + m] =
    clamp(scaled[m] >> shift)`; for one bit the sign of `scaled[m]`, with +1 for zero. With `bits`,
    values are brought to that many bits, and stored in the wider elements of the matrix.

    ```mlir
    accel.store_rounded %scaled to %matrix[%row, %channel] {shift = 20 : i64}
        : memref<64xi49, #accel.local>, memref<?x?xi8, #accel.onchip>
    ```
    """

    name = "accel.store_rounded"

    scaled = operand_def(MemRefType[IntegerType])
    """One value a lane, local."""

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row that is written."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    bits = opt_operand_def(IntegerType(BITS_WIDTH))
    """Width of the values, at least 2; absent when it is that of the matrix."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$scaled `to` $matrix `[` $row `,` $channel `]` (`bits` $bits^)? attr-dict `:` "
        "type($scaled) `,` type($matrix)"
    )

    def __init__(
        self,
        scaled: SSAValue,
        matrix: SSAValue,
        row: SSAValue,
        channel: SSAValue,
        shift: int,
        bits: SSAValue | None = None,
    ):
        super().__init__(
            operands=[scaled, matrix, row, channel, bits],
            properties={"shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_local("scaled", self.scaled, 1, "lanes")
        expect_matrix("matrix", self.matrix)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class StoreLookupOp(IRDLOperation):
    """
    Round scaled values to as many bits as the matrix has, and store their entries in a table:
    `quant.lookup` of what `accel.store_rounded` would store.

    ```mlir
    accel.store_lookup %scaled, %table to %matrix[%row, %channel] {shift = 20 : i64}
        : memref<64xi49, #accel.local>, memref<256xi8, #accel.local>,
          memref<?x?xi8, #accel.onchip>
    ```
    """

    name = "accel.store_lookup"

    scaled = operand_def(MemRefType[IntegerType])
    """One value a lane, local."""

    table = operand_def(MemRefType[IntegerType])
    """One entry an input value, or 1,025 entries between which values are interpolated; local."""

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row that is written."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$scaled `,` $table `to` $matrix `[` $row `,` $channel `]` attr-dict `:` "
        "type($scaled) `,` type($table) `,` type($matrix)"
    )

    def __init__(
        self,
        scaled: SSAValue,
        table: SSAValue,
        matrix: SSAValue,
        row: SSAValue,
        channel: SSAValue,
        shift: int,
    ):
        super().__init__(
            operands=[scaled, table, matrix, row, channel],
            properties={"shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_local("scaled", self.scaled, 1, "lanes")
        expect_local("table", self.table, 1, "entries")
        expect_matrix("matrix", self.matrix)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class AddRoundedOp(IRDLOperation):
    """
    Round scaled values and add them to the residual stream, both with saturation:
    `matrix[row, channel + m] = clamp(matrix[row, channel + m] + clamp(scaled[m] >> shift))`.

    ```mlir
    accel.add_rounded %scaled to %residual[%row, %channel] {shift = 14 : i64}
        : memref<64xi49, #accel.local>, memref<?x?xi16, #accel.onchip>
    ```
    """

    name = "accel.add_rounded"

    scaled = operand_def(MemRefType[IntegerType])
    """One value a lane, local."""

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels, 16 bits."""

    row = operand_def(IndexType)
    """Row that is updated."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$scaled `to` $matrix `[` $row `,` $channel `]` attr-dict `:` "
        "type($scaled) `,` type($matrix)"
    )

    def __init__(
        self, scaled: SSAValue, matrix: SSAValue, row: SSAValue, channel: SSAValue, shift: int
    ):
        super().__init__(
            operands=[scaled, matrix, row, channel],
            properties={"shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_local("scaled", self.scaled, 1, "lanes")
        expect_matrix("matrix", self.matrix)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class StoreRescaledOp(IRDLOperation):
    """
    Requantize one row with one multiplier:
    `matrix[row, channel + d] = clamp(values[token, d] * multiplier + 2^(shift - 1) >> shift)`; for
    one bit the sign of `values[token, d]`, with +1 for zero. `bits` is as in `accel.store_rounded`.

    ```mlir
    accel.store_rescaled %mixed[%token], %multiplier to %result[%row, %channel] {shift = 24 : i64}
        : memref<197x64xi24, #accel.local>, memref<197x192xi8, #accel.onchip>
    ```
    """

    name = "accel.store_rescaled"

    values = operand_def(MemRefType[IntegerType])
    """Tokens x lanes, local."""

    token = operand_def(IndexType)
    """Row of `values`."""

    multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Not negative."""

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row that is written."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    bits = opt_operand_def(IntegerType(BITS_WIDTH))
    """Width of the values, at least 2; absent when it is that of the matrix."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$values `[` $token `]` `,` $multiplier `to` $matrix `[` $row `,` $channel `]` "
        "(`bits` $bits^)? attr-dict `:` type($values) `,` type($matrix)"
    )

    def __init__(
        self,
        values: SSAValue,
        token: SSAValue,
        multiplier: SSAValue,
        matrix: SSAValue,
        row: SSAValue,
        channel: SSAValue,
        shift: int,
        bits: SSAValue | None = None,
    ):
        super().__init__(
            operands=[values, token, multiplier, matrix, row, channel, bits],
            properties={"shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_local("values", self.values, 2, "tokens x lanes")
        expect_matrix("matrix", self.matrix)
        expect_shift(self.shift.value.data)
