"""
What an engine does in one iteration of an innermost loop, on the lanes of one tile.

Loops, bursts and buffers around these ops are ordinary IR: `scf.for`, `accel.load`,
`accel.buffer`. Rows and channels are counted in elements. A tile may hang over the end of a
matrix: what is written there is never read, and `limit`, where an op has it, is the number of
valid elements in the dimension that is summed or compared; lanes from there on do not count.
Without `limit` no lane hangs over.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DenseArrayBase,
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
    var_operand_def,
)
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers import expect_matrix, expect_patch, expect_probability_bits
from vaqf.dialects.accel.memory import (
    DRAM,
    LOCAL,
    element_bounds,
    element_width,
    expect_space,
    expect_width,
)
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.weights import expect_shift
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of


def sum_width(*widths: int) -> int:
    """Signed width of a sum of signed integers of these widths."""
    return max(widths) + (len(widths) - 1).bit_length()


def scaled_width(width: int) -> int:
    """Signed width of `value * multiplier + offset` for values of `width` bits."""
    return sum_width(width + MULTIPLIER_BITS, OFFSET_BITS)


def expect_local(name: str, value: SSAValue, rank: int, meaning: str) -> tuple[int, ...]:
    """
    Check that an operand is an array inside of an engine, and give its shape.

    Raises:
        VerifyException: for another rank or memory space.
    """
    shape = expect_rank(name, value, rank, meaning)
    expect_space(name, value, LOCAL)
    return shape


def expect_array(name: str, value: SSAValue, shape: tuple[int, ...]) -> None:
    """
    Check that an operand is an array of some shape inside of an engine.

    Raises:
        VerifyException: for another shape or memory space.
    """
    expect_shape(name, value, shape)
    expect_space(name, value, LOCAL)


def expect_positive(name: str, number: IntegerAttr) -> None:
    """
    Check a count.

    Raises:
        VerifyException: `'name' is ..., it must be positive`.
    """
    if number.value.data < 1:
        raise VerifyException(f"'{name}' is {number.value.data}, it must be positive")


def expect_parameters(multipliers: SSAValue, offsets: SSAValue, lanes: int) -> None:
    """
    Check the multipliers and offsets of the lanes.

    Raises:
        VerifyException: for another shape, width or memory space.
    """
    for name, value, width in (
        ("multipliers", multipliers, MULTIPLIER_BITS),
        ("offsets", offsets, OFFSET_BITS),
    ):
        expect_array(name, value, (lanes,))
        expect_width(name, value, width)


@irdl_op_definition
class LoadOp(IRDLOperation):
    """
    Read one unit of a parameter, or a whole image, in one burst.

    ```mlir
    accel.load %weight[%tile] to %weights[]
        : memref<36x64x64xi1, #accel.dram>, memref<64x64xi1, #accel.local>
    accel.load %tiles[%number] to %pair[%slot]
        : memref<36x64x64xi1, #accel.dram>, memref<2x64x64xi1, #accel.local>
    ```
    """

    name = "accel.load"

    source = operand_def(MemRefType[IntegerType])
    """In DRAM."""

    indices = var_operand_def(IndexType)
    """Leading indices of `source`; the dimensions left are read."""

    destination = operand_def(MemRefType[IntegerType])
    """Local; the dimensions left of `source`, after those that `slots` index."""

    slots = var_operand_def(IndexType)
    """Leading indices of `destination`."""

    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    assembly_format = (
        "$source `[` $indices `]` `to` $destination `[` $slots `]` attr-dict "
        "`:` type($source) `,` type($destination)"
    )

    def __init__(
        self,
        source: SSAValue,
        indices: Sequence[SSAValue],
        destination: SSAValue,
        slots: Sequence[SSAValue] = (),
    ):
        super().__init__(operands=[source, indices, destination, slots])

    def verify_(self) -> None:
        expect_space("source", self.source, DRAM)
        expect_space("destination", self.destination, LOCAL)
        read = shape_of(self.source)[len(self.indices) :]
        written = shape_of(self.destination)[len(self.slots) :]
        if not read or read != written:
            raise VerifyException(f"reads {read} into {written}, expected equal shapes")
        expect_width("destination", self.destination, element_width(self.source))


@irdl_op_definition
class FillOp(IRDLOperation):
    """
    Set every element of an array, or of one row of it.

    ```mlir
    accel.fill %sums[%token] with 0 : memref<200x64xi16, #accel.local>
    ```
    """

    name = "accel.fill"

    buffer = operand_def(MemRefType[IntegerType])
    """Local."""

    indices = var_operand_def(IndexType)
    """Leading indices; the dimensions left are filled."""

    value = prop_def(IntegerAttr.constr(i64))
    """The value of each element."""

    assembly_format = "$buffer `[` $indices `]` `with` $value attr-dict `:` type($buffer)"

    def __init__(self, buffer: SSAValue, indices: Sequence[SSAValue], value: int):
        super().__init__(operands=[buffer, indices], properties={"value": IntegerAttr(value, i64)})

    def verify_(self) -> None:
        expect_space("buffer", self.buffer, LOCAL)
        if len(self.indices) > len(shape_of(self.buffer)):
            raise VerifyException(
                f"{len(self.indices)} indices for a buffer of rank {len(shape_of(self.buffer))}"
            )
        low, high = element_bounds(element_width(self.buffer))
        if not low <= self.value.value.data <= high:
            raise VerifyException(
                f"'value' is {self.value.value.data}, accepted range is [{low}, {high}]"
            )


@irdl_op_definition
class AccumulateOp(IRDLOperation):
    """
    Multiply a tile of activations by a tile of weights and add to the sums:
    `sums[token + t, m] += sum over n of activation[token + t, channel + n] * weight[m, n]`.

    With one-bit weights nothing is multiplied: for each token `total` is the sum of its lanes,
    and the sum of products is `2 * selected - total`, where `selected` sums the lanes whose bit
    is set. `slot` selects among several weight tiles. Where `restart` is set, the sums start at
    zero instead of what they held.

    ```mlir
    accel.accumulate %activation at %token, %input weights %tile[] to %sums restart %is_first
        limit %inputs {tokens = 4 : i64}
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
    """Output lanes x input lanes, local; with `slot`, several of them."""

    slot = var_operand_def(IndexType)
    """Which weight tile; empty when there is one."""

    sums = operand_def(MemRefType[IntegerType])
    """Token slots x output lanes, local."""

    restart = opt_operand_def(i1)
    """Whether the sums start at zero."""

    limit = opt_operand_def(IndexType)
    """Number of valid input channels."""

    tokens = prop_def(IntegerAttr.constr(i64))
    """Tokens of the tile."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$activation `at` $token `,` $channel `weights` $weight `[` $slot `]` `to` $sums "
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
        slot: Sequence[SSAValue] = (),
        restart: SSAValue | None = None,
        limit: SSAValue | None = None,
        tokens: int,
    ):
        super().__init__(
            operands=[activation, token, channel, weight, slot, sums, restart, limit],
            properties={"tokens": IntegerAttr(tokens, i64)},
        )

    def verify_(self) -> None:
        expect_matrix("activation", self.activation)
        expect_space("weight", self.weight, LOCAL)
        lanes, _ = expect_rank_after_slots("weight", self.weight, len(self.slot))
        rows, width = expect_local("sums", self.sums, 2, "token slots x output lanes")
        if width != lanes:
            raise VerifyException(f"'sums' has {width} lanes, expected {lanes}")
        tokens = self.tokens.value.data
        if tokens < 1 or rows % tokens:
            raise VerifyException(
                f"'tokens' is {tokens}, it must be positive and divide the {rows} rows of 'sums'"
            )


def expect_rank_after_slots(name: str, value: SSAValue, slots: int) -> tuple[int, int]:
    """
    The two dimensions of one of several weight tiles.

    Raises:
        VerifyException: for another rank.
    """
    shape = shape_of(value)
    if len(shape) != slots + 2:
        raise VerifyException(
            f"'{name}' has rank {len(shape)}, expected {slots + 2} "
            "(slots, output lanes x input lanes)"
        )
    return shape[-2], shape[-1]


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
    clamp(scaled[m] >> shift)`; for one bit the sign of `scaled[m]`, with +1 for zero.

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
class GatherPatchOp(IRDLOperation):
    """
    Collect the pixels of some lanes of one patch: lane `n` is pixel `channel + n` in the order
    colour, row, column.

    ```mlir
    accel.gather_patch %pixels to %patches[%patch, %channel]
        {lanes = 64 : i64, patch = array<i64: 16, 16>}
        : memref<3x224x224xi8, #accel.local>, memref<196x768xi8, #accel.onchip>
    ```
    """

    name = "accel.gather_patch"

    image = operand_def(MemRefType[IntegerType])
    """Colours x height x width, local."""

    patches = operand_def(MemRefType[IntegerType])
    """Patches x pixels of a patch."""

    row = operand_def(IndexType)
    """Patch, in row-major order over the image."""

    channel = operand_def(IndexType)
    """Pixel of lane 0 within the patch."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of lanes."""

    patch = prop_def(DenseArrayBase.constr(i64))
    """Height and width of a patch."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$image `to` $patches `[` $row `,` $channel `]` attr-dict `:` "
        "type($image) `,` type($patches)"
    )

    def __init__(
        self,
        image: SSAValue,
        patches: SSAValue,
        row: SSAValue,
        channel: SSAValue,
        *,
        lanes: int,
        patch: Sequence[int],
    ):
        super().__init__(
            operands=[image, patches, row, channel],
            properties={
                "lanes": IntegerAttr(lanes, i64),
                "patch": DenseArrayBase.from_list(i64, patch),
            },
        )

    def verify_(self) -> None:
        expect_local("image", self.image, 3, "colours x height x width")
        expect_matrix("patches", self.patches)
        expect_positive("lanes", self.lanes)
        expect_patch(self.patch)
        expect_width("patches", self.patches, element_width(self.image))


@irdl_op_definition
class AddMomentsOp(IRDLOperation):
    """
    Add the lanes of one token to its sum and to its sum of squares.

    ```mlir
    accel.add_moments %x[%row, %channel] to %sums, %squares at %token limit %channels
        {lanes = 64 : i64}
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

    limit = opt_operand_def(IndexType)
    """Number of valid channels."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of lanes."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$matrix `[` $row `,` $channel `]` `to` $sums `,` $squares `at` $token "
        "(`limit` $limit^)? attr-dict `:` type($matrix) `,` type($sums) `,` type($squares)"
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
        limit: SSAValue | None = None,
        lanes: int,
    ):
        super().__init__(
            operands=[matrix, row, channel, sums, squares, token, limit],
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


@irdl_op_definition
class CopyRowOp(IRDLOperation):
    """
    Copy some channels of one token, as those of one head, into an array of the engine.

    ```mlir
    accel.copy_row %query[%token, %channel] to %head[%token]
        : memref<197x192xi8, #accel.onchip>, memref<197x64xi8, #accel.local>
    ```
    """

    name = "accel.copy_row"

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row of `matrix` and of `destination`."""

    channel = operand_def(IndexType)
    """First channel that is copied."""

    destination = operand_def(MemRefType[IntegerType])
    """Tokens x channels that are copied, local."""

    assembly_format = (
        "$matrix `[` $row `,` $channel `]` `to` $destination attr-dict `:` "
        "type($matrix) `,` type($destination)"
    )

    def __init__(self, matrix: SSAValue, row: SSAValue, channel: SSAValue, destination: SSAValue):
        super().__init__(operands=[matrix, row, channel, destination])

    def verify_(self) -> None:
        expect_matrix("matrix", self.matrix)
        expect_local("destination", self.destination, 2, "tokens x channels")
        expect_width("destination", self.destination, element_width(self.matrix))


@irdl_op_definition
class ScoreOp(IRDLOperation):
    """
    Compare one query with the keys of the lanes, and keep the largest score of the query:
    `scores[query, key + u] = sum over d of queries[query, d] * keys[key + u, d]` and
    `maxima[query] = max(maxima[query], scores[query, key + u])`.

    ```mlir
    accel.score %queries[%query], %keys[%key] to %scores, %maxima limit %tokens {lanes = 16 : i64}
        : memref<197x64xi8, #accel.local>, memref<208x64xi8, #accel.local>,
          memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>
    ```
    """

    name = "accel.score"

    queries = operand_def(MemRefType[IntegerType])
    """Tokens x channels of a head, local."""

    query = operand_def(IndexType)
    """Row of `queries`, `scores` and `maxima`."""

    keys = operand_def(MemRefType[IntegerType])
    """Key slots x channels of a head, local."""

    key = operand_def(IndexType)
    """Key of lane 0."""

    scores = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    maxima = operand_def(MemRefType[IntegerType])
    """One largest score a query, local."""

    limit = opt_operand_def(IndexType)
    """Number of keys that count for the maximum."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of keys in parallel."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$queries `[` $query `]` `,` $keys `[` $key `]` `to` $scores `,` $maxima "
        "(`limit` $limit^)? attr-dict `:` "
        "type($queries) `,` type($keys) `,` type($scores) `,` type($maxima)"
    )

    def __init__(
        self,
        queries: SSAValue,
        query: SSAValue,
        keys: SSAValue,
        key: SSAValue,
        scores: SSAValue,
        maxima: SSAValue,
        *,
        limit: SSAValue | None = None,
        lanes: int,
    ):
        super().__init__(
            operands=[queries, query, keys, key, scores, maxima, limit],
            properties={"lanes": IntegerAttr(lanes, i64)},
        )

    def verify_(self) -> None:
        tokens, channels = expect_local("queries", self.queries, 2, "tokens x channels")
        slots, key_channels = expect_local("keys", self.keys, 2, "key slots x channels")
        if key_channels != channels:
            raise VerifyException(f"'keys' has {key_channels} channels, expected {channels}")
        expect_array("scores", self.scores, (tokens, slots))
        expect_array("maxima", self.maxima, (tokens,))
        expect_positive("lanes", self.lanes)


@irdl_op_definition
class ExponentiateOp(IRDLOperation):
    """
    Turn scores of one query into exponentials and add them to its sum: steps 1 and 2 of softmax
    in `docs/numerics.md`. Lanes from `limit` on give 0.

    ```mlir
    accel.exponentiate %scores[%query, %key], %maxima, %table, %multiplier
        to %exponentials, %sums limit %tokens {lanes = 16 : i64, shift = 17 : i64}
        : memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>,
          memref<256xi17, #accel.local>, memref<197x208xi17, #accel.local>,
          memref<197xi25, #accel.local>
    ```
    """

    name = "accel.exponentiate"

    scores = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    query = operand_def(IndexType)
    """Row of `scores` and `exponentials`; element of `maxima` and `sums`."""

    key = operand_def(IndexType)
    """Key of lane 0."""

    maxima = operand_def(MemRefType[IntegerType])
    """One largest score a query, local."""

    table = operand_def(MemRefType[IntegerType])
    """One octave of exponentials, local."""

    multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Step of a score in units of `2^(shift - 8)` octaves."""

    exponentials = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    sums = operand_def(MemRefType[IntegerType])
    """One sum of exponentials a query, local."""

    limit = opt_operand_def(IndexType)
    """Number of keys that count."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of keys in parallel."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$scores `[` $query `,` $key `]` `,` $maxima `,` $table `,` $multiplier "
        "`to` $exponentials `,` $sums (`limit` $limit^)? attr-dict `:` type($scores) `,` "
        "type($maxima) `,` type($table) `,` type($exponentials) `,` type($sums)"
    )

    def __init__(
        self,
        scores: SSAValue,
        query: SSAValue,
        key: SSAValue,
        maxima: SSAValue,
        table: SSAValue,
        multiplier: SSAValue,
        exponentials: SSAValue,
        sums: SSAValue,
        *,
        limit: SSAValue | None = None,
        lanes: int,
        shift: int,
    ):
        super().__init__(
            operands=[
                scores,
                query,
                key,
                maxima,
                table,
                multiplier,
                exponentials,
                sums,
                limit,
            ],
            properties={
                "lanes": IntegerAttr(lanes, i64),
                "shift": IntegerAttr(shift, i64),
            },
        )

    def verify_(self) -> None:
        shape = expect_local("scores", self.scores, 2, "tokens x key slots")
        expect_array("exponentials", self.exponentials, shape)
        expect_array("maxima", self.maxima, shape[:1])
        expect_array("sums", self.sums, shape[:1])
        expect_array("table", self.table, (EXPONENTIAL_ENTRIES,))
        expect_positive("lanes", self.lanes)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class ReciprocalOp(IRDLOperation):
    """
    The reciprocal of one sum of exponentials: `inverses[query] = 2^shift / sums[query]`.

    ```mlir
    accel.reciprocal %sums to %inverses at %query {shift = 38 : i64}
        : memref<197xi25, #accel.local>, memref<197xi25, #accel.local>
    ```
    """

    name = "accel.reciprocal"

    sums = operand_def(MemRefType[IntegerType])
    """One positive sum a query, local."""

    inverses = operand_def(MemRefType[IntegerType])
    """One reciprocal a query, local."""

    query = operand_def(IndexType)
    """Element of both."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Exponent of the dividend, 1 to 47."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$sums `to` $inverses `at` $query attr-dict `:` type($sums) `,` type($inverses)"
    )

    def __init__(self, sums: SSAValue, inverses: SSAValue, query: SSAValue, shift: int):
        super().__init__(
            operands=[sums, inverses, query], properties={"shift": IntegerAttr(shift, i64)}
        )

    def verify_(self) -> None:
        shape = expect_local("sums", self.sums, 1, "queries")
        expect_array("inverses", self.inverses, shape)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class MixOp(IRDLOperation):
    """
    Turn exponentials of one query into probabilities, step 4 of softmax in `docs/numerics.md`,
    and add the values weighted by them:
    `mixed[query, d] += sum over u of p[key + u] * values[key + u, d]`.

    ```mlir
    accel.mix %exponentials[%query, %key], %inverses, %values to %mixed limit %tokens
        {bits = 8 : i64, lanes = 16 : i64, shift = 30 : i64}
        : memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>,
          memref<208x64xi8, #accel.local>, memref<197x64xi24, #accel.local>
    ```
    """

    name = "accel.mix"

    exponentials = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    query = operand_def(IndexType)
    """Row of `exponentials` and `mixed`; element of `inverses`."""

    key = operand_def(IndexType)
    """Key of lane 0."""

    inverses = operand_def(MemRefType[IntegerType])
    """One reciprocal a query, local."""

    values = operand_def(MemRefType[IntegerType])
    """Key slots x channels of a head, local."""

    mixed = operand_def(MemRefType[IntegerType])
    """Tokens x channels of a head, local."""

    limit = opt_operand_def(IndexType)
    """Number of keys that count."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of keys in parallel."""

    bits = prop_def(IntegerAttr.constr(i64))
    """Width of a probability."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift of an exponential times the reciprocal, with rounding."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$exponentials `[` $query `,` $key `]` `,` $inverses `,` $values `to` $mixed "
        "(`limit` $limit^)? attr-dict `:` "
        "type($exponentials) `,` type($inverses) `,` type($values) `,` type($mixed)"
    )

    def __init__(
        self,
        exponentials: SSAValue,
        query: SSAValue,
        key: SSAValue,
        inverses: SSAValue,
        values: SSAValue,
        mixed: SSAValue,
        *,
        limit: SSAValue | None = None,
        lanes: int,
        bits: int,
        shift: int,
    ):
        super().__init__(
            operands=[exponentials, query, key, inverses, values, mixed, limit],
            properties={
                "lanes": IntegerAttr(lanes, i64),
                "bits": IntegerAttr(bits, i64),
                "shift": IntegerAttr(shift, i64),
            },
        )

    def verify_(self) -> None:
        tokens, slots = expect_local("exponentials", self.exponentials, 2, "tokens x key slots")
        expect_array("inverses", self.inverses, (tokens,))
        value_slots, channels = expect_local("values", self.values, 2, "key slots x channels")
        if value_slots != slots:
            raise VerifyException(f"'values' has {value_slots} key slots, expected {slots}")
        expect_array("mixed", self.mixed, (tokens, channels))
        expect_positive("lanes", self.lanes)
        expect_probability_bits("bits", self.bits)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class StoreRescaledOp(IRDLOperation):
    """
    Requantize one row with one multiplier:
    `matrix[row, channel + d] = clamp(values[row, d] * multiplier + 2^(shift - 1) >> shift)`; for
    one bit the sign of `values[row, d]`, with +1 for zero.

    ```mlir
    accel.store_rescaled %mixed[%row], %multiplier to %result[%channel] {shift = 24 : i64}
        : memref<197x64xi24, #accel.local>, memref<197x192xi8, #accel.onchip>
    ```
    """

    name = "accel.store_rescaled"

    values = operand_def(MemRefType[IntegerType])
    """Tokens x lanes, local."""

    row = operand_def(IndexType)
    """Row of `values` and `matrix`."""

    multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Not negative."""

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$values `[` $row `]` `,` $multiplier `to` $matrix `[` $channel `]` attr-dict `:` "
        "type($values) `,` type($matrix)"
    )

    def __init__(
        self,
        values: SSAValue,
        row: SSAValue,
        multiplier: SSAValue,
        matrix: SSAValue,
        channel: SSAValue,
        shift: int,
    ):
        super().__init__(
            operands=[values, row, multiplier, matrix, channel],
            properties={"shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_local("values", self.values, 2, "tokens x lanes")
        expect_matrix("matrix", self.matrix)
        expect_shift(self.shift.value.data)
