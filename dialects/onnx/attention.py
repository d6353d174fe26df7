"""Attention as one operation, as opset 23 has it."""

from __future__ import annotations

from math import sqrt

from xdsl.dialects.builtin import FloatAttr, IntegerAttr, TensorType, f32, i1
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import INTEGER, FloatTensor, broadcast, expect_elements
from vaqf.dialects.shapes import expect_shape, shape_of

Heads = tuple[int, int, int, int]
"""Batch, heads, tokens, and channels of a head."""


@irdl_op_definition
class AttentionOp(IRDLOperation):
    """
    `softmax(scale * query x key^T + mask) x value` for each head
    (Vaswani et al., 2017, equation 1).

    Of what ONNX allows, these are not here: causal attention, softly limited scores, keys and
    values from earlier calls, fewer heads for keys than for queries.

    ```mlir
    %y = onnx.Attention %query, %key, %value {scale = 0.125 : f32}
        : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>)
        -> tensor<1x3x197x64xf32>
    %z = onnx.Attention %q, %k, %v {q_num_heads = 3 : i64, kv_num_heads = 3 : i64}
        : (tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>)
        -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Attention"

    query = operand_def(FloatTensor)
    """Batch x heads x tokens x head size, or batch x tokens x channels."""

    key = operand_def(FloatTensor)
    """As `query`; other tokens."""

    value = operand_def(FloatTensor)
    """As `key`; any head size."""

    mask = opt_operand_def(TensorType)
    """
    Broadcasts to batch x heads x query tokens x key tokens. Real values are added to the scores;
    where a condition does not hold, the token gets no attention.
    """

    scale = opt_prop_def(FloatAttr.constr(f32))
    """Factor on the scores; when not given, one by the square root of the head size."""

    q_num_heads = opt_prop_def(INTEGER)
    """Heads of `query`; given when it has three dimensions."""

    kv_num_heads = opt_prop_def(INTEGER)
    """Heads of `key` and `value`, as many as `query` has; given when they have three dimensions."""

    result = result_def(FloatTensor)
    """As `query`, with the head size of `value`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$query `,` $key `,` $value (`mask` $mask^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    @property
    def has_head_dimension(self) -> bool:
        """Whether heads have a dimension of their own, or are channels side by side."""
        return len(shape_of(self.query)) == 4

    @property
    def factor(self) -> float:
        """Factor on the scores."""
        return self.scale.value.data if self.scale is not None else 1 / sqrt(self.shapes[0][3])

    @property
    def shapes(self) -> tuple[Heads, Heads, Heads]:
        """
        Batch, heads, tokens and head size of `query`, `key` and `value`.

        Raises:
            VerifyException: when these are not known.
        """
        return (
            _split("query", self.query, "q_num_heads", self.q_num_heads),
            _split("key", self.key, "kv_num_heads", self.kv_num_heads),
            _split("value", self.value, "kv_num_heads", self.kv_num_heads),
        )

    def verify_(self) -> None:
        query, key, value = self.shapes
        ranks = [len(shape_of(each)) for each in (self.query, self.key, self.value)]
        if len(set(ranks)) > 1:
            raise VerifyException(
                "'query', 'key' and 'value' have ranks "
                f"{ranks[0]}, {ranks[1]} and {ranks[2]}, expected one"
            )
        batch, heads, tokens, size = query
        for name, each, expected in (
            ("key", key, (batch, heads, key[2], size)),
            ("value", value, (batch, heads, key[2], value[3])),
        ):
            if each[1] != heads:
                raise VerifyException(
                    f"'{name}' has {each[1]} heads, expected {heads} as 'query' has"
                )
            if each != expected:
                raise VerifyException(f"'{name}' has shape {each}, expected {expected}")
        if self.mask is not None:
            expect_elements("mask", self.mask, (f32, i1))
            scores, mask = (batch, heads, tokens, key[2]), shape_of(self.mask)
            if broadcast(mask, scores) != scores:
                raise VerifyException(f"'mask' has shape {mask}, expected to fit {scores}")
        expected = (
            (batch, heads, tokens, value[3])
            if self.has_head_dimension
            else (batch, tokens, heads * value[3])
        )
        expect_shape("result", self.result, expected)


def _split(name: str, value: SSAValue, count_name: str, count: IntegerAttr | None) -> Heads:
    """Batch, heads, tokens and head size of an operand, whose heads may be channels."""
    rank = len(shape := shape_of(value))
    if rank == 4:
        return shape[0], shape[1], shape[2], shape[3]
    if rank != 3:
        raise VerifyException(f"'{name}' has rank {rank}, expected 3 or 4")
    if count is None:
        raise VerifyException(f"'{name}' has rank 3, but '{count_name}' is not given")
    if (heads := count.value.data) < 1 or shape[2] % heads:
        raise VerifyException(
            f"'{count_name}' is {heads}, it must divide the {shape[2]} channels of '{name}'"
        )
    return shape[0], heads, shape[1], shape[2] // heads
