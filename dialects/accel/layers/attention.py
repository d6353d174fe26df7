"""Attention."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
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

from vaqf.dialects.accel.layers.common import expect_matrix, expect_probability_bits
from vaqf.dialects.accel.layers.epilogues import BITS_WIDTH
from vaqf.dialects.accel.memory import (
    DRAM,
    expect_space,
)
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES
from vaqf.dialects.quant.attention import expect_probability_shift
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.weights import expect_shift
from vaqf.dialects.shapes import expect_shape, shape_of


@irdl_op_definition
class AttentionOp(IRDLOperation):
    """
    Scores, softmax and mixing of values for all heads, or for some that follow each other.

    ```mlir
    accel.attention %query, %key, %value, %exponentials, %softmax_multiplier, %value_multiplier
        to %mixed {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64,
        value_shift = 24 : i64}
        : memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>,
          memref<197x192xi8, #accel.onchip>, memref<256xi17, #accel.dram>,
          memref<197x192xi8, #accel.onchip>
    accel.attention %query, %key, %value, %exponentials, %softmax_multiplier, %value_multiplier
        to %mixed heads(%c2, %c1) {heads = 3 : i64, probability_bits = 8 : i64,
        softmax_shift = 17 : i64, value_shift = 24 : i64}
        : memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>,
          memref<197x192xi8, #accel.onchip>, memref<256xi17, #accel.dram>,
          memref<197x192xi8, #accel.onchip>
    ```
    """

    name = "accel.attention"

    query = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    key = operand_def(MemRefType[IntegerType])
    """Same type as `query`."""

    value = operand_def(MemRefType[IntegerType])
    """Same type as `query`."""

    exponentials = operand_def(MemRefType[IntegerType])
    """One octave of exponentials, `i17`."""

    softmax_multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Step of a score in units of `2^(softmax_shift - 8)` octaves."""

    value_multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Requantization of the mixed values."""

    result = operand_def(MemRefType[IntegerType])
    """Same shape as `query`, in a width of its own."""

    probability_multiplier = opt_operand_def(IntegerType(MULTIPLIER_BITS))
    """With `probability_shift`, `2^-bits` in units of a probability; absent means 1."""

    bits = opt_operand_def(IntegerType(BITS_WIDTH))
    """Width of the values of `result`, at least 2; absent when it is that of its elements."""

    first_head = opt_operand_def(IndexType)
    """With `head_count`, the first of the heads that are computed; absent for all heads."""

    head_count = opt_operand_def(IndexType)
    """How many heads are computed."""

    heads = prop_def(IntegerAttr.constr(i64))
    """Number of heads; it divides the channels."""

    probability_bits = prop_def(IntegerAttr.constr(i64))
    """Width of a probability, 1 to 16."""

    softmax_shift = prop_def(IntegerAttr.constr(i64))
    """Right shift of a score's distance from the maximum."""

    value_shift = prop_def(IntegerAttr.constr(i64))
    """Right shift of the mixed values."""

    probability_shift = opt_prop_def(IntegerAttr.constr(i64))
    """1 to 29; absent when `probability_multiplier` is."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$query `,` $key `,` $value `,` $exponentials `,` $softmax_multiplier `,` "
        "$value_multiplier (`probability` $probability_multiplier^)? `to` $result "
        "(`bits` $bits^)? (`heads` `(` $first_head^ `,` $head_count `)`)? attr-dict `:` "
        "type($query) `,` type($key) `,` type($value) `,` type($exponentials) `,` type($result)"
    )

    def __init__(
        self,
        query: SSAValue,
        key: SSAValue,
        value: SSAValue,
        exponentials: SSAValue,
        softmax_multiplier: SSAValue,
        value_multiplier: SSAValue,
        result: SSAValue,
        probability_multiplier: SSAValue | None = None,
        bits: SSAValue | None = None,
        some_heads: tuple[SSAValue, SSAValue] | None = None,
        *,
        heads: int,
        probability_bits: int,
        softmax_shift: int,
        value_shift: int,
        probability_shift: int | None = None,
    ):
        super().__init__(
            operands=[
                query,
                key,
                value,
                exponentials,
                softmax_multiplier,
                value_multiplier,
                result,
                probability_multiplier,
                bits,
                *(some_heads or (None, None)),
            ],
            properties={
                "heads": IntegerAttr(heads, i64),
                "probability_bits": IntegerAttr(probability_bits, i64),
                "softmax_shift": IntegerAttr(softmax_shift, i64),
                "value_shift": IntegerAttr(value_shift, i64),
                "probability_shift": (
                    None if probability_shift is None else IntegerAttr(probability_shift, i64)
                ),
            },
        )

    def verify_(self) -> None:
        expect_matrix("query", self.query)
        for name, value in (("key", self.key), ("value", self.value)):
            if value.type != self.query.type:
                raise VerifyException(f"'{name}' is {value.type}, expected {self.query.type}")
        expect_matrix("result", self.result)
        expect_shape("result", self.result, shape_of(self.query))
        expect_shape("exponentials", self.exponentials, (EXPONENTIAL_ENTRIES,))
        expect_space("exponentials", self.exponentials, DRAM)
        channels, heads = shape_of(self.query)[1], self.heads.value.data
        if heads < 1 or channels % heads:
            raise VerifyException(f"'heads' is {heads}, it must divide the {channels} channels")
        expect_probability_bits("probability_bits", self.probability_bits)
        expect_shift(self.softmax_shift.value.data)
        expect_shift(self.value_shift.value.data)
        if (self.probability_multiplier is None) != (self.probability_shift is None):
            raise VerifyException(
                "'probability_multiplier' and 'probability_shift' are needed together"
            )
        if (self.first_head is None) != (self.head_count is None):
            raise VerifyException("'first_head' and 'head_count' are needed together")
        if self.probability_shift is not None:
            expect_probability_shift(self.probability_shift.value.data)
