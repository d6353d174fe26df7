"""The layers of a Vision Transformer in integers. `docs/numerics.md` states each formula."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, SSAValue
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

from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES, EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    OFFSET_BITS,
    BinaryType,
    IntType,
    UnsignedType,
    accumulator_type,
    element_format,
)
from vaqf.dialects.quant.weights import expect_integers, expect_shift
from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit import expect_heads

MAXIMUM_ACCUMULATOR_BITS = 63 - (MULTIPLIER_BITS - 1)
"""The widest accumulator that can be multiplied: the product then has at most 63 bits."""

MAXIMUM_VARIANCE_BITS = 62
"""The widest variance inside a LayerNorm: its root is taken in 63 bits."""

IntTensor = TensorType[IntType]
AccumulatorTensor = TensorType[IntegerType]


def element_of(value: SSAValue) -> Attribute:
    """The element type of a tensor that the constraints of an op have already checked."""
    assert isa(value.type, TensorType[Attribute])
    return value.type.element_type


def expect_accumulator(value: SSAValue, count: int, left: SSAValue, right: SSAValue) -> None:
    """
    Check that an accumulator has exactly the width that its sums can need.

    Raises:
        VerifyException: when it is narrower or wider.
    """
    expected = accumulator_type(count, element_of(left), element_of(right))
    if (actual := element_of(value)) != expected:
        raise VerifyException(
            f"'result' has elements {actual}, expected {expected} for {count} products"
        )


def expect_multiplier(multiplier: int) -> None:
    """
    Check a requantization multiplier that is an attribute.

    Raises:
        VerifyException: outside of 0 to 2^17 - 1.
    """
    largest = (1 << (MULTIPLIER_BITS - 1)) - 1
    if not 0 <= multiplier <= largest:
        raise VerifyException(f"'multiplier' is {multiplier}, accepted range is [0, {largest}]")


def expect_multipliable(accumulators: SSAValue) -> None:
    """
    Check that accumulators times a multiplier need no more than 63 bits.

    Raises:
        VerifyException: when they have more than 46 bits.
    """
    assert isa(accumulators.type, AccumulatorTensor)
    bits = accumulators.type.element_type.width.data
    if bits > MAXIMUM_ACCUMULATOR_BITS:
        raise VerifyException(
            f"'input' has {bits} bits, accepted range is [1, {MAXIMUM_ACCUMULATOR_BITS}]"
        )


@irdl_op_definition
class ExtractPatchesOp(IRDLOperation):
    """
    Cut an image into patches, each a row of its pixels in the order colour, row, column.

    ```mlir
    %patches = quant.extract_patches %image {patch = array<i64: 16, 16>}
        : tensor<3x224x224x!quant.int<8, 0.02>> -> tensor<196x768x!quant.int<8, 0.02>>
    ```
    """

    name = "quant.extract_patches"

    image = operand_def(IntTensor)
    """Colours x height x width."""

    patch = prop_def(DenseArrayBase.constr(i64))
    """Height and width of a patch, in pixels."""

    result = result_def(IntTensor)
    """Patches x pixels of a patch; patches in row-major order over the image."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$image attr-dict `:` type($image) `->` type($result)"

    def __init__(self, image: SSAValue, patch: Sequence[int]):
        colours, height, width = shape_of(image)
        patch_height, patch_width = patch
        super().__init__(
            operands=[image],
            properties={"patch": DenseArrayBase.from_list(i64, patch)},
            result_types=[
                TensorType(
                    element_of(image),
                    (
                        (height // patch_height) * (width // patch_width),
                        colours * patch_height * patch_width,
                    ),
                )
            ],
        )

    def verify_(self) -> None:
        colours, height, width = expect_rank("image", self.image, 3, "colours x height x width")
        patch = self.patch.get_values()
        if len(patch) != 2 or min(patch) < 1:
            raise VerifyException(f"'patch' is {list(patch)}, expected a height and a width")
        if height % patch[0] or width % patch[1]:
            raise VerifyException(
                f"an image of {height} x {width} does not divide into patches of "
                f"{patch[0]} x {patch[1]}"
            )
        expect_shape(
            "result",
            self.result,
            ((height // patch[0]) * (width // patch[1]), colours * patch[0] * patch[1]),
        )
        if element_of(self.result) != element_of(self.image):
            raise VerifyException(
                f"'result' has elements {element_of(self.result)}, "
                f"expected {element_of(self.image)}"
            )


@irdl_op_definition
class LinearOp(IRDLOperation):
    """
    Sums of products of activations and weights: `result = input x transpose(weight)`, exactly.

    ```mlir
    %sums = quant.linear %x, %signs
        : tensor<197x192x!quant.int<8, 0.03125>>, tensor<768x192x!quant.binary>
        -> tensor<197x768xi16>
    ```
    """

    name = "quant.linear"

    input = operand_def(IntTensor)
    """Tokens x input channels."""

    weight = operand_def(TensorType[BinaryType] | TensorType[IntegerType])
    """Output channels x input channels."""

    result = result_def(AccumulatorTensor)
    """Tokens x output channels, exactly as wide as the sums can need."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $weight attr-dict `:` type($input) `,` type($weight) `->` type($result)"
    )

    def __init__(self, input: SSAValue, weight: SSAValue):
        tokens, inputs = shape_of(input)
        accumulator = accumulator_type(inputs, element_of(input), element_of(weight))
        super().__init__(
            operands=[input, weight],
            result_types=[TensorType(accumulator, (tokens, shape_of(weight)[0]))],
        )

    def verify_(self) -> None:
        tokens, inputs = expect_rank("input", self.input, 2, "tokens x input channels")
        outputs, weight_inputs = expect_rank("weight", self.weight, 2, "output x input channels")
        if weight_inputs != inputs:
            raise VerifyException(f"'weight' has {weight_inputs} input channels, expected {inputs}")
        expect_shape("result", self.result, (tokens, outputs))
        expect_accumulator(self.result, inputs, self.input, self.weight)


@irdl_op_definition
class RequantizeOp(IRDLOperation):
    """
    Bring accumulators into a number format, channel by channel:
    `clamp(input * multiplier[c] + offset[c] >> shift)`; for a one-bit format +1 where
    `input * multiplier[c] + offset[c] >= 0`, else -1.

    The offset holds the bias and the half that makes the shift round half up.

    ```mlir
    %h = quant.requantize %sums, %multiplier, %offset {shift = 20 : i64}
        : tensor<197x768xi16>, tensor<768xi18>, tensor<768xi48>
        -> tensor<197x768x!quant.int<8, 0.0518>>
    ```
    """

    name = "quant.requantize"

    input = operand_def(AccumulatorTensor)
    """Tokens x channels."""

    multiplier = operand_def(TensorType[IntegerType])
    """`i18`, one for each channel."""

    offset = operand_def(TensorType[IntegerType])
    """`i48`, one for each channel."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift, 1 to 47."""

    result = result_def(IntTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $multiplier `,` $offset attr-dict `:` "
        "type($input) `,` type($multiplier) `,` type($offset) `->` type($result)"
    )

    def __init__(
        self,
        input: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        *,
        shift: int,
        format: IntType,
    ):
        super().__init__(
            operands=[input, multiplier, offset],
            properties={"shift": IntegerAttr(shift, i64)},
            result_types=[TensorType(format, shape_of(input))],
        )

    def verify_(self) -> None:
        shape = expect_rank("input", self.input, 2, "tokens x channels")
        expect_multipliable(self.input)
        expect_shape("multiplier", self.multiplier, shape[1:])
        expect_shape("offset", self.offset, shape[1:])
        expect_integers("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_integers("offset", self.offset, OFFSET_BITS)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape)


@irdl_op_definition
class RescaleOp(IRDLOperation):
    """
    Bring accumulators into a number format with one multiplier for all of them:
    `clamp(input * multiplier + 2^(shift - 1) >> shift)`; for a one-bit format the sign of `input`,
    with +1 for zero.

    ```mlir
    %mixed = quant.rescale %sums {multiplier = 71234 : i64, shift = 24 : i64}
        : tensor<197x192xi24> -> tensor<197x192x!quant.int<8, 0.0203>>
    ```
    """

    name = "quant.rescale"

    input = operand_def(AccumulatorTensor)
    """Any shape."""

    multiplier = prop_def(IntegerAttr.constr(i64))
    """0 to 2^17 - 1."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift, 1 to 47."""

    result = result_def(IntTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, *, multiplier: int, shift: int, format: IntType):
        super().__init__(
            operands=[input],
            properties={
                "multiplier": IntegerAttr(multiplier, i64),
                "shift": IntegerAttr(shift, i64),
            },
            result_types=[TensorType(format, shape_of(input))],
        )

    def verify_(self) -> None:
        expect_multipliable(self.input)
        expect_multiplier(self.multiplier.value.data)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class AddOp(IRDLOperation):
    """
    Add two tensors of one format and saturate: `clamp(left + right)`.

    ```mlir
    %x1 = quant.add %x0, %update : tensor<197x192x!quant.int<16, 0.001>>,
        tensor<197x192x!quant.int<16, 0.001>> -> tensor<197x192x!quant.int<16, 0.001>>
    ```
    """

    name = "quant.add"

    left = operand_def(IntTensor)
    """Any shape."""

    right = operand_def(IntTensor)
    """Same type as `left`."""

    result = result_def(IntTensor)
    """Same type as `left`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def __init__(self, left: SSAValue, right: SSAValue):
        super().__init__(operands=[left, right], result_types=[left.type])

    def verify_(self) -> None:
        for name, value in (("right", self.right), ("result", self.result)):
            if value.type != self.left.type:
                raise VerifyException(f"'{name}' is {value.type}, expected {self.left.type}")


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


@irdl_op_definition
class SoftmaxOp(IRDLOperation):
    """
    Probabilities of the keys of each query, in integers.

    In each row: `z = (maximum - score) * multiplier + 2^(shift - 1) >> shift` counts steps of
    `2^-8` octaves below the maximum; `e = table[z mod 256] >> (z / 256)`; one reciprocal a row,
    `inverse = 2^(30 + L) / sum(e)` with `2^L >= keys`; and
    `result = min((e * inverse + half) >> (30 + L - bits), 2^bits - 1)`.

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

    result = result_def(TensorType[UnsignedType])
    """Same shape as `input`; the scale is `2^-bits`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $table attr-dict `:` type($input) `,` type($table) `->` type($result)"
    )

    def __init__(self, input: SSAValue, table: SSAValue, *, multiplier: int, shift: int, bits: int):
        super().__init__(
            operands=[input, table],
            properties={
                "multiplier": IntegerAttr(multiplier, i64),
                "shift": IntegerAttr(shift, i64),
            },
            result_types=[TensorType(UnsignedType(bits, 2.0**-bits), shape_of(input))],
        )

    def verify_(self) -> None:
        shape = expect_rank("input", self.input, 3, "heads x query tokens x key tokens")
        expect_multipliable(self.input)
        expect_shape("table", self.table, (EXPONENTIAL_ENTRIES,))
        expect_integers("table", self.table, EXPONENTIAL_FRACTION_BITS + 2)
        expect_multiplier(self.multiplier.value.data)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape)
        format = element_format(self.result)
        if format.scale.data != 2.0**-format.bits.data:
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


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Normalize every token over its channels, in integers.

    With `D` channels, `sum` and `squares` of a token: `v = D * squares - sum^2 + epsilon` is the
    variance times `D^2`; its integer reciprocal square root gives `n`, the normalized value with
    `F` fraction bits; and `result = clamp(n * multiplier[c] + offset[c] >> shift)`.

    ```mlir
    %normed = quant.layer_norm %x, %multiplier, %offset {epsilon = 36 : i64, shift = 20 : i64}
        : tensor<197x192x!quant.int<16, 0.001>>, tensor<192xi18>, tensor<192xi48>
        -> tensor<197x192x!quant.int<8, 0.0312>>
    ```
    """

    name = "quant.layer_norm"

    input = operand_def(IntTensor)
    """Tokens x channels."""

    multiplier = operand_def(TensorType[IntegerType])
    """`i18`, one for each channel."""

    offset = operand_def(TensorType[IntegerType])
    """`i48`, one for each channel."""

    epsilon = prop_def(IntegerAttr.constr(i64))
    """`round(epsilon * D^2 / scale^2)` of the real epsilon, 1 to `D^2 * 2^(2 * bits - 2)`."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift, 1 to 47."""

    result = result_def(IntTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $multiplier `,` $offset attr-dict `:` "
        "type($input) `,` type($multiplier) `,` type($offset) `->` type($result)"
    )

    def __init__(
        self,
        input: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        *,
        epsilon: int,
        shift: int,
        format: IntType,
    ):
        super().__init__(
            operands=[input, multiplier, offset],
            properties={"epsilon": IntegerAttr(epsilon, i64), "shift": IntegerAttr(shift, i64)},
            result_types=[TensorType(format, shape_of(input))],
        )

    def verify_(self) -> None:
        shape = expect_rank("input", self.input, 2, "tokens x channels")
        expect_shape("multiplier", self.multiplier, shape[1:])
        expect_shape("offset", self.offset, shape[1:])
        expect_integers("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_integers("offset", self.offset, OFFSET_BITS)
        expect_shift(self.shift.value.data)
        expect_shape("result", self.result, shape)
        widths = LayerNormWidths(shape[1], element_format(self.input).bits.data)
        if widths.variance_bits > MAXIMUM_VARIANCE_BITS:
            raise VerifyException(
                f"the variance of {widths.channels} channels of {widths.bits} bits has "
                f"{widths.variance_bits} bits, accepted range is [1, {MAXIMUM_VARIANCE_BITS}]"
            )
        if not 1 <= self.epsilon.value.data <= widths.largest_epsilon:
            raise VerifyException(
                f"'epsilon' is {self.epsilon.value.data}, "
                f"accepted range is [1, {widths.largest_epsilon}]"
            )
