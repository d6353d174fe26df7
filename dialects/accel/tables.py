"""Tables that are prepared once."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerType, MemRefType
from xdsl.ir import SSAValue
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.memory import DRAM, buffer_type, element_width, expect_space
from vaqf.dialects.shapes import expect_rank, shape_of


@irdl_op_definition
class ExtendTableOp(IRDLOperation):
    """
    A table with one entry for each value of a narrower format, for all values of a wider one.

    Values beyond the narrower format have the entry of its smallest or largest value: looking up a
    value in `result` is bringing it into the narrower format first.

    ```mlir
    %extended = accel.extend_table %gelu : memref<64xi6, #accel.dram> -> memref<256xi8, #accel.dram>
    ```
    """

    name = "accel.extend_table"

    input = operand_def(MemRefType[IntegerType])
    """A power of two entries, at least 4, from that of the smallest value on."""

    result = result_def(MemRefType[IntegerType])
    """A larger power of two entries, which may be wider."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, bits: int, width: int):
        super().__init__(operands=[input], result_types=[buffer_type(width, (1 << bits,), DRAM)])

    def verify_(self) -> None:
        for name, value in (("input", self.input), ("result", self.result)):
            expect_rank(name, value, 1, "entries")
            expect_space(name, value, DRAM)
        (before,), (after,) = shape_of(self.input), shape_of(self.result)
        if before < 4 or before & (before - 1):
            raise VerifyException(
                f"'input' has {before} entries, expected a power of two from 4 on"
            )
        if after < before or after & (after - 1):
            raise VerifyException(
                f"'result' has {after} entries, expected a power of two from {before} on"
            )
        if element_width(self.result) < (width := element_width(self.input)):
            raise VerifyException(
                f"'result' has entries of {element_width(self.result)} bits, expected at least "
                f"{width}"
            )
