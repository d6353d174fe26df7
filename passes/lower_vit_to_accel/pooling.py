"""Average pooling, and the rows that it is of."""

from __future__ import annotations

from vaqf.dialects import accel, quant, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.lower_vit_to_accel.forward import Forward, Matrix
from vaqf.passes.structure import is_returned


def lower_slice(forward: Forward, op: vit.SliceOp) -> None:
    """
    Some rows of a matrix stay where they are.

    Raises:
        PassFailedException: when what is sliced is in no buffer.
    """
    matrix = forward.matrix(op, op.input)
    forward.matrices[op.result] = Matrix(matrix.buffer, matrix.first + op.first.value.data)


def lower_mean_tokens(forward: Forward, op: quant.MeanTokensOp) -> None:
    """
    Emit the mean of tokens.

    Raises:
        PassFailedException: when they are in no buffer.
    """
    matrix = forward.matrix(op, op.input)
    tokens, channels = shape_of(op.input)
    name = "features" if is_returned(op.result) else "pooled"
    forward.emit(
        accel.MeanTokensOp(
            matrix.buffer,
            forward.constant(matrix.first),
            forward.new_buffer(op.result, name),
            (forward.constant(tokens), forward.constant(channels)),
            multiplier=op.multiplier.value.data,
            shift=op.shift.value.data,
        ),
        op,
    )
    forward.trace(name, op.result)
