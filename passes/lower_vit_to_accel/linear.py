"""Linear layers, with the requantization of their sums."""

from __future__ import annotations

from xdsl.dialects.func import ReturnOp
from xdsl.ir import Operation, SSAValue

from vaqf.dialects import accel, quant, vit
from vaqf.dialects.accel.layers import GELU, STORE
from vaqf.dialects.accel.memory import stored_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import element_of
from vaqf.dialects.shapes import shape_of
from vaqf.passes.layer_names import layer_identifier
from vaqf.passes.lower_vit_to_accel.forward import Forward

RESIDUAL = "residual"
"""What the buffer of the residual stream is called."""

ROLES: dict[tuple[type[Operation], int], str] = {
    (quant.AttentionScoresOp, 0): "query",
    (quant.AttentionScoresOp, 1): "key",
    (quant.AttentionValuesOp, 1): "value",
    (quant.LayerNormOp, 0): "embedded",
}
"""What the result of a linear layer is called, by what it is used for."""


def role_of(value: SSAValue, otherwise: str) -> str:
    """What to call a buffer for `value`."""
    uses = [(type(use.operation), use.index) for use in value.uses]
    if any(kind is quant.AddOp for kind, _ in uses):
        return RESIDUAL
    return next((ROLES[use] for use in uses if use in ROLES), otherwise)


def write_linear(
    forward: Forward,
    requantize: quant.RequantizeOp,
    epilogue: str,
    destination: SSAValue,
    first: int = 0,
    gelu: quant.LookupOp | None = None,
) -> None:
    """
    Emit a linear layer with its requantization and epilogue.

    Args:
        forward: where to.
        requantize: the requantization of its sums.
        epilogue: what is done with the requantized sums.
        destination: the matrix that it writes, or adds to.
        first: the row of that in which the first token goes.
        gelu: what gives the GELU of each sum, with that epilogue.

    Raises:
        PassFailedException: when it does not requantize the sums of a linear layer alone.
    """
    linear = requantize.input.owner
    if not isinstance(linear, quant.LinearOp):
        fail(requantize, "expected the sums of a linear layer")
    name = layer_identifier(linear, "linear")
    if linear.input.name_hint and linear.result.name_hint:
        name = linear.result.name_hint.removesuffix("_sums")
    tokens, inputs = shape_of(linear.input)
    buffer = forward.parameters.buffer
    forward.emit(
        accel.LinearOp(
            forward.first_rows(linear, linear.input),
            buffer(linear, linear.weight, f"{name}_weight"),
            buffer(linear, requantize.multiplier, f"{name}_multiplier"),
            buffer(linear, requantize.offset, f"{name}_offset"),
            table=None if gelu is None else buffer(linear, gelu.table, f"{name}_gelu"),
            destinations=[destination],
            first=forward.constant(first),
            sizes=(
                forward.constant(tokens),
                forward.constant(inputs),
                forward.constant(shape_of(linear.result)[1]),
            ),
            epilogues=[epilogue],
            shifts=[requantize.shift.value.data],
        ),
        *(linear,) if gelu is None else (linear, gelu),
    )


def lower_requantize(forward: Forward, op: quant.RequantizeOp) -> None:
    """
    Store what a linear layer computes, unless its one user decides what becomes of it.

    Raises:
        PassFailedException: when it does not requantize the sums of a linear layer.
    """
    users = [use.operation for use in op.result.uses]
    match users:
        case [quant.LookupOp() | quant.AddOp() | vit.ConcatenateOp()]:
            return
        case _:
            returned = any(isinstance(user, ReturnOp) for user in users)
            name = role_of(op.result, "logits" if returned else "result")
            buffer = forward.new_buffer(op.result, name)
            write_linear(forward, op, STORE, buffer)
            if name == RESIDUAL:
                forward.checkpoint("embedding", op.result)
            else:
                forward.trace(name, op.result)


def lower_lookup(forward: Forward, op: quant.LookupOp) -> None:
    """
    Store the GELU of what a linear layer computes.

    Raises:
        PassFailedException: when it is that of something else, or in another width.
    """
    requantize = op.input.owner
    if not isinstance(requantize, quant.RequantizeOp) or not op.input.has_one_use():
        fail(op, "takes a value that is not requantized for it alone")
    before, after = element_of(op.input), element_of(op.result)
    if stored_width(before) != stored_width(after):
        fail(op, f"replaces {before} by {after}, expected equal widths")
    hidden = forward.new_buffer(op.result, "hidden")
    write_linear(forward, requantize, GELU, hidden, gelu=op)
    forward.trace("hidden", op.result)
