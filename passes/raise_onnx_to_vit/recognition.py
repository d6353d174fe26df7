"""
What a model is known by when it is no plain Vision Transformer.

Each sign is a small predicate on the graph: it says what it has found and where, or nothing. None
decides what can be raised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.ir import Operation, OpResult, SSAValue

from vaqf.passes.raise_onnx_to_vit.exported import (
    ACTIVATIONS,
    ELEMENTWISE,
    MOVES,
    Attention,
    ExportedGraph,
    constant_of,
    number_in,
)
from vaqf.passes.raise_onnx_to_vit.report import Recognized, known_shape, node_of, operator_of

_MASKED = -1e4
"""Scores that a mask adds this to, or less, count as hidden."""


@dataclass(frozen=True)
class Sign:
    """Something that tells one kind of model from another."""

    name: str
    """What the literature calls it, and a model that has it."""

    find: Callable[[ExportedGraph], str | None]
    """What of it is in a graph, and where; None when nothing is."""


def recognize(graph: ExportedGraph) -> list[Recognized]:
    """Everything that a graph is known by."""
    found = ((sign.name, sign.find(graph)) for sign in SIGNS)
    return [Recognized(name, because) for name, because in found if because is not None]


def _at(ops: Sequence[Operation]) -> str:
    """Where operations are, by the first of them."""
    return f"at {node_of(ops[0])}" + (f" and {len(ops) - 1} more" if len(ops) > 1 else "")


# Attention


def describe_groups(attention: Attention) -> str:
    """What attention within groups of tokens does."""
    return f"attention within {attention.groups} windows of {attention.keys} tokens each"


def _windows(graph: ExportedGraph) -> str | None:
    windowed = [each for each in graph.attentions if each.groups > 1]
    if not windowed:
        return None
    return f"{describe_groups(windowed[0])}, {_at([each.product for each in windowed])}"


def is_position_bias(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation adds a weight for each head, query and key to attention scores."""
    if op not in graph.score_operations or operator_of(op) != "Add":
        return False
    shapes = [known_shape(each) for each in op.operands if not graph.is_activation(each)]
    return any(
        shape is not None
        and len(shape) >= 3
        and min(shape[-3:]) > 1
        and any(each.heads == shape[-3] for each in graph.attentions if op in each.path)
        and all(constant_of(each) is None for each in op.operands)
        for shape in shapes
    )


def _position_bias(graph: ExportedGraph) -> str | None:
    ops = [op for op in graph.ops if is_position_bias(graph, op)]
    return (
        f"a weight for each head, query and key is added to attention scores, {_at(ops)}"
        if (ops)
        else None
    )


def is_causal_mask(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation hides the keys that follow a query."""
    if op not in graph.score_operations or operator_of(op) not in ("Add", "Where"):
        return False
    for value in op.operands:
        array = constant_of(value)
        if array is None or array.ndim < 2 or array.shape[-1] != array.shape[-2]:
            continue
        size = array.shape[-1]
        mask = array.reshape(-1, size, size)[0]
        # A condition picks scores where it is true, or where it is false.
        shown = mask if mask.dtype == np.bool_ else mask > _MASKED
        causal = np.tri(size, dtype=np.bool_)
        if size > 1 and (np.array_equal(shown, causal) or np.array_equal(shown, ~causal)):
            return True
    return False


def _causal_mask(graph: ExportedGraph) -> str | None:
    ops = [op for op in graph.ops if is_causal_mask(graph, op)]
    if ops:
        return f"no token attends to those that follow it, {_at(ops)}"
    if triangles := [op for op in graph.ops if operator_of(op) == "Trilu"]:
        return f"a triangular mask is computed, {_at(triangles)}"
    return None


def _mask(graph: ExportedGraph) -> str | None:
    masks = [
        op
        for op in graph.score_operations
        if operator_of(op) in ("Add", "Where")
        and not is_position_bias(graph, op)
        and not is_causal_mask(graph, op)
        and any(prod_of_last_two(each) > 1 for each in op.operands if not graph.is_activation(each))
    ]
    return f"attention scores are masked, {_at(masks)}" if masks else None


def prod_of_last_two(value: SSAValue) -> int:
    """Scores that one matrix of a mask is for."""
    *_, rows, columns = (1, 1, *(known_shape(value) or ()))
    return rows * columns


def _class_attention(graph: ExportedGraph) -> str | None:
    found = [each.product for each in graph.attentions if each.queries == 1 < each.keys]
    return f"one token alone attends to all others, {_at(found)}" if found else None


def _cross_attention(graph: ExportedGraph) -> str | None:
    found = [each for each in graph.attentions if 1 < each.queries != each.keys]
    if not found:
        return None
    first = found[0]
    return (
        f"{first.queries} queries attend to {first.keys} keys, "
        f"{_at([each.product for each in found])}"
    )


def _talking_heads(graph: ExportedGraph) -> str | None:
    mixing = [op for op in graph.ops if op in graph.score_operations and mixes_heads(op)]
    return f"the scores of all heads are mixed by a weight, {_at(mixing)}" if mixing else None


def mixes_heads(op: Operation) -> bool:
    """Whether an operation on attention scores multiplies them by a weight."""
    return operator_of(op) in ("MatMul", "Gemm")


def is_rotation(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation negates one half of some activations, to put it beside the other."""
    is_product = operator_of(op) == "Mul" and number_in(op) == -1.0
    negates = is_product or operator_of(op) == "Neg"
    if not negates or not any(map(graph.is_activation, op.operands)):
        return False
    moves = MOVES | {"Identity"}
    picks = {"Slice", "Split", "Gather"}
    above = (each for value in op.operands for each in graph.above(value, moves - picks))
    below = (operator_of(each) for each in graph.below(op.results[0], moves))
    return any(operator_of(each) in picks for each in above) and "Concat" in below


def _rotary(graph: ExportedGraph) -> str | None:
    found = [op for op in graph.ops if is_rotation(graph, op)]
    return f"halves of queries and keys are exchanged and negated, {_at(found)}" if found else None


# Convolutions


def _convolutions(graph: ExportedGraph) -> list[Operation]:
    return graph.named("Conv", "ConvTranspose", "QLinearConv", "ConvInteger")


def _after_attention(graph: ExportedGraph, ops: Sequence[Operation]) -> list[Operation]:
    order = {op: index for index, op in enumerate(graph.ops)}
    first = min(order[each.softmax] for each in graph.attentions)
    return [op for op in ops if order[op] > first]


def _convolution_stem(graph: ExportedGraph) -> str | None:
    convolutions = _convolutions(graph)
    if len(convolutions) < 2 or not graph.attentions or _after_attention(graph, convolutions):
        return None
    return f"{len(convolutions)} convolutions come before the first attention, {_at(convolutions)}"


def _convolution_beside_attention(graph: ExportedGraph) -> str | None:
    convolutions = _convolutions(graph)
    if not graph.attentions or not (later := _after_attention(graph, convolutions)):
        return None
    return f"convolutions follow after attention, {_at(later)}"


def _convolutional_network(graph: ExportedGraph) -> str | None:
    convolutions = _convolutions(graph)
    if len(convolutions) < 2 or graph.attentions:
        return None
    return f"there are {len(convolutions)} convolutions and no attention, {_at(convolutions)}"


def _depthwise(graph: ExportedGraph) -> str | None:
    def is_depthwise(op: Operation) -> bool:
        weight = known_shape(op.operands[1]) if len(op.operands) > 1 else None
        image = known_shape(op.operands[0])
        return (
            weight is not None
            and image is not None
            and len(weight) == len(image)
            and weight[1] == 1 < image[1]
        )

    found = [op for op in _convolutions(graph) if is_depthwise(op)]
    return f"each channel is filtered by itself, {_at(found)}" if found else None


def _operators(*operators: str) -> Callable[[ExportedGraph], str | None]:
    """A sign that is an operator."""

    def find(graph: ExportedGraph) -> str | None:
        found = graph.named(*operators)
        return f"{operator_of(found[0])} {_at(found)}" if found else None

    return find


def _resized_weight(graph: ExportedGraph) -> str | None:
    """Interpolation of what does not depend on the image."""
    found = [
        op
        for op in graph.ops
        if operator_of(op) in ("Resize", "Upsample") and not graph.is_activation(op.results[0])
    ]
    return f"a weight is resized when the model runs, {_at(found)}" if found else None


# Text


def _tokens(graph: ExportedGraph) -> str | None:
    if not graph.reads_integers:
        return None
    lookups = [
        op
        for op in graph.named("Gather")
        if not graph.is_activation(op.operands[0]) and graph.is_activation(op.operands[1])
    ]
    return f"integers of the input pick rows of a weight, {_at(lookups)}" if lookups else None


# Layers


def is_post_norm(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation normalises a residual sum, and its result is what is added to next."""
    if operator_of(op) not in ("LayerNormalization", "RMSNormalization"):
        return False
    source = op.operands[0]
    return (
        isinstance(source, OpResult)
        and source.op in graph.residuals
        and any(use.operation in graph.residuals for use in op.results[0].uses)
    )


def _post_norm(graph: ExportedGraph) -> str | None:
    found = [op for op in graph.ops if is_post_norm(graph, op)]
    return f"residual sums are normalised before they are added to, {_at(found)}" if found else None


def _origins(graph: ExportedGraph, value: SSAValue) -> set[SSAValue]:
    """The results of linears, or parts of them, that activation functions are applied to."""
    through = ACTIVATIONS | {"Mul", "Div", "Add", "Sub", "Exp", "Pow", "Neg", "Reciprocal"}
    found: set[SSAValue] = set()
    waiting = [value]
    seen: set[SSAValue] = set()
    while waiting:
        value = waiting.pop()
        if value in seen or not graph.is_activation(value):
            continue
        seen.add(value)
        if isinstance(value, OpResult) and operator_of(value.op) in through:
            waiting += value.op.operands
        else:
            found.add(value)
    return found


def is_gate(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation multiplies the results of two linears, or two halves of one."""
    if operator_of(op) != "Mul" or not all(map(graph.is_activation, op.operands)):
        return False
    left, right = (_origins(graph, each) for each in op.operands)
    layers = ("MatMul", "Gemm", "Split", "Slice", "Conv", "Reshape")
    return left.isdisjoint(right) and all(
        isinstance(each, OpResult) and operator_of(each.op) in layers for each in left | right
    )


def _gated(graph: ExportedGraph) -> str | None:
    found = [
        op
        for op in graph.ops
        if is_gate(graph, op)
        and any(
            operator_of(above) in ACTIVATIONS
            for each in op.operands
            for above in graph.above(each, ACTIVATIONS | {"Mul"})
        )
    ]
    return f"the results of two linears are multiplied, {_at(found)}" if found else None


def _root_mean_square(graph: ExportedGraph) -> str | None:
    def divides_by_mean_square(op: Operation) -> bool:
        square = next(graph.above(op.operands[0], ()), op)
        centred = [operator_of(each) for each in graph.above(square.operands[0], {"Cast"})]
        is_square = operator_of(square) == "Pow" or (
            operator_of(square) == "Mul" and square.operands[0] is square.operands[1]
        )
        roots = (operator_of(each) for each in graph.below(op.results[0], ELEMENTWISE))
        return is_square and "Sub" not in centred and bool({"Sqrt", "Rsqrt"} & set(roots))

    found = [op for op in graph.named("ReduceMean") if divides_by_mean_square(op)]
    found = found or graph.named("RMSNormalization", "SimplifiedLayerNormalization")
    return f"activations are divided by their root mean square, {_at(found)}" if found else None


def _sigmoid_of(graph: ExportedGraph, scaled: bool) -> list[Operation]:
    """Sigmoids of activations that then multiply these; of 1.702 times these where `scaled`."""
    found: list[Operation] = []
    for op in graph.named("Sigmoid"):
        argument = op.operands[0]
        source = argument.owner
        is_scaled = (
            isinstance(source, Operation)
            and operator_of(source) == "Mul"
            and abs((number_in(source) or 0.0) - 1.702) < 1e-3
        )
        if is_scaled == scaled and any(
            operator_of(each) == "Mul" for each in graph.below(op.results[0], ())
        ):
            found.append(op)
    return found


def _quick_gelu(graph: ExportedGraph) -> str | None:
    found = _sigmoid_of(graph, scaled=True)
    return f"x * sigmoid(1.702 x) {_at(found)}" if found else None


def _swish(graph: ExportedGraph) -> str | None:
    found = [
        op
        for op in _sigmoid_of(graph, scaled=False)
        if any(
            op.operands[0] in each.operands and operator_of(each) == "Mul"
            for each in graph.below(op.results[0], ())
        )
    ] or graph.named("Swish")
    return f"x * sigmoid(x) {_at(found)}" if found else None


def _tanh_gelu(graph: ExportedGraph) -> str | None:
    """0.044715 is the factor of the cube (Hendrycks and Gimpel, 2016)."""
    cubes = {
        op
        for op in graph.named("Mul")
        if (number := number_in(op)) is not None and abs(number - 0.044715) < 1e-6
    }
    through = {"Mul", "Add"}
    found = [
        op
        for op in graph.named("Tanh")
        if not cubes.isdisjoint(graph.above(op.operands[0], through))
    ]
    found += [
        op
        for op in graph.named("Gelu")
        if "approximate" in op.properties and '"tanh"' in str(op.properties["approximate"])
    ]
    return f"GELU is approximated by tanh, {_at(found)}" if found else None


SIGNS = (
    Sign("a convolutional network, such as ResNet", _convolutional_network),
    Sign("a convolution stem, as in hybrid ViTs and LeViT", _convolution_stem),
    Sign("convolutions among attention, as in MobileViT", _convolution_beside_attention),
    Sign(
        "depthwise convolutions, as in ConvNeXt, EfficientNet and MobileNet",
        _depthwise,
    ),
    Sign("batch normalisation", _operators("BatchNormalization")),
    Sign(
        "pooling layers",
        _operators("MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "LpPool"),
    ),
    Sign("windowed attention, as in Swin", _windows),
    Sign("relative position bias, as in Swin and BEiT", _position_bias),
    Sign("a causal mask, as in GPT and other decoders", _causal_mask),
    Sign("a mask on attention", _mask),
    Sign("class attention, as in CaiT", _class_attention),
    Sign("cross attention, or fewer queries than keys, as in decoders and LeViT", _cross_attention),
    Sign("talking heads, as in CaiT", _talking_heads),
    Sign("rotary position embedding, as in EVA-02 and Llama", _rotary),
    Sign("a token embedding of text, as in BERT and GPT", _tokens),
    Sign("post-norm, as in BERT and the first Transformer", _post_norm),
    Sign("RMSNorm, as in Llama", _root_mean_square),
    Sign("a gated MLP, such as SwiGLU in EVA-02 and Llama", _gated),
    Sign("quick GELU, as in CLIP", _quick_gelu),
    Sign("GELU by tanh, as in GPT-2", _tanh_gelu),
    Sign("Swish, or SiLU", _swish),
    Sign("hard Swish, as in MobileNetV3 and LeViT", _operators("HardSwish", "HardSigmoid")),
    Sign("ReLU", _operators("Relu", "LeakyRelu", "PRelu")),
    Sign("a position embedding that is interpolated in the graph", _resized_weight),
    Sign("recurrence or control flow", _operators("LSTM", "GRU", "RNN", "Loop", "Scan", "If")),
)
"""In the order in which they are told: what says most of a model comes first."""
