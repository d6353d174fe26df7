"""The number formats that a model itself gives to its activations."""

from collections.abc import Mapping, Sequence

from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.quant import IntType, QuantizeOp
from vaqf.passes.rounded_values import int_format


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
