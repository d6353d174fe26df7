"""Attention in integers."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IntegerAttr,
    IntegerType,
    TensorType,
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
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.quant.accumulators import (
    AccumulatorTensor,
    IntTensor,
    expect_accumulator,
    expect_multipliable,
    expect_multiplier,
)
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES, EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import (
    UnsignedType,
    accumulator_type,
    element_format,
    element_of,
)
from vaqf.dialects.quant.weights import expect_integers, expect_shift
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit import expect_heads

MAXIMUM_PROBABILITY_SHIFT = 2 * EXPONENTIAL_FRACTION_BITS - 1
"""What is divided by the sum of a row is then still a whole number."""


@irdl_op_definition
class AttentionScoresOp(IRDLOperation):
    """
    Sums of products of every query with every key, head by head, exactly.

    ```mlir
    %scores = quant.attention_scores %query, %key {heads = 3 : i64}
        : tensor<197x192x!quant.int<8, 0.05>>, tensor<197x192x!quant.int<8, 0.04>>
        -> tensor<3x197x197xi22>
    ```
    """

    name = "quant.attention_scores"

    query = operand_def(IntTensor)
    """Tokens x channels; head `h` has the channels `h * d` to `(h + 1) * d`."""

    key = operand_def(IntTensor)
    """Tokens x channels."""

    heads = prop_def(IntegerAttr.constr(i64))
    """Number of heads; it divides the channels."""

    result = result_def(AccumulatorTensor)
    """Heads x query tokens x key tokens, exactly as wide as the sums can need."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$query `,` $key attr-dict `:` type($query) `,` type($key) `->` type($result)"

    def __init__(self, query: SSAValue, key: SSAValue, heads: int):
        tokens, channels = shape_of(query)
        accumulator = accumulator_type(channels // heads, element_of(query), element_of(key))
        super().__init__(
            operands=[query, key],
            properties={"heads": IntegerAttr(heads, i64)},
            result_types=[TensorType(accumulator, (heads, tokens, shape_of(key)[0]))],
        )

    def verify_(self) -> None:
        tokens, channels = expect_rank("query", self.query, 2, "tokens x channels")
        keys, key_channels = expect_rank("key", self.key, 2, "tokens x channels")
        heads = self.heads.value.data
        if key_channels != channels:
            raise VerifyException(f"'key' has {key_channels} channels, expected {channels}")
        expect_heads(channels, heads)
        expect_shape("result", self.result, (heads, tokens, keys))
        expect_accumulator(self.result, channels // heads, self.query, self.key)


@irdl_op_definition
class ExponentialTableOp(IRDLOperation):
    """
    One octave of `2^-x`: entry `i` is `round(2^15 * 2^(-i / 256))`.

    ```mlir
    %table = quant.exponential_table : tensor<256xi17>
    ```
    """

    name = "quant.exponential_table"

    table = result_def(TensorType[IntegerType])
    """256 entries, from `2^15` down."""

    traits = traits_def(Pure())

    assembly_format = "attr-dict `:` type($table)"

    def __init__(self):
        super().__init__(
            result_types=[
                TensorType(IntegerType(EXPONENTIAL_FRACTION_BITS + 2), (EXPONENTIAL_ENTRIES,))
            ]
        )

    def verify_(self) -> None:
        expect_shape("table", self.table, (EXPONENTIAL_ENTRIES,))
        expect_integers("table", self.table, EXPONENTIAL_FRACTION_BITS + 2)


def expect_probability_shift(shift: int) -> None:
    """
    Check the shift of a multiplier for the scale of probabilities.

    Raises:
        VerifyException: outside of 1 to 29.
    """
    if not 1 <= shift <= MAXIMUM_PROBABILITY_SHIFT:
        raise VerifyException(
            f"'probability_shift' is {shift}, accepted range is [1, {MAXIMUM_PROBABILITY_SHIFT}]"
        )


@irdl_op_definition
class SoftmaxOp(IRDLOperation):
    """
    Probabilities of the keys of each query, in integers.

    In each row: `z = (maximum - score) * multiplier + 2^(shift - 1) >> shift` counts steps of
    `2^-8` octaves below the maximum; `e = table[z mod 256] >> (z / 256)`; one reciprocal a row,
    `inverse = 2^(30 + L) / sum(e)` with `2^L >= keys`; and
    `result = min((e * inverse + half) >> (30 + L - bits), 2^bits - 1)`. For another scale than
    `2^-bits`, `probability_multiplier * 2^(30 + L - probability_shift)` is divided by the sum.

    ```mlir
    %probabilities = quant.softmax %scores, %table {multiplier = 94548 : i64, shift = 17 : i64}
        : tensor<3x197x197xi22>, tensor<256xi17> -> tensor<3x197x197x!quant.uint<8, 0.00390625>>
    ```
    """

    name = "quant.softmax"

    input = operand_def(AccumulatorTensor)
    """Heads x query tokens x key tokens."""

    table = operand_def(TensorType[IntegerType])
    """One octave of exponentials."""

    multiplier = prop_def(IntegerAttr.constr(i64))
    """0 to 2^17 - 1; with `shift`, the step of a score in units of `2^-8` octaves."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift, 1 to 47."""

    probability_multiplier = opt_prop_def(IntegerAttr.constr(i64))
    """1 to 2^17 - 1; with `probability_shift`, `2^-bits` in steps of the result."""

    probability_shift = opt_prop_def(IntegerAttr.constr(i64))
    """1 to 29; absent when `probability_multiplier` is."""

    result = result_def(TensorType[UnsignedType])
    """Same shape as `input`; the scale is `2^-bits` unless there is a multiplier for it."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $table attr-dict `:` type($input) `,` type($table) `->` type($result)"
    )

    def __init__(
        self,
        input: SSAValue,
        table: SSAValue,
        *,
        multiplier: int,
        shift: int,
        format: UnsignedType,
        probability: tuple[int, int] | None = None,
    ):
        """
        Args:
            input: scores.
            table: one octave of exponentials.
            multiplier: with `shift`, the step of a score.
            shift: right shift.
            format: of the probabilities.
            probability: multiplier and shift for a scale of the format that is not `2^-bits`.
        """
        properties = {"multiplier": multiplier, "shift": shift}
        if probability is not None:
            properties["probability_multiplier"], properties["probability_shift"] = probability
        super().__init__(
            operands=[input, table],
            properties={name: IntegerAttr(value, i64) for name, value in properties.items()},
            result_types=[TensorType(format, shape_of(input))],
        )

    def verify_(self) -> None:
        shape = expect_rank("input", self.input, 3, "heads x query tokens x key tokens")
        expect_multipliable(self.input)
        expect_shape("table", self.table, (EXPONENTIAL_ENTRIES,))
        expect_integers("table", self.table, EXPONENTIAL_FRACTION_BITS + 2)
        expect_multiplier(self.multiplier.value.data)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape)
        if (self.probability_multiplier is None) != (self.probability_shift is None):
            raise VerifyException(
                "'probability_multiplier' and 'probability_shift' are needed together"
            )
        format = element_format(self.result)
        if self.probability_multiplier is not None and self.probability_shift is not None:
            if self.probability_multiplier.value.data == 0:
                raise VerifyException("'probability_multiplier' is 0, expected at least 1")
            expect_multiplier(self.probability_multiplier.value.data)
            expect_probability_shift(self.probability_shift.value.data)
        elif format.scale.data != 2.0**-format.bits.data:
            raise VerifyException(
                f"'result' has scale {format.scale.data}, expected {2.0**-format.bits.data}"
            )


@irdl_op_definition
class AttentionValuesOp(IRDLOperation):
    """
    Sums of values weighted by probabilities, head by head, exactly.

    ```mlir
    %sums = quant.attention_values %probabilities, %value
        : tensor<3x197x197x!quant.uint<8, 0.00390625>>, tensor<197x192x!quant.int<8, 0.04>>
        -> tensor<197x192xi24>
    ```
    """

    name = "quant.attention_values"

    probabilities = operand_def(TensorType[UnsignedType])
    """Heads x query tokens x key tokens."""

    value = operand_def(IntTensor)
    """Key tokens x channels."""

    result = result_def(AccumulatorTensor)
    """Query tokens x channels, exactly as wide as the sums can need."""

    traits = traits_def(Pure())

    assembly_format = (
        "$probabilities `,` $value attr-dict `:` "
        "type($probabilities) `,` type($value) `->` type($result)"
    )

    def __init__(self, probabilities: SSAValue, value: SSAValue):
        _, tokens, keys = shape_of(probabilities)
        accumulator = accumulator_type(keys, element_of(probabilities), element_of(value))
        super().__init__(
            operands=[probabilities, value],
            result_types=[TensorType(accumulator, (tokens, shape_of(value)[1]))],
        )

    def verify_(self) -> None:
        heads, tokens, keys = expect_rank(
            "probabilities", self.probabilities, 3, "heads x query tokens x key tokens"
        )
        values, channels = expect_rank("value", self.value, 2, "tokens x channels")
        if values != keys:
            raise VerifyException(f"'value' has {values} tokens, expected {keys}")
        expect_heads(channels, heads)
        expect_shape("result", self.result, (tokens, channels))
        expect_accumulator(self.result, keys, self.probabilities, self.value)
