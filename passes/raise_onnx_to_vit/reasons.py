"""Why single nodes cannot be raised, where the graph around them says more than they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

from xdsl.ir import Operation

from vaqf.dialects import onnx
from vaqf.passes.raise_onnx_to_vit.exported import ACTIVATIONS, ExportedGraph
from vaqf.passes.raise_onnx_to_vit.quantization import rounding_before
from vaqf.passes.raise_onnx_to_vit.recognition import Recognition
from vaqf.passes.raise_onnx_to_vit.report import domain_of, known_shape, operator_of
from vaqf.passes.raise_onnx_to_vit.signs_of_attention import (
    attention_of,
    describe_windows,
    mixes_heads,
    shifts_scores,
)
from vaqf.passes.raise_onnx_to_vit.signs_of_layers import (
    is_post_norm,
    is_safe_divisor,
    joins_layers,
)

Find = Callable[[ExportedGraph, Operation], str | None]
"""Why an operation stands in the way; None where that is not the reason."""

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
    "Pad": "it pads a tensor",
    **dict.fromkeys(("Resize", "Upsample"), "it resizes an image or feature maps"),
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
        return (
            "it normalises a residual sum that is then added to (post-norm), accepted is pre-norm"
        )
    if mixes_heads(graph, op) or shifts_scores(graph, op) or joins_layers(graph, op):
        return NO_RULE
    if operator_of(op) == "Conv" and not _reads_image(graph, op):
        return (
            "it is a convolution of feature maps, accepted is one convolution, "
            "which cuts the image into patches"
        )
    return None


def _reads_image(graph: ExportedGraph, op: Operation) -> bool:
    """Whether what a convolution reads has as many channels as an image that the model reads."""
    channels = [shape[1:-2] for each in graph.inputs if (shape := known_shape(each))]
    return op.operands[0] in graph.inputs or (known_shape(op.operands[0]) or ())[1:-2] in channels


def explain(recognition: Recognition, op: Operation) -> str | None:
    """Why an operation that failed stands in the way; None where only its rule can say."""
    if isinstance(op, onnx.OpaqueOp):
        if not op.is_root_cause:
            return None
        if op.reason is not None:
            return op.reason.data
    structure = _first(_STRUCTURES, recognition.graph, op)
    usual = OPERATOR_REASONS.get(operator_of(op)) if not domain_of(op) else None
    reason = structure or recognition.reasons.get(op)
    return reason or _first(_SINGLE_NODES, recognition.graph, op) or usual


def _first(finds: Sequence[Find], graph: ExportedGraph, op: Operation) -> str | None:
    return next((reason for find in finds if (reason := find(graph, op))), None)


def _windowed_attention(graph: ExportedGraph, op: Operation) -> str | None:
    found = attention_of(graph, op)
    if found is None or found.groups == 1:
        return None
    return f"{describe_windows(graph, op)}, accepted is attention among all tokens"


def _windowed_tokens(graph: ExportedGraph, op: Operation) -> str | None:
    """A linear layer on tokens that were brought in the order of windows."""
    if operator_of(op) not in ("MatMul", "Gemm") or graph.multiplies_activations(op):
        return None
    *leading, tokens, _ = (1, 1, *(known_shape(op.results[0]) or ()))
    groups = prod(leading)
    if groups > 1 and any(
        (each.groups, each.keys) == (groups, tokens) for each in graph.attentions
    ):
        return f"it works on {groups} windows of {tokens} tokens each, accepted are all in order"
    return None


def _weights(graph: ExportedGraph, op: Operation) -> str | None:
    """Arithmetic on weights alone, which an exporter could have done."""
    arithmetic = ("Add", "Div", "MatMul", "Mul", "Pow", "ReduceMean", "ReduceSum", "Sqrt", "Sub")
    if operator_of(op) not in arithmetic or any(map(graph.is_activation, op.operands)):
        return None
    return "it computes with weights alone, accepted are the weights that come out of it"


def _limit(graph: ExportedGraph, op: Operation) -> str | None:
    """An activation function, unless it is part of the arithmetic of shapes."""
    if operator_of(op) != "Clip" or len(known_shape(op.operands[0]) or ()) < 2:
        return None
    if is_safe_divisor(graph, op):
        return None
    return _GELU_ONLY


def _arithmetic(graph: ExportedGraph, op: Operation) -> str | None:
    """Arithmetic that is accepted with constants."""
    match operator_of(op):
        case "Sub":
            return "it subtracts activations or weights, accepted are constants"
        case "Div":
            return "it divides by activations or weights, accepted are numbers"
        case _:
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


def _rounding(graph: ExportedGraph, op: Operation) -> str | None:
    within = ("Div", "Erf", "Mul", "Pow", "ReduceMean", "Sqrt", "Sub")
    return rounding_before(op) if operator_of(op) in within else None


def _pooler(graph: ExportedGraph, op: Operation) -> str | None:
    """A tanh of a linear layer on one token."""
    if operator_of(op) != "Tanh":
        return None
    *rows, _ = known_shape(op.results[0]) or (0, 0)
    layer = op.operands[0].owner
    if prod(rows) != 1 or not isinstance(layer, onnx.GemmOp | onnx.MatMulOp | onnx.AddOp):
        return None
    return (
        "it is part of a pooler, the tanh of a linear layer: export the tokens alone, in "
        "transformers with add_pooling_layer=False"
    )


_STRUCTURES: Sequence[Find] = (_windowed_attention, _windowed_tokens, _pooler, _shift, _rounding)
"""Reasons that say more than what a model is known by."""

_SINGLE_NODES: Sequence[Find] = (_weights, _limit, _arithmetic)
"""Reasons where no more is known."""
