"""What moves whole matrices, or lets them be seen."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
    UnitAttr,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
)
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.memory import (
    DRAM,
    LOCAL,
    ONCHIP,
    element_width,
    expect_space,
    expect_width,
)
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class LoadMatrixOp(IRDLOperation):
    """
    Read a matrix of activations from DRAM, such as the class token and position embeddings with
    which the residual stream starts.

    ```mlir
    accel.load_matrix %tokens to %residual
        : memref<197x192xi16, #accel.dram>, memref<197x192xi16, #accel.onchip>
    ```
    """

    name = "accel.load_matrix"

    source = operand_def(MemRefType[IntegerType])
    """Tokens x channels; after tiling, tiles x tokens x channels of a tile."""

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    assembly_format = "$source `to` $matrix attr-dict `:` type($source) `,` type($matrix)"

    def __init__(self, source: SSAValue, matrix: SSAValue):
        super().__init__(operands=[source, matrix])

    def verify_(self) -> None:
        expect_space("source", self.source, DRAM)
        expect_matrix("matrix", self.matrix)
        expect_width("source", self.source, element_width(self.matrix))


@irdl_op_definition
class StoreMatrixOp(IRDLOperation):
    """
    Write a matrix of activations to DRAM, row after row.

    ```mlir
    accel.store_matrix %scores to %logits
        : memref<1x1000xi16, #accel.onchip>, memref<1x1000xi16, #accel.dram>
    ```
    """

    name = "accel.store_matrix"

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    destination = operand_def(MemRefType[IntegerType])
    """Tokens x channels, in DRAM."""

    assembly_format = "$matrix `to` $destination attr-dict `:` type($matrix) `,` type($destination)"

    def __init__(self, matrix: SSAValue, destination: SSAValue):
        super().__init__(operands=[matrix, destination])

    def verify_(self) -> None:
        expect_matrix("matrix", self.matrix)
        expect_space("destination", self.destination, DRAM)
        expect_shape("destination", self.destination, shape_of(self.matrix))
        expect_width("destination", self.destination, element_width(self.matrix))


@irdl_op_definition
class CheckpointOp(IRDLOperation):
    """
    A place where the testbench looks at a buffer: it compares its golden values, or traces it.
    Hardware ignores it.

    ```mlir
    accel.checkpoint "blocks"[%layer], %residual : memref<197x192xi16, #accel.onchip>
    accel.checkpoint "blocks"[%layer], %second_residual {frame = 1 : i64}
        : memref<197x192xi16, #accel.onchip>
    accel.checkpoint "hidden"[%layer], %hidden {trace_only} : memref<197x768xi8, #accel.onchip>
    ```
    """

    name = "accel.checkpoint"

    label = prop_def(StringAttr)
    """What the values are called in a report."""

    index = operand_def(IndexType)
    """Which of several values of that name, as the layer."""

    buffer = operand_def(MemRefType[IntegerType])
    """The values to compare."""

    frame = opt_prop_def(IntegerAttr.constr(i64))
    """To which of the frames of a call they belong; to the first when absent."""

    trace_only = opt_prop_def(UnitAttr)
    """Whether a project has no golden values of it."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$label `[` $index `]` `,` $buffer attr-dict `:` type($buffer)"

    def __init__(
        self,
        label: str,
        index: SSAValue,
        buffer: SSAValue,
        frame: int = 0,
        *,
        trace_only: bool = False,
    ):
        super().__init__(
            operands=[index, buffer],
            properties={
                "label": StringAttr(label),
                "frame": IntegerAttr(frame, i64) if frame else None,
                "trace_only": UnitAttr() if trace_only else None,
            },
        )

    @property
    def frame_number(self) -> int:
        """To which of the frames of a call the values belong, from 0."""
        return 0 if self.frame is None else self.frame.value.data

    def verify_(self) -> None:
        expect_space("buffer", self.buffer, ONCHIP, LOCAL)
        if self.frame_number < 0:
            raise VerifyException(f"'frame' is {self.frame_number}, it must not be negative")
