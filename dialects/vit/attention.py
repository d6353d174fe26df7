"""Attention between tokens."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    AnyFloat,
    FloatAttr,
    IntegerAttr,
    TensorType,
    f32,
    i64,
)
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

from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit.base import FloatTensor


def expect_heads(channels: int, heads: int) -> None:
    """
    Check that channels divide into heads.

    Raises:
        VerifyException: when they do not.
    """
    if heads < 1 or channels % heads:
        raise VerifyException(f"'heads' is {heads}, it must divide the {channels} channels")


@irdl_op_definition
class AttentionScoresOp(IRDLOperation):
    """
    Compare every query with every key: `scale * query x transpose(key)`, head by head
    (Vaswani et al., 2017, equation 1). Head `h` has the channels `h * d` to `(h + 1) * d`.

    ```mlir
    %scores = vit.attention_scores %query, %key {heads = 3 : i64, scale = 0.125 : f64}
        : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<3x197x197xf32>
    ```
    """

    name = "vit.attention_scores"

    query = operand_def(FloatTensor)
    """Tokens x channels."""

    key = operand_def(FloatTensor)
    """Tokens x channels."""

    heads = prop_def(IntegerAttr.constr(i64))
    """Number of heads; it divides the channels."""

    scale = prop_def(FloatAttr[AnyFloat])
    """Factor on the products, positive; usually one over the root of the channels of a head."""

    result = result_def(FloatTensor)
    """Heads x query tokens x key tokens."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$query `,` $key attr-dict `:` type($query) `,` type($key) `->` type($result)"

    def __init__(self, query: SSAValue, key: SSAValue, heads: int, scale: float):
        super().__init__(
            operands=[query, key],
            properties={"heads": IntegerAttr(heads, i64), "scale": FloatAttr(scale, 64)},
            result_types=[TensorType(f32, (heads, shape_of(query)[0], shape_of(key)[0]))],
        )

    def verify_(self) -> None:
        tokens, channels = expect_rank("query", self.query, 2, "tokens x channels")
        keys, key_channels = expect_rank("key", self.key, 2, "tokens x channels")
        heads = self.heads.value.data
        if key_channels != channels:
            raise VerifyException(f"'key' has {key_channels} channels, expected {channels}")
        expect_heads(channels, heads)
        expect_shape("result", self.result, (heads, tokens, keys))
        if not self.scale.value.data > 0:
            raise VerifyException(f"'scale' is {self.scale.value.data}, it must be positive")


@irdl_op_definition
class SoftmaxOp(IRDLOperation):
    """
    Turn each row of scores into probabilities: `exp(input) / sum(exp(input))` over the last
    dimension.

    ```mlir
    %probabilities = vit.softmax %scores : tensor<3x197x197xf32> -> tensor<3x197x197xf32>
    ```
    """

    name = "vit.softmax"

    input = operand_def(FloatTensor)
    """Heads x query tokens x key tokens."""

    result = result_def(FloatTensor)
    """Same shape; every row sums to one."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue):
        super().__init__(operands=[input], result_types=[input.type])

    def verify_(self) -> None:
        expect_rank("input", self.input, 3, "heads x query tokens x key tokens")
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class AttentionValuesOp(IRDLOperation):
    """
    Mix values by their probabilities, head by head, and put the heads side by side again.

    ```mlir
    %mixed = vit.attention_values %probabilities, %value
        : tensor<3x197x197xf32>, tensor<197x192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.attention_values"

    probabilities = operand_def(FloatTensor)
    """Heads x query tokens x key tokens."""

    value = operand_def(FloatTensor)
    """Key tokens x channels."""

    result = result_def(FloatTensor)
    """Query tokens x channels."""

    traits = traits_def(Pure())

    assembly_format = (
        "$probabilities `,` $value attr-dict `:` "
        "type($probabilities) `,` type($value) `->` type($result)"
    )

    def __init__(self, probabilities: SSAValue, value: SSAValue):
        super().__init__(
            operands=[probabilities, value],
            result_types=[TensorType(f32, (shape_of(probabilities)[1], shape_of(value)[1]))],
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
