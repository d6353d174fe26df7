"""Signs of attention that is not that of a plain Vision Transformer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray
from xdsl.ir import Operation, SSAValue

from vaqf.passes.raise_onnx_to_vit.exported import (
    ELEMENTWISE,
    MOVES,
    Attention,
    ExportedGraph,
    number_in,
)
from vaqf.passes.raise_onnx_to_vit.report import known_shape, operator_of
from vaqf.passes.raise_onnx_to_vit.signs import Sign

_MASKED = -1e4
"""What is added to a score that counts as hidden, or less."""

_PICKS = frozenset({"Slice", "Split", "Gather"})
"""Operators that pick some values."""


def attention_of(graph: ExportedGraph, op: Operation) -> Attention | None:
    """The attention that an operation is the product of queries and keys of."""
    return next((each for each in graph.attentions if each.product is op), None)


def describe_windows(graph: ExportedGraph, op: Operation) -> str:
    """What a product of queries and keys in windows does."""
    found = attention_of(graph, op)
    if found is None:
        return "attention within windows"
    tokens = f"{found.keys} token{'s' if found.keys > 1 else ''}"
    return f"attention within {found.groups} windows of {tokens} each"


def _windowed(graph: ExportedGraph) -> Sequence[Operation]:
    return [each.product for each in graph.attentions if each.groups > 1]


def shifts_scores(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation adds more than a number to attention scores, or hides some."""
    if op not in graph.score_operations or operator_of(op) not in ("Add", "Sub", "Where"):
        return False
    others = (known_shape(each) for each in op.operands if not graph.is_activation(each))
    return any(shape is not None and prod(shape) > 1 for shape in others)


def _position_biases(graph: ExportedGraph) -> Sequence[Operation]:
    """Sums of scores and a weight for each head, query and key."""

    def is_bias(attention: Attention, op: Operation) -> bool:
        shapes = [known_shape(each) or () for each in op.operands if not graph.is_activation(each)]
        expected = (attention.heads, attention.queries, attention.keys)
        return (
            operator_of(op) == "Add"
            and attention.heads > 1
            and expected in [shape[-3:] for shape in shapes]
        )

    return _in_order(
        graph, (op for each in graph.attentions for op in each.path if is_bias(each, op))
    )


def _masks(graph: ExportedGraph) -> Sequence[Operation]:
    """Sums of scores and the same matrix for all heads, or choices between them."""

    def is_mask(attention: Attention, op: Operation) -> bool:
        shapes = [known_shape(each) or () for each in op.operands if not graph.is_activation(each)]
        size = (attention.queries, attention.keys)
        return operator_of(op) in ("Add", "Where") and size in [shape[-2:] for shape in shapes]

    biases = set(_position_biases(graph))
    found = (op for each in graph.attentions for op in each.path if is_mask(each, op))
    return _in_order(graph, (op for op in found if op not in biases))


def _hides_what_follows(mask: NDArray[np.generic]) -> bool:
    """Whether a mask leaves each token those before it, and itself."""
    if mask.ndim < 2 or mask.shape[-1] != mask.shape[-2] or mask.shape[-1] < 2:
        return False
    first = mask.reshape(-1, *mask.shape[-2:])[0]
    # A condition picks scores where it is true, or where it is false.
    shown = first if first.dtype == np.bool_ else first > _MASKED
    causal = np.tri(len(first), dtype=np.bool_)
    return np.array_equal(shown, causal) or np.array_equal(shown, ~causal)


def _causal_masks(graph: ExportedGraph) -> Sequence[Operation]:
    def is_causal(value: SSAValue) -> bool:
        array = None if graph.is_activation(value) else graph.known(value)
        return array is not None and _hides_what_follows(array)

    return [op for op in _masks(graph) if any(map(is_causal, op.operands))] or [
        op for op in graph.ops if operator_of(op) == "Trilu"
    ]


def _other_masks(graph: ExportedGraph) -> Sequence[Operation]:
    causal = _causal_masks(graph)
    return [op for op in _masks(graph) if op not in causal]


def _single_queries(graph: ExportedGraph) -> Sequence[Operation]:
    return [each.product for each in graph.attentions if each.queries == 1 < each.keys]


def _fewer_queries(graph: ExportedGraph) -> Sequence[Operation]:
    return [each.product for each in graph.attentions if 1 < each.queries != each.keys]


def _describe_queries(graph: ExportedGraph, op: Operation) -> str:
    found = attention_of(graph, op)
    if found is None:
        return "the numbers of queries and keys differ"
    return f"{found.queries} queries attend to {found.keys} keys"


def _learned_queries(graph: ExportedGraph) -> Sequence[Operation]:
    """Products of weights with keys, on the way to a softmax."""
    before = (
        op
        for softmax in graph.softmaxes
        for op in graph.above(softmax.operands[0], ELEMENTWISE | MOVES)
    )
    return _in_order(
        graph,
        (
            op
            for op in before
            if operator_of(op) == "MatMul"
            and [graph.is_activation(each) for each in op.operands] == [False, True]
        ),
    )


def _layers_of_query(graph: ExportedGraph, op: Operation) -> Iterable[Operation]:
    """The product with keys, and the linear layers on the learned query."""
    yield op
    waiting = [op.operands[0]]
    while waiting:
        match waiting.pop().owner:
            case Operation() as layer:
                if operator_of(layer) in ("MatMul", "Gemm"):
                    yield layer
                waiting += layer.operands
            case _:
                pass


def _normalised_lengths(graph: ExportedGraph) -> Sequence[Operation]:
    """Lengths that queries or keys are divided by."""

    def leads_to_softmax(division: Operation) -> bool:
        below = graph.below(division.results[0], ELEMENTWISE | MOVES | {"MatMul"})
        return any(operator_of(each) == "Softmax" for each in below)

    return [
        op
        for op in graph.named("ReduceL2")
        if any(operator_of(each) == "Div" and leads_to_softmax(each) for each in _norm(graph, op))
    ]


def _norm(graph: ExportedGraph, op: Operation) -> Iterable[Operation]:
    """From the length to the quotient, without what only moves values."""
    yield op
    for each in graph.below(op.results[0], {"Add", "Clip", "Expand", "Max"}):
        if operator_of(each) in ("Add", "Clip", "Div", "Max"):
            yield each


def _norms_of_heads(graph: ExportedGraph) -> Sequence[Operation]:
    """Normalisation between the linear layers of queries and keys and their product."""
    norms = ("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization")
    before = (
        op
        for each in graph.attentions
        for operand in each.product.operands
        for op in graph.above(operand, ELEMENTWISE | MOVES)
    )
    return _in_order(graph, (op for op in before if operator_of(op) in norms))


def mixes_heads(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation multiplies attention scores, or probabilities, by a weight."""
    if operator_of(op) not in ("MatMul", "Gemm") or graph.multiplies_activations(op):
        return False
    return op in graph.score_operations or any(
        operator_of(each) == "Softmax" for each in graph.above(op.operands[0], MOVES)
    )


def _mixtures(graph: ExportedGraph) -> Sequence[Operation]:
    return [op for op in graph.ops if mixes_heads(graph, op)]


def _rotations(graph: ExportedGraph) -> Sequence[Operation]:
    """Where half of some activations is negated, and put beside the other half."""

    def is_rotation(op: Operation) -> bool:
        is_product = operator_of(op) == "Mul" and number_in(op) == -1.0
        if not is_product and operator_of(op) != "Neg":
            return False
        source = (each for value in op.operands for each in graph.above(value, MOVES - _PICKS))
        users = (operator_of(each) for each in graph.below(op.results[0], MOVES))
        return any(operator_of(each) in _PICKS for each in source) and "Concat" in users

    return [op for op in graph.named("Neg", "Mul") if is_rotation(op)]


def _rotation_and_sum(graph: ExportedGraph, op: Operation) -> Iterable[Operation]:
    """
    From the negation to the sum of both products, with cosines and with sines, and the tokens that
    are not rotated put beside it.
    """
    yield op
    for user in graph.below(op.results[0], MOVES | {"Concat", "Mul"}):
        yield user
        if operator_of(user) == "Add":
            yield from (each.owner for each in user.operands if isinstance(each.owner, Operation))
            yield from (
                each
                for each in graph.below(user.results[0], MOVES)
                if operator_of(each) == "Concat"
            )


def _in_order(graph: ExportedGraph, ops: Iterable[Operation]) -> Sequence[Operation]:
    """Operations as they come in the graph, each once."""
    wanted = set(ops)
    return [op for op in graph.ops if op in wanted]


SIGNS_OF_ATTENTION = (
    Sign(
        "windowed attention, as in Swin",
        _windowed,
        describe_windows,
    ),
    Sign(
        "relative position bias, as in Swin, BEiT and LeViT",
        _position_biases,
        "a weight for each head, query and key is added to attention scores",
        "it adds a relative position bias to attention scores, accepted are scores alone",
    ),
    Sign(
        "a causal mask, as in GPT and other decoders",
        _causal_masks,
        "no token attends to those that follow it",
        "it hides the tokens that follow (a causal mask), accepted are scores alone",
    ),
    Sign(
        "a mask on attention",
        _other_masks,
        "a constant hides scores, or shifts them",
        "it masks attention scores, accepted are scores alone",
    ),
    Sign(
        "class attention, as in CaiT, or pooling by attention",
        _single_queries,
        "one token alone attends to all others",
    ),
    Sign(
        "pooling by attention, as in SigLIP and global_pool='map' of timm",
        _learned_queries,
        "a learned query attends to all tokens",
        "it is part of pooling by attention (a learned query), accepted is a class token or the "
        "mean of tokens",
        _layers_of_query,
    ),
    Sign(
        "L2-normalised queries and keys, as in cross-covariance attention (XCiT) and Swin V2",
        _normalised_lengths,
        "queries and keys are divided by their length",
        "it is part of an L2 norm of queries or keys (cross-covariance or cosine attention)",
        _norm,
    ),
    Sign(
        "cross attention, as in decoders, or attention that merges tokens, as in LeViT",
        _fewer_queries,
        _describe_queries,
    ),
    Sign(
        "talking heads, as in CaiT",
        _mixtures,
        "the scores of all heads are mixed by a weight",
        "it mixes the attention scores of all heads (talking heads)",
    ),
    Sign(
        "QK norm, as in ViT-22B",
        _norms_of_heads,
        "queries and keys are normalised before they are compared",
        "it normalises queries or keys (QK norm), accepted is LayerNormalization before a layer",
    ),
    Sign(
        "rotary position embedding, as in EVA-02 and Llama",
        _rotations,
        "halves of queries and keys are exchanged and negated",
        "it is part of a rotary position embedding",
        _rotation_and_sum,
    ),
)
