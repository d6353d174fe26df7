"""One of several equal arrays, by its number."""

from __future__ import annotations

from xdsl.dialects.builtin import IndexType, IntegerType, MemRefType
from xdsl.ir import SSAValue
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.memory import (
    LOCAL,
    buffer_type,
    element_width,
    expect_space,
    expect_width,
)
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class SlotOp(IRDLOperation):
    """
    One of several equal arrays: what is written to it is written to `buffer`.

    ```mlir
    %tile = accel.slot %tiles[%turn]
        : memref<2x64x64xi1, #accel.local> -> memref<64x64xi1, #accel.local>
    ```
    """

    name = "accel.slot"

    buffer = operand_def(MemRefType[IntegerType])
    """Local; the first dimension counts the arrays."""

    index = operand_def(IndexType)
    """Which of them."""

    result = result_def(MemRefType[IntegerType])
    """The other dimensions."""

    traits = traits_def(Pure())

    assembly_format = "$buffer `[` $index `]` attr-dict `:` type($buffer) `->` type($result)"

    def __init__(self, buffer: SSAValue, index: SSAValue):
        super().__init__(
            operands=[buffer, index],
            result_types=[buffer_type(element_width(buffer), shape_of(buffer)[1:], LOCAL)],
        )

    def verify_(self) -> None:
        expect_space("buffer", self.buffer, LOCAL)
        expect_space("result", self.result, LOCAL)
        if len(shape_of(self.buffer)) < 2:
            raise VerifyException(
                f"'buffer' has rank {len(shape_of(self.buffer))}, expected slots x an array"
            )
        expect_shape("result", self.result, shape_of(self.buffer)[1:])
        expect_width("result", self.result, element_width(self.buffer))


def array_behind(value: SSAValue) -> tuple[SSAValue, int]:
    """The array that a value is a slot of, and how many of its dimensions select it."""
    depth = 0
    while isinstance(value.owner, SlotOp):
        value, depth = value.owner.buffer, depth + 1
    return value, depth
