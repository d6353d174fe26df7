"""What attention as one operation means, in `float32`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)

from vaqf.dialects.onnx.attention import AttentionOp
from vaqf.dialects.shapes import shape_of

Floats = NDArray[np.float32]


def attention(
    query: Floats,
    key: Floats,
    value: Floats,
    scale: float,
    mask: Floats | NDArray[np.bool_] | None = None,
) -> Floats:
    """
    `softmax(scale * query x key^T + mask) x value`.

    A query that a mask hides every key from gets zeros.

    Args:
        query: batch x heads x query tokens x head size.
        key: batch x heads x key tokens x head size.
        value: batch x heads x key tokens x head size.
        scale: factor on the scores.
        mask: broadcasts to the scores; added to them, or where it is False, they are hidden.
    """
    scores = np.float32(scale) * (query @ np.swapaxes(key, -1, -2))
    if mask is not None and mask.dtype == np.bool_:
        scores = np.where(mask, scores, np.float32(-np.inf))
    elif mask is not None:
        scores = scores + mask
    largest = scores.max(axis=-1, keepdims=True)
    largest[np.isneginf(largest)] = 0
    exponentials: Floats = np.exp(scores - largest)
    sums = exponentials.sum(axis=-1, keepdims=True)
    sums[sums == 0] = 1
    probabilities = exponentials / sums
    return probabilities @ value


@register_impls
class OnnxAttentionFunctions(InterpreterFunctions):
    """Attention."""

    @impl(AttentionOp)
    def attention(
        self, interpreter: Interpreter, op: AttentionOp, args: PythonValues
    ) -> PythonValues:
        query, key, value = (
            array
            if op.has_head_dimension
            else array.reshape(batch, tokens, heads, size).swapaxes(1, 2)
            for array, (batch, heads, tokens, size) in zip(args[:3], op.shapes, strict=True)
        )
        mask = args[3] if op.mask is not None else None
        result = attention(query, key, value, op.factor, mask)
        if not op.has_head_dimension:
            result = result.swapaxes(1, 2).reshape(shape_of(op.result))
        return (result,)
