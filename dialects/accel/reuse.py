"""Matrices that share storage."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerType, MemRefType
from xdsl.ir import SSAValue
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.memory import (
    ONCHIP,
    buffer_type,
    element_width,
    expect_space,
    expect_width,
)
from vaqf.dialects.shapes import expect_rank


@irdl_op_definition
class ReuseOp(IRDLOperation):
    """
    A matrix in the storage of another one, which holds nothing that is needed meanwhile.

    ```mlir
    %patches = accel.reuse %hidden
        : memref<197x768xi8, #accel.onchip> -> memref<196x192xi8, #accel.onchip>
    ```
    """

    name = "accel.reuse"

    storage = operand_def(MemRefType[IntegerType])
    """Tokens x channels, on chip."""

    matrix = result_def(MemRefType[IntegerType])
    """Its first rows and channels."""

    traits = traits_def(Pure())

    assembly_format = "$storage attr-dict `:` type($storage) `->` type($matrix)"

    def __init__(self, storage: SSAValue, tokens: int, channels: int):
        type = buffer_type(element_width(storage), (tokens, channels), ONCHIP)
        super().__init__(operands=[storage], result_types=[type])

    def verify_(self) -> None:
        storage = expect_rank("storage", self.storage, 2, "tokens x channels")
        matrix = expect_rank("matrix", self.matrix, 2, "tokens x channels")
        expect_space("storage", self.storage, ONCHIP)
        expect_space("matrix", self.matrix, ONCHIP)
        expect_width("matrix", self.matrix, element_width(self.storage))
        if matrix[0] > storage[0] or matrix[1] > storage[1]:
            raise VerifyException(f"'matrix' has shape {matrix}, 'storage' only {storage}")
