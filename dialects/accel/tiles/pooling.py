"""What average pooling does in one iteration."""

from __future__ import annotations

from xdsl.dialects.builtin import IndexType, IntegerType, MemRefType
from xdsl.ir import SSAValue
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.tiles.common import expect_local


@irdl_op_definition
class AddRowOp(IRDLOperation):
    """
    Add neighbouring channels of one token to sums, lane by lane:
    `sums[tile, n] += matrix[row, channel + n]`.

    ```mlir
    accel.add_row %x[%row, %channel] to %sums[%tile]
        : memref<197x192xi16, #accel.onchip>, memref<3x64xi25, #accel.local>
    ```
    """

    name = "accel.add_row"

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    row = operand_def(IndexType)
    """Row that is read."""

    channel = operand_def(IndexType)
    """Channel of lane 0."""

    sums = operand_def(MemRefType[IntegerType])
    """Tiles x lanes, local."""

    tile = operand_def(IndexType)
    """Row of `sums`."""

    assembly_format = (
        "$matrix `[` $row `,` $channel `]` `to` $sums `[` $tile `]` attr-dict `:` "
        "type($matrix) `,` type($sums)"
    )

    def __init__(
        self, matrix: SSAValue, row: SSAValue, channel: SSAValue, sums: SSAValue, tile: SSAValue
    ):
        super().__init__(operands=[matrix, row, channel, sums, tile])

    def verify_(self) -> None:
        expect_matrix("matrix", self.matrix)
        expect_local("sums", self.sums, 2, "tiles x lanes")
