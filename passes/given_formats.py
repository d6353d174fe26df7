"""The number formats that a model itself gives to its activations."""

from collections.abc import Iterator, Mapping, Sequence

from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.quant import IntType, QuantizeOp
from vaqf.dialects.quant.formats import element_format
from vaqf.passes.rounded_values import int_format
from vaqf.passes.structure import source_of, users_of


def given_roundings(network: FuncOp) -> Mapping[SSAValue, QuantizeOp]:
    """What rounds a value already, for each value that is rounded: see `hoist-rounding`."""
    return {op.input: op for op in network.body.block.ops if isinstance(op, QuantizeOp)}


def shared_format(
    values: Sequence[SSAValue], roundings: Mapping[SSAValue, QuantizeOp]
) -> IntType | None:
    """
    The format that a model gives to values that need the same one; None when it gives none.

    Raises:
        PassFailedException: when it gives several.
    """
    found = [
        (each, int_format(each, "result", each.result))
        for each in map(roundings.get, values)
        if each
    ]
    for op, format in found[1:]:
        first, expected = found[0]
        if format != expected:
            fail(
                op,
                f"it rounds to {format}, and {describe(first)} to {expected}, what additions "
                "connect: expected one format for all of the residual stream, or none",
            )
    return found[0][1] if found else None


def _of_attention(scores: vit.AttentionScoresOp) -> Iterator[SSAValue]:
    yield from (source_of(scores.query), source_of(scores.key))
    for softmax in users_of(scores.result):
        for mix in (user for each in softmax.results for user in users_of(each)):
            if isinstance(mix, vit.AttentionValuesOp):
                yield from (source_of(mix.value), mix.result)


def companions(value: SSAValue) -> Iterator[SSAValue]:
    """
    The values that have the width of `value`, itself among them: a GELU gives the width that it
    takes, and so does the attention engine.
    """
    for op in (value.owner, *users_of(value)):
        match op:
            case vit.GeluOp():
                yield from (source_of(op.input), op.result)
            case vit.AttentionScoresOp():
                yield from _of_attention(op)
            case vit.AttentionValuesOp():
                softmax = source_of(op.probabilities).owner
                scores = softmax.input.owner if isinstance(softmax, vit.SoftmaxOp) else None
                if isinstance(scores, vit.AttentionScoresOp):
                    yield from _of_attention(scores)
            case _:
                pass


def width_of_companions(value: SSAValue, roundings: Mapping[SSAValue, QuantizeOp]) -> int | None:
    """The width that a model gives to values that have that of `value`; None when it gives none."""
    given = (roundings[each] for each in companions(value) if each in roundings)
    return next((element_format(each.result).bits.data for each in given), None)
