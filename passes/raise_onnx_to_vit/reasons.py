"""Why single nodes cannot be raised, where the graph around them says more than they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from math import prod

from xdsl.ir import Operation

from vaqf.dialects import onnx
from vaqf.passes.raise_onnx_to_vit.exported import ACTIVATIONS, ExportedGraph
from vaqf.passes.raise_onnx_to_vit.recognition import (
    describe_groups,
    is_causal_mask,
    is_gate,
    is_position_bias,
    is_post_norm,
    is_rotation,
    mixes_heads,
)
from vaqf.passes.raise_onnx_to_vit.report import domain_of, known_shape, operator_of

NO_RULE = "no operation of the vit dialect stands for it"
"""What there is to say about an operator that nothing else is known of."""

_GELU_ONLY = "it is an activation function other than GELU"
_LAYER_NORM_ONLY = "it normalises, but is no LayerNormalization"
_NO_POOLING = "it pools over windows of an image, accepted is the mean of all tokens"

OPERATOR_REASONS: Mapping[str, str] = {
    **dict.fromkeys(sorted(ACTIVATIONS - {"Erf", "Gelu", "Clip"}), _GELU_ONLY),
    **dict.fromkeys(
        (
            "BatchNormalization",
            "GroupNormalization",
            "InstanceNormalization",
            "LpNormalization",
            "LRN",
            "RMSNormalization",
            "SimplifiedLayerNormalization",
        ),
        _LAYER_NORM_ONLY,
    ),
    **dict.fromkeys(("AveragePool", "LpPool", "MaxPool"), _NO_POOLING),
    **dict.fromkeys(
        ("GlobalAveragePool", "GlobalMaxPool"),
        "it pools over an image, accepted is the mean of all tokens",
    ),
    **dict.fromkeys(("Resize", "Upsample"), "it interpolates"),
    **dict.fromkeys(("GRU", "LSTM", "RNN"), "it is recurrent"),
    **dict.fromkeys(("If", "Loop", "Scan"), "it is control flow"),
}
"""Why the nodes of operators that the vit dialect has nothing for stand in the way."""


def refuse(graph: ExportedGraph, op: Operation) -> str | None:
    """
    Why an operation stands in the way that the vit dialect may have an operation for, but that no
    plain Vision Transformer has in this place; None for all others.
    """
    if isinstance(op, onnx.OpaqueOp) and op.is_root_cause:
        return NO_RULE
    if is_post_norm(graph, op):
        return "it normalises the residual sum itself (post-norm), accepted are copies of it"
    if operator_of(op) == "Conv" and not _reads_image(graph, op):
        return (
            "it is a convolution of feature maps, accepted is one convolution, "
            "which cuts the image into patches"
        )
    return None


def _reads_image(graph: ExportedGraph, op: Operation) -> bool:
    """Whether what an operation reads is an input of the model, or as large as one."""
    sizes = known_shape(op.operands[0])
    return op.operands[0] in graph.inputs or sizes in map(known_shape, graph.inputs)


def explain(graph: ExportedGraph, op: Operation) -> str | None:
    """Why an operation that failed stands in the way; None where only its rule can say."""
    if isinstance(op, onnx.OpaqueOp):
        if not op.is_root_cause:
            return None
        if op.reason is not None:
            return op.reason.data
    structural = (reason for find in _STRUCTURES if (reason := find(graph, op)))
    usual = OPERATOR_REASONS.get(operator_of(op)) if not domain_of(op) else None
    return next(chain(structural, filter(None, [usual])), None)


def _windowed_attention(graph: ExportedGraph, op: Operation) -> str | None:
    found = next((each for each in graph.attentions if each.product is op), None)
    if found is None or found.groups == 1:
        return None
    return f"{describe_groups(found)}, accepted is attention among all tokens"


def _windowed_values(graph: ExportedGraph, op: Operation) -> str | None:
    """A product of probabilities and values, or a linear, in windows of tokens."""
    if operator_of(op) not in ("MatMul", "Gemm", "LayerNormalization"):
        return None
    *leading, tokens, _ = (1, 1, *(known_shape(op.results[0]) or ()))
    groups = prod(leading[:-1]) if graph.multiplies_activations(op) else prod(leading)
    if groups > 1 and any(
        (each.groups, each.keys) == (groups, tokens) for each in graph.attentions
    ):
        return f"it works on {groups} windows of {tokens} tokens each, accepted are all in order"
    return None


def _position_bias(graph: ExportedGraph, op: Operation) -> str | None:
    if not is_position_bias(graph, op):
        return None
    return "it adds a relative position bias to attention scores, accepted are scores alone"


def _mask(graph: ExportedGraph, op: Operation) -> str | None:
    if is_causal_mask(graph, op):
        return "it hides the tokens that follow (a causal mask), accepted are scores alone"
    if op in graph.score_operations and operator_of(op) in ("Add", "Where"):
        return "it masks attention scores, accepted are scores alone"
    return None


def _talking_heads(graph: ExportedGraph, op: Operation) -> str | None:
    if op in graph.score_operations and mixes_heads(op):
        return "it mixes the attention scores of all heads (talking heads)"
    return None


def _rotation(graph: ExportedGraph, op: Operation) -> str | None:
    return "it is part of a rotary position embedding" if is_rotation(graph, op) else None


def _gate(graph: ExportedGraph, op: Operation) -> str | None:
    if is_gate(graph, op):
        return "it multiplies activations by others (a gate), accepted is a factor for each channel"
    return None


def _shift(graph: ExportedGraph, op: Operation) -> str | None:
    """A cyclic shift is written as two slices, concatenated the other way round."""
    if operator_of(op) != "Concat" or len(op.operands) != 2:
        return None
    owners = [each.owner for each in op.operands]
    slices = [each for each in owners if isinstance(each, onnx.SliceOp)]
    if len(slices) == 2 and slices[0].input is slices[1].input:
        return "it shifts an image cyclically, as shifted windows do"
    return None


_STRUCTURES: Sequence[Callable[[ExportedGraph, Operation], str | None]] = (
    _windowed_attention,
    _windowed_values,
    _position_bias,
    _mask,
    _talking_heads,
    _rotation,
    _gate,
    _shift,
)
