"""Places where the testbench looks at a matrix."""

from __future__ import annotations

from vaqf.backends.hls.body import Body
from vaqf.backends.hls.identifiers import string_literal
from vaqf.backends.hls.storage import Matrix
from vaqf.dialects import accel
from vaqf.dialects.shapes import shape_of


def emit_checkpoint(body: Body, op: accel.CheckpointOp) -> None:
    """A checkpoint, which is nothing in hardware."""
    matrix = body.place(op, op.buffer, Matrix)
    tokens, channels = shape_of(op.buffer)
    label, index = string_literal(op.label.data), body.scalar(op.index)
    place = f"{label}, {index}, {op.frame_number}"
    body.out.line(f"CHECKPOINT({place}, {matrix.array.name}, {tokens}, {channels});")
