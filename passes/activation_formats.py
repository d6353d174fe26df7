"""Which number format every activation of a network gets. Source: `docs/numerics.md`."""

from collections.abc import Callable, Mapping, Sequence

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, OpResult, SSAValue

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.quant.formats import Format, element_format
from vaqf.dialects.quant.widths import probability_bits
from vaqf.dialects.shapes import shape_of
from vaqf.passes.given_formats import given_roundings, shared_format, width_of_companions
from vaqf.passes.recorded_ranges import recorded_range
from vaqf.passes.requested_widths import Request
from vaqf.passes.scales import activation_scale, magnitude_scale
from vaqf.passes.structure import (
    Move,
    Rounding,
    activations_of,
    is_head,
    is_patch_embedding,
    is_returned,
    is_sum_of_heads,
    source_of,
    users_of,
)

WIDE_BITS = 16
"""Width of the residual stream, of what is returned, and of what else a LayerNorm normalises."""

EDGE_BITS = 8
"""Least width of what leads from the image to the encoder, and from the encoder to a head."""

EXACT = Move | vit.ExtractPatchesOp | vit.ConcatenateOp | vit.AttentionScoresOp
"""
Ops whose results are not rounded: those of rounded values that are only moved or put together, and
the scores of attention, which the softmax takes exactly.
"""


def residual_stream(network: FuncOp) -> Sequence[SSAValue]:
    """
    Everything that is added up from block to block, in the order of the text.

    That is what `vit.add` and `vit.concatenate` take and give, but for the sum of two heads.
    Weights that are added are part of it.
    """
    members: dict[SSAValue, None] = {}
    for op in network.body.block.ops:
        if isinstance(op, vit.ConcatenateOp) or (
            isinstance(op, vit.AddOp) and not is_sum_of_heads(op)
        ):
            members.update((source_of(value), None) for value in (*op.operands, op.result))
    return tuple(members)


def sums_of_heads(network: FuncOp) -> Sequence[Sequence[SSAValue]]:
    """For each sum of two heads that is returned: what is added, and the sum."""
    return [
        (source_of(op.left), source_of(op.right), op.result)
        for op in network.body.block.ops
        if isinstance(op, vit.AddOp) and is_sum_of_heads(op)
    ]


def is_edge(value: SSAValue) -> bool:
    """Whether only heads, linears on patches and the mean of all tokens take a value."""
    return all(
        isinstance(user, vit.MeanTokensOp)
        or (isinstance(user, vit.LinearOp) and (is_head(user) or is_patch_embedding(user)))
        for user in users_of(value)
    )


def probabilities_for(network: FuncOp, bits: int, requests: Mapping[SSAValue, Request]) -> int:
    """
    The width of queries and keys that decides about that of probabilities: the largest of all
    attentions, so that they share an engine.
    """
    widths = [
        request.bits if (request := requests.get(source_of(op.query))) else bits
        for op in network.body.block.ops
        if isinstance(op, vit.AttentionScoresOp)
    ]
    return max(widths, default=bits)


def activation_formats(
    network: FuncOp,
    bits: int,
    magnitude_of_weight: Callable[[OpResult], float],
    requests: Mapping[SSAValue, Request] | None = None,
) -> Mapping[SSAValue, Format]:
    """
    The format that each value has to be rounded to, in the order of the text.

    Values that ops only move or put together are not among them, they are rounded already. Nor
    are the scores of attention: the softmax takes them exactly. What the model itself rounds keeps
    its format.

    Args:
        network: Calibrated, at the `vit` level.
        bits: Width of the activations that have no width of their own, 1 to 16.
        magnitude_of_weight: Gives the largest magnitude of a value that follows from weights.
        requests: The widths that rules give to activations.

    Raises:
        PassFailedException: when an activation was not calibrated, its op is not of the `vit`
            level, the model gives several formats to values that need the same one, or a rule gives
            a width to an activation that has to have another.
    """
    activations, requests = activations_of(network), requests or {}

    def magnitude(value: SSAValue) -> float:
        if isinstance(value, OpResult) and value not in activations:
            return magnitude_of_weight(value)
        return recorded_range(network, value).largest_magnitude

    given = given_roundings(network)
    attention_bits = probabilities_for(network, bits, requests)
    shared: dict[SSAValue, IntType] = {}
    for added in (residual_stream(network), *sums_of_heads(network)):
        largest = max(map(magnitude, added), default=0.0)
        chosen = IntType(WIDE_BITS, magnitude_scale(WIDE_BITS, largest))
        format = shared_format(added, given) or chosen
        shared.update((value, format) for value in added)

    for value, request in requests.items():
        if value in shared:
            width = shared[value].bits.data
            request.expect(width, f"the residual stream and what is returned have {width}")
        elif value in given:
            width = element_format(given[value].result).bits.data
            request.expect(width, f"the model rounds them to {width}")

    def width_of(value: SSAValue) -> int:
        """Width of a value that is not added to others."""
        request, companions = requests.get(value), width_of_companions(value, given)
        if is_returned(value) or any(isinstance(each, vit.LayerNormOp) for each in users_of(value)):
            # The image is normalised, too, in the format in which it comes.
            width = WIDE_BITS if isinstance(value.owner, Operation) else max(bits, EDGE_BITS)
            if request is not None:
                request.expect(width, f"they are normalised or returned as well, with {width}")
            return width
        if companions is not None and request is not None:
            if not isinstance(value.owner, vit.AttentionValuesOp):
                request.expect(companions, f"the model gives {companions} to those beside them")
            return request.bits
        if request is not None:
            return request.bits
        if companions is not None:
            return companions
        return max(bits, EDGE_BITS) if isinstance(value.owner, Block) or is_edge(value) else bits

    def format_of(value: SSAValue) -> Format:
        if value in shared:
            return shared[value]
        match value.owner:
            case vit.SoftmaxOp():
                width = probability_bits(shape_of(value)[-1], attention_bits)
                return UnsignedType(width, 2.0**-width)
            case (
                vit.PatchEmbeddingOp()
                | vit.LinearOp()
                | vit.LayerNormOp()
                | vit.GeluOp()
                | vit.AttentionValuesOp()
                | vit.MeanTokensOp()
                | Block()
            ):
                width = width_of(value)
                return IntType(width, activation_scale(width, recorded_range(network, value)))
            case op:
                fail(op, "has no rule for its number format, expected a vit op on real values")

    return {
        value: format_of(value)
        for value in (
            *network.args,
            *(result for op in network.body.block.ops for result in op.results),
        )
        if value in activations or value in shared
        if not isinstance(value.owner, EXACT | Rounding) and value not in given
    }
