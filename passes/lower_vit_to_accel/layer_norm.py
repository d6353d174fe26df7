"""LayerNorms."""

from __future__ import annotations

from xdsl.dialects.func import ReturnOp
from xdsl.ir import SSAValue

from vaqf.dialects import accel, quant, vit
from vaqf.dialects.accel.layers import STORE
from vaqf.dialects.shapes import shape_of
from vaqf.passes.layer_names import layer_identifier
from vaqf.passes.lower_vit_to_accel.forward import Forward
from vaqf.passes.lower_vit_to_accel.linear import RESIDUAL, role_of


def write_layer_norm(
    forward: Forward,
    op: quant.LayerNormOp,
    epilogue: str,
    destination: SSAValue,
    first: int = 0,
) -> None:
    """
    Emit a LayerNorm.

    Args:
        forward: where to.
        op: what it is in the network.
        epilogue: whether it stores its values, or adds them.
        destination: the matrix that it writes, or adds to.
        first: the row of that in which the first token goes.

    Raises:
        PassFailedException: when what it takes is in no buffer.
    """
    name = layer_identifier(op, "norm")
    matrix = forward.matrix(op, op.input)
    tokens, channels = shape_of(op.input)
    buffer = forward.parameters.buffer
    forward.emit(
        accel.LayerNormOp(
            matrix.buffer,
            forward.constant(matrix.first),
            buffer(op, op.multiplier, f"{name}_multiplier"),
            buffer(op, op.offset, f"{name}_offset"),
            destinations=[destination],
            first=forward.constant(first),
            sizes=(forward.constant(tokens), forward.constant(channels)),
            epsilon=op.epsilon.value.data,
            epilogues=[epilogue],
            shifts=[op.shift.value.data],
        ),
        op,
    )


def is_before_attention(op: quant.LayerNormOp) -> bool:
    """Whether queries, keys or values are made of what a LayerNorm gives."""
    linears = (use.operation for use in op.result.uses)
    sums = (each.result for each in linears if isinstance(each, quant.LinearOp))
    requantized = (result for each in sums for use in each.uses for result in use.operation.results)
    return any(role_of(each, "") in ("query", "key", "value") for each in requantized)


def lower_layer_norm(forward: Forward, op: quant.LayerNormOp) -> None:
    """Store what a LayerNorm computes, unless it becomes part of the residual stream."""
    users = [use.operation for use in op.result.uses]
    match users:
        case [quant.AddOp() | vit.ConcatenateOp()]:
            return
        case _:
            returned = any(isinstance(user, ReturnOp | vit.ReshapeOp) for user in users)
            name = role_of(op.result, "features" if returned else "normed")
            buffer = forward.new_buffer(op.result, name)
            write_layer_norm(forward, op, STORE, buffer)
            if name == RESIDUAL:
                forward.checkpoint("embedding", op.result)
            else:
                forward.trace("attention_norm" if is_before_attention(op) else name, op.result)
