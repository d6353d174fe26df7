"""Arrays on the device: their declarations, and filling them."""

from __future__ import annotations

from math import prod

from xdsl.ir import Block, Operation, SSAValue

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.identifiers import comment_text, counted, extended
from vaqf.backends.hls.matrices import words_of
from vaqf.backends.hls.storage import Local
from vaqf.backends.hls.text import wrap
from vaqf.backends.hls.unit import partition_factors, variable_name
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of

MAXIMUM_MEMORIES = 4096
"""HLS tools do not split an array further."""


def emit_buffer(body: Body, op: accel.BufferOp) -> None:
    """
    The declaration of an array, where it is first needed.

    An array that is overwritten as a whole before anything reads it is declared in that block, so
    that it is no state.
    """
    if not op.buffer.uses:
        return
    if op.buffer.type.memory_space == ONCHIP:
        _declare_matrix(body, op)
    elif (block := _overwriting_block(op)) is not None:
        body.postponed.setdefault(block, []).append(op)
    else:
        declare_local(body, op)


def _declare_matrix(body: Body, op: accel.BufferOp) -> None:
    unit = body.unit
    wanted = variable_name(op.buffer, "matrix")
    name = body.names.fresh(wanted, extended(wanted, "matrix"))
    words = str(words_of(op.buffer, unit.emission.design))
    matrix = unit.matrix(op.buffer, name, words)
    body.places[op.buffer] = matrix
    tokens, channels = shape_of(op.buffer)
    body.out.line(f"// {counted(tokens, 'token')} x {counted(channels, 'channel')}")
    body.out.line(f"static {matrix.array.declaration()};")
    _reasons(body, op)
    factors = partition_factors(op.buffer)
    if factors.get(1, 1) not in (0, 1, unit.lanes):
        fail(
            op,
            f"'partition' splits the channels of a matrix by {factors[1]}, a word has {unit.lanes}",
        )
    if factors.get(1, 1) != 1:
        body.out.pragma(pragmas.reshape(name, 3))
    if (tokens_split := factors.get(0, 1)) != 1:
        body.out.pragma(pragmas.partition(name, 2, tokens_split))
    if op.ultra is not None:
        body.out.pragma(pragmas.ultra_ram(name))


def declare_local(body: Body, op: accel.BufferOp) -> None:
    """The declaration of an array of an engine."""
    wanted = variable_name(op.buffer, "array")
    name = body.names.fresh(wanted, extended(wanted, "array"))
    local = body.unit.local(op.buffer, name)
    body.places[op.buffer] = local
    body.out.line(f"{local.array.declaration()};")
    if local.copies > 1:
        body.out.line(f"// {local.copies} equal copies, to look up several entries at once.")
        body.out.pragma(pragmas.partition(name, 1, 0))
    _reasons(body, op)
    factors = partition_factors(op.buffer)
    shape = shape_of(op.buffer)
    in_word = len(shape) - 1 if local.bits or op.word is not None else None
    memories = local.copies * prod(
        factor or shape[dimension] for dimension, factor in factors.items() if dimension != in_word
    )
    if memories > MAXIMUM_MEMORIES:
        fail(op, f"'partition' makes {memories} memories, at most {MAXIMUM_MEMORIES} are possible")
    if op.word is not None:
        body.out.pragma(pragmas.reshape(name, len(shape)))
    for dimension, factor in sorted(factors.items()):
        if dimension != in_word and factor != 1:
            complete = factor in (0, shape[dimension])
            number = dimension + (2 if local.copies > 1 else 1)
            body.out.pragma(pragmas.partition(name, number, 0 if complete else factor))


def emit_slot(body: Body, op: accel.SlotOp) -> None:
    """Let one of several equal arrays be known: as a parameter, or as a piece of the array."""
    piece = body.pieces.get((op.buffer, op.index))
    if piece is None:
        piece = body.place(op, op.buffer, Local).piece(body.scalar(op.index))
    body.places[op.result] = piece


def array_outside(body: Body, value: SSAValue) -> str | None:
    """The name of the array that has `value`, as far as it is known by now."""
    while value not in body.places:
        if not isinstance(owner := value.owner, accel.SlotOp):
            return None
        if (owner.buffer, owner.index) in body.pieces:
            return body.pieces[owner.buffer, owner.index].array.name
        value = owner.buffer
    place = body.places[value]
    return place.array.name if isinstance(place, Local) else None


def _reasons(body: Body, op: accel.BufferOp) -> None:
    """Which accesses of one cycle need that an array is split."""
    reasons = dict.fromkeys(each.reason.data for each in op.partition or ())
    if reasons:
        for line in wrap(comment_text(f"Split: {'; '.join(reasons)}."), "//"):
            body.out.line(line)


def _overwrites(op: Operation, buffer: SSAValue) -> bool:
    """Whether an op writes every element of a buffer."""
    match op:
        case accel.LoadOp():
            return op.destination is buffer and op.count is None
        case accel.FillOp():
            return op.buffer is buffer and not op.indices
        case accel.ScaleOp() | accel.NormalizeOp():
            return op.scaled is buffer
        case _:
            return False


def _overwriting_block(op: accel.BufferOp) -> Block | None:
    """
    The innermost block that has all uses of a buffer, when it is another block than that of the
    buffer, and starts by overwriting it.
    """
    home = op.parent_block()
    chains = [_blocks_around(use.operation) for use in op.buffer.uses]
    common = next((block for block in chains[0] if all(block in chain for chain in chains)), None)
    if common is None or common is home:
        return None
    first = next(
        each
        for each in common.ops
        if any(use.operation is each or _contains(each, use.operation) for use in op.buffer.uses)
    )
    return common if _overwrites(first, op.buffer) else None


def _blocks_around(op: Operation) -> list[Block]:
    """The blocks that an op is in, from the innermost."""
    blocks: list[Block] = []
    current: Operation | None = op
    while current is not None and (block := current.parent_block()) is not None:
        blocks.append(block)
        current = block.parent_op()
    return blocks


def _contains(outer: Operation, inner: Operation) -> bool:
    parent = inner.parent_op()
    return parent is not None and (parent is outer or _contains(outer, parent))


def emit_fill(body: Body, op: accel.FillOp) -> None:
    """Set every element of an array, or of a piece of it."""
    local = body.piece(op, op.buffer, list(op.indices))
    if local.bits or local.copies > 1:
        fail(op, "fills one-bit weights or a table, which are only loaded")
    value = str(op.value.value.data)
    if not local.shape:
        body.out.line(f"{local.array.name} = {value};")
        return
    function = Function(body, op, "fill", "Sets every element.")
    array = function.local("array", op.buffer, list(op.indices), const=False).array
    _fill_dimensions(function, local, list(array.sizes), array.name, value, body.pipelined)
    function.call()


def _fill_dimensions(
    function: Function, local: Local, sizes: list[str], target: str, value: str, pipelined: bool
) -> None:
    if not sizes:
        function.line(f"{target} = {value};")
        return
    *_, last = local.dimensions
    innermost = len(sizes) == 1
    at_once = pipelined or (innermost and last == 0)
    directives = [pragmas.unroll()] if at_once else []
    ends_sequence = innermost or (len(sizes) == 2 and last == 0)
    if not at_once and ends_sequence:
        directives = [pragmas.pipeline(1)]
    with function.loop("element" if innermost else "row", sizes[0], *directives) as counter:
        _fill_dimensions(
            function, local, sizes[1:], f"{target}[{counter}]", value, pipelined or ends_sequence
        )
