"""Between real activations and integers, and tables that stand for real functions."""

from __future__ import annotations

from xdsl.dialects.builtin import Float32Type, IntegerType, TensorType, f32
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from vaqf.dialects.quant.formats import Format, IntType, UnsignedType, element_format
from vaqf.dialects.shapes import expect_shape, shape_of

FloatTensor = TensorType[Float32Type]

EXPONENTIAL_ENTRIES = 256
"""Steps of the exponential table within one octave."""

EXPONENTIAL_FRACTION_BITS = 15
"""The table holds `2^-fraction` in units of `2^-15`; its largest entry is `2^15`."""

MAXIMUM_GELU_SEGMENTS = 1024
"""Above this many input values, the GELU table is interpolated."""


def gelu_table_entries(bits: int) -> int:
    """
    Number of entries of the GELU table for an input of `bits` bits.

    Up to 10 bits there is one entry an input value. Above, 1,024 equal segments are interpolated,
    and one more entry ends the last segment.
    """
    if 1 << bits <= MAXIMUM_GELU_SEGMENTS:
        return 1 << bits
    return MAXIMUM_GELU_SEGMENTS + 1


def gelu_table_width(output: Format) -> int:
    """Width of the entries of a table: as wide as `output`, and two bits for -1 and +1."""
    return max(2, output.bits.data)


def expect_table(table: SSAValue, input: Format, output: Format) -> None:
    """
    Check the table of a function from one format to another.

    Raises:
        VerifyException: for another number of entries, or entries of another width.
    """
    expect_shape("table", table, (gelu_table_entries(input.bits.data),))
    assert isa(table.type, TensorType[IntegerType])
    width = table.type.element_type.width.data
    if width != (expected := gelu_table_width(output)):
        raise VerifyException(f"'table' has entries of {width} bits, expected {expected}")


@irdl_op_definition
class QuantizeOp(IRDLOperation):
    """
    Round real values to a number format: `clamp(floor(input / scale + 1/2))`.

    In the one-bit format values that are not negative become +1, the others -1.

    ```mlir
    %integers = quant.quantize %x : tensor<197x192xf32> -> tensor<197x192x!quant.int<8, 0.03125>>
    ```
    """

    name = "quant.quantize"

    input = operand_def(FloatTensor)
    """Any shape."""

    result = result_def(TensorType[IntType] | TensorType[UnsignedType])
    """Same shape as `input`; the element type is the format."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, format: Format):
        super().__init__(operands=[input], result_types=[TensorType(format, shape_of(input))])

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class DequantizeOp(IRDLOperation):
    """
    The real values that integers stand for: `input * scale`.

    ```mlir
    %x = quant.dequantize %integers : tensor<197x192x!quant.int<8, 0.03125>> -> tensor<197x192xf32>
    ```
    """

    name = "quant.dequantize"

    input = operand_def(TensorType[IntType] | TensorType[UnsignedType])
    """Any shape; the element type is the format."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue):
        super().__init__(operands=[input], result_types=[TensorType(f32, shape_of(input))])

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class GeluTableOp(IRDLOperation):
    """
    GELU of every input value, or of the ends of 1,024 segments of the input's range.

    ```mlir
    %table = quant.gelu_table {input = !quant.int<8, 0.0518>, output = !quant.int<8, 0.0256>}
        : tensor<256xi8>
    ```
    """

    name = "quant.gelu_table"

    input = prop_def(IntType)
    """Format of the values that are looked up."""

    output = prop_def(IntType)
    """Format of the entries."""

    table = result_def(TensorType[IntegerType])
    """Entries from the smallest input to the largest, in integers as wide as `output`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "attr-dict `:` type($table)"

    def __init__(self, input: IntType, output: IntType):
        super().__init__(
            properties={"input": input, "output": output},
            result_types=[
                TensorType(
                    IntegerType(gelu_table_width(output)), (gelu_table_entries(input.bits.data),)
                )
            ],
        )

    def verify_(self) -> None:
        expect_table(self.table, self.input, self.output)


@irdl_op_definition
class LookupOp(IRDLOperation):
    """
    Replace every value by its entry in a table, interpolating where segments have several values.

    With `k` the low bits that select within a segment (0 when every value has its entry),
    `u = input + 2^(bits - 1)`, `i = u >> k` and `f = u mod 2^k`:
    `result = table[i] + ((table[i + 1] - table[i]) * f + 2^(k - 1) >> k)`, or just `table[i]` for
    `k = 0` and for one-bit results. One-bit inputs index as `(input + 1) / 2`.

    ```mlir
    %activated = quant.lookup %hidden, %table
        : tensor<197x768x!quant.int<8, 0.0518>>, tensor<256xi8>
        -> tensor<197x768x!quant.int<8, 0.0256>>
    ```
    """

    name = "quant.lookup"

    input = operand_def(TensorType[IntType])
    """Any shape."""

    table = operand_def(TensorType[IntegerType])
    """One entry an input value, or 1,025 entries; integers as wide as `result`."""

    result = result_def(TensorType[IntType])
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $table attr-dict `:` type($input) `,` type($table) `->` type($result)"
    )

    def __init__(self, input: SSAValue, table: SSAValue, format: IntType):
        super().__init__(
            operands=[input, table], result_types=[TensorType(format, shape_of(input))]
        )

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))
        expect_table(self.table, element_format(self.input), element_format(self.result))
