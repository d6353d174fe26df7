"""What moves in one iteration: bursts, fills, and copies of rows."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
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
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers.common import expect_matrix, expect_patch
from vaqf.dialects.accel.memory import (
    DRAM,
    LOCAL,
    element_bounds,
    element_width,
    expect_least_width,
    expect_space,
    expect_width,
)
from vaqf.dialects.accel.tiles.common import (
    expect_local,
    expect_positive,
)
from vaqf.dialects.shapes import shape_of
from vaqf.dialects.vit.patches import expect_pixel_order


@irdl_op_definition
class LoadOp(IRDLOperation):
    """
    Read one unit of a parameter, several that follow each other, or a whole image, in one burst.

    ```mlir
    accel.load %multiplier[%tile] to %multipliers
        : memref<12x64xi18, #accel.dram>, memref<64xi18, #accel.local>
    accel.load %weight[%first] count %input_tiles to %weights
        : memref<36x64x64xi1, #accel.dram>, memref<12x64x64xi1, #accel.local>
    ```
    """

    name = "accel.load"

    source = operand_def(MemRefType[IntegerType])
    """In DRAM."""

    indices = var_operand_def(IndexType)
    """Leading indices of `source`; the dimensions left are read."""

    count = opt_operand_def(IndexType)
    """How many units from there on; one when absent."""

    destination = operand_def(MemRefType[IntegerType])
    """Local; the dimensions left of `source`, with `count` after one for the units."""

    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    assembly_format = (
        "$source `[` $indices `]` (`count` $count^)? `to` $destination attr-dict "
        "`:` type($source) `,` type($destination)"
    )

    def __init__(
        self,
        source: SSAValue,
        indices: Sequence[SSAValue],
        destination: SSAValue,
        count: SSAValue | None = None,
    ):
        super().__init__(operands=[source, indices, count, destination])

    def verify_(self) -> None:
        expect_space("source", self.source, DRAM)
        expect_space("destination", self.destination, LOCAL)
        read = shape_of(self.source)[len(self.indices) :]
        written = shape_of(self.destination)[0 if self.count is None else 1 :]
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
class CopyRowOp(IRDLOperation):
    """
    Copy some channels of one token, as those of one head, into an array of the engine.

    ```mlir
    accel.copy_row %key[%token, %channel] to %keys[%token]
        : memref<197x192xi8, #accel.onchip>, memref<197x64xi8, #accel.local>
    ```
    """

    name = "accel.copy_row"

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row of `matrix`."""

    channel = operand_def(IndexType)
    """First channel that is copied."""

    destination = operand_def(MemRefType[IntegerType])
    """Rows x channels that are copied, local."""

    target = operand_def(IndexType)
    """Row of `destination`."""

    assembly_format = (
        "$matrix `[` $row `,` $channel `]` `to` $destination `[` $target `]` attr-dict `:` "
        "type($matrix) `,` type($destination)"
    )

    def __init__(
        self,
        matrix: SSAValue,
        row: SSAValue,
        channel: SSAValue,
        destination: SSAValue,
        target: SSAValue,
    ):
        super().__init__(operands=[matrix, row, channel, destination, target])

    def verify_(self) -> None:
        expect_matrix("matrix", self.matrix)
        expect_local("destination", self.destination, 2, "rows x channels")
        expect_width("destination", self.destination, element_width(self.matrix))


@irdl_op_definition
class GatherPatchOp(IRDLOperation):
    """
    Collect the pixels of some lanes of one patch: lane `n` is pixel `channel + n`.

    ```mlir
    accel.gather_patch %pixels to %patches[%patch, %channel]
        {lanes = 64 : i64, patch = array<i64: 16, 16>, order = "colours_first"}
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

    order = prop_def(StringAttr)
    """`"colours_first"`: colour, row, column. `"colours_last"`: row, column, colour."""

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
        order: str,
    ):
        super().__init__(
            operands=[image, patches, row, channel],
            properties={
                "lanes": IntegerAttr(lanes, i64),
                "patch": DenseArrayBase.from_list(i64, patch),
                "order": StringAttr(order),
            },
        )

    def verify_(self) -> None:
        expect_local("image", self.image, 3, "colours x height x width")
        expect_matrix("patches", self.patches)
        expect_positive("lanes", self.lanes)
        expect_patch(self.patch)
        expect_pixel_order(self.order.data)
        expect_least_width("patches", self.patches, element_width(self.image))
