"""Which number format every activation of a network gets. Source: `docs/numerics.md`."""

from collections.abc import Callable, Mapping, Sequence

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, OpResult, SSAValue

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.quant.formats import Format
from vaqf.dialects.quant.widths import probability_bits
from vaqf.dialects.shapes import shape_of
from vaqf.passes.recorded_ranges import recorded_range
from vaqf.passes.scales import activation_scale, magnitude_scale
from vaqf.passes.structure import Move, activations_of, is_head, origin_of

WIDE_BITS = 16
"""Width of the residual stream and of the logits."""

EDGE_BITS = 8
"""Least width of the image and of the input of the head."""


def residual_stream(network: FuncOp) -> Sequence[SSAValue]:
    """
    Everything that is added up from block to block, in the order of the text.

    That is what `vit.add` and `vit.concatenate` take and give, what a LayerNorm normalises, and
    what a patch embedding gives. Weights that are added are part of it.
    """
    members: dict[SSAValue, None] = {}
    for op in network.body.block.ops:
        match op:
            case vit.AddOp():
                values = (op.left, op.right, op.result)
            case vit.ConcatenateOp():
                values = (*op.inputs, op.result)
            case vit.LayerNormOp():
                values = (op.input,)
            case vit.PatchEmbeddingOp():
                values = (op.result,)
            case _:
                values = ()
        members.update((origin_of(value), None) for value in values)
    return tuple(members)


def activation_formats(
    network: FuncOp, bits: int, magnitude_of_weight: Callable[[OpResult], float]
) -> Mapping[SSAValue, Format]:
    """
    The format that each value has to be rounded to, in the order of the text.

    Values that ops only move or put together are not among them, they are rounded already. Nor
    are the scores of attention: the softmax takes them exactly.

    Args:
        network: Calibrated, at the `vit` level.
        bits: Width of the activations that have no width of their own, 1 to 16.
        magnitude_of_weight: Gives the largest magnitude of a value that follows from weights.

    Raises:
        PassFailedException: when an activation was not calibrated, or its op is not of the `vit`
            level.
    """
    activations = activations_of(network)

    def magnitude(value: SSAValue) -> float:
        if isinstance(value, OpResult) and value not in activations:
            return magnitude_of_weight(value)
        return recorded_range(network, value).largest_magnitude

    stream = residual_stream(network)
    largest = max((magnitude(value) for value in stream), default=0.0)
    stream_format = IntType(WIDE_BITS, magnitude_scale(WIDE_BITS, largest))

    ops = tuple(network.body.block.ops)
    last = network.get_return_op()
    returned = {origin_of(value) for value in (last.operands if last else ())}
    heads = (op for op in ops if isinstance(op, vit.LinearOp) and is_head(op))
    head_inputs = {origin_of(head.input) for head in heads}

    def format_of(value: SSAValue) -> Format:
        if value in stream:
            return stream_format
        match value.owner:
            case vit.SoftmaxOp():
                width = probability_bits(shape_of(value)[-1], bits)
                return UnsignedType(width, 2.0**-width)
            case vit.LinearOp() | vit.LayerNormOp() | vit.GeluOp() | vit.AttentionValuesOp():
                width = max(bits, EDGE_BITS) if value in head_inputs else bits
            case Block():
                width = max(bits, EDGE_BITS)
            case op:
                fail(op, "has no rule for its number format, expected a vit op on real values")
        if value in returned:
            width = WIDE_BITS
        return IntType(width, activation_scale(width, recorded_range(network, value)))

    return {
        value: format_of(value)
        for value in (*network.args, *(result for op in ops for result in op.results))
        if value in activations or value in stream
        if not isinstance(value.owner, Move | vit.ConcatenateOp | vit.AttentionScoresOp)
    }
