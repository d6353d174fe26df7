"""What starts the residual stream, and what is added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from vaqf.dialects import accel, quant, vit
from vaqf.dialects.accel.layers import ADD, STORE
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.lower_vit_to_accel.forward import Forward, Matrix
from vaqf.passes.lower_vit_to_accel.layer_norm import write_layer_norm
from vaqf.passes.lower_vit_to_accel.linear import RESIDUAL, write_linear


def write_layer(
    forward: Forward,
    user: Operation,
    value: SSAValue,
    epilogue: str,
    destination: SSAValue,
    first: int = 0,
) -> None:
    """
    Emit the layer that computes a value for `user` alone.

    Raises:
        PassFailedException: when it is no linear layer or LayerNorm, or has other users.
    """
    match value.owner:
        case quant.RequantizeOp() as requantize if value.has_one_use():
            write_linear(forward, requantize, epilogue, destination, first)
        case quant.LayerNormOp() as norm if value.has_one_use():
            write_layer_norm(forward, norm, epilogue, destination, first)
        case _:
            fail(user, "takes a value that no linear layer or LayerNorm computes for it alone")


@dataclass(frozen=True)
class Piece:
    """Some tokens with which the residual stream starts."""

    tokens: int
    """How many."""

    known: SSAValue | None
    """What follows from parameters: the tokens, or what is added to them; None for nothing."""

    computed: SSAValue | None = None
    """What the image decides; None when they are parameters."""


def starts_stream(forward: Forward, op: Operation) -> bool:
    """Whether an op puts parameters and what one layer computes together, or adds them."""
    if isinstance(op, vit.ConcatenateOp):
        return True
    return isinstance(op, quant.AddOp) and not forward.activations.issuperset(op.operands)


class Embedding:
    """
    Any tree of sums and concatenations of parameters and the result of one layer.

    What the parameters give is prepared; the layer adds to its rows of that.
    """

    def __init__(self, forward: Forward, root: vit.ConcatenateOp | quant.AddOp):
        self.forward = forward
        self.root = root

    def pieces(self, value: SSAValue) -> list[Piece]:
        """
        The tokens of a value of the tree, in order.

        Raises:
            PassFailedException: when something is added to computed tokens more than once.
        """
        if value not in self.forward.activations:
            return [Piece(shape_of(value)[0], self.forward.parameters.copy(value))]
        match value.owner:
            case vit.ConcatenateOp(inputs=inputs):
                return [piece for each in inputs for piece in self.pieces(each)]
            case quant.AddOp(left=left, right=right) as op if starts_stream(self.forward, op):
                tokens, added = (left, right) if left in self.forward.activations else (right, left)
                return self.sums(op, self.pieces(tokens), self.forward.parameters.copy(added))
            case _:
                return [Piece(shape_of(value)[0], None, value)]

    def sums(self, op: quant.AddOp, pieces: Sequence[Piece], added: SSAValue) -> list[Piece]:
        """The tokens after something was added to all of them."""
        prepare, row = self.forward.parameters.add, 0
        found: list[Piece] = []
        for piece in pieces:
            rows = added
            if len(pieces) > 1:
                rows = prepare(vit.SliceOp(added, row, piece.tokens), op)
            if piece.computed is None:
                assert piece.known is not None
                rows = prepare(quant.AddOp(piece.known, rows), op)
            elif piece.known is not None:
                fail(op, "adds parameters to computed tokens a second time, expected one sum")
            found.append(Piece(piece.tokens, rows, piece.computed))
            row += piece.tokens
        return found

    def initial(self, pieces: Sequence[Piece]) -> SSAValue | None:
        """
        What is in the stream before the layer adds to it, or stores the rows behind; None when it
        stores everything.

        Raises:
            PassFailedException: when rows are known behind others that are not.
        """
        known = [piece.known for piece in pieces if piece.known is not None]
        if any(piece.known is not None for piece in pieces[len(known) :]):
            fail(
                self.root,
                "has parameters behind computed tokens to which nothing is added, expected them "
                "in front, or a position for all",
            )
        if len(known) < 2:
            return next(iter(known), None)
        return self.forward.parameters.add(vit.ConcatenateOp(known), self.root)

    def lower(self) -> None:
        """
        Emit what fills the residual stream.

        Raises:
            PassFailedException: when not exactly one layer takes part in it.
        """
        forward, root = self.forward, self.root
        pieces = self.pieces(root.result)
        computed = [number for number, each in enumerate(pieces) if each.computed is not None]
        if len(computed) != 1:
            fail(root, f"puts {len(computed)} computed activations together, expected one")
        (number,) = computed
        first = sum(each.tokens for each in pieces[:number])
        initial, residual = self.initial(pieces), forward.new_buffer(root.result, RESIDUAL)
        if initial is not None:
            source = forward.parameters.buffer(root, initial, "initial_tokens")
            forward.emit(accel.LoadMatrixOp(source, residual), root)
        epilogue = STORE if pieces[number].known is None else ADD
        update = pieces[number].computed
        assert update is not None
        write_layer(forward, root, update, epilogue, residual, first)
        forward.checkpoint("embedding", root.result)


def update_stream(forward: Forward, op: quant.AddOp, stream: SSAValue, update: SSAValue) -> None:
    """
    Add a layer to the residual stream, in its buffer.

    Raises:
        PassFailedException: when something still needs what was there before.
    """
    residual = forward.whole_matrix(op, stream)
    for value, matrix in forward.matrices.items():
        for use in value.uses if matrix.buffer is residual else ():
            if use.operation is not op and not use.operation.is_before_in_block(op):
                fail(op, f"{describe(use.operation)} still needs the value before the update")
    write_layer(forward, op, update, ADD, residual)
    forward.matrices[op.result] = Matrix(residual)
    forward.checkpoint("attention" if follows_attention(update) else "mlp", op.result)


def follows_attention(update: SSAValue) -> bool:
    """Whether a linear layer takes what attention gives."""
    match update.owner:
        case quant.RequantizeOp(input=sums) if isinstance(sums.owner, quant.LinearOp):
            return isinstance(sums.owner.input.owner, quant.RescaleOp)
        case _:
            return False


def lower_sum(forward: Forward, op: quant.AddOp) -> None:
    """
    Emit what a sum of two activations needs.

    Raises:
        PassFailedException: when no layer computes the one that is added.
    """
    if op.left in forward.matrices:
        update_stream(forward, op, op.left, op.right)
    elif op.right in forward.matrices:
        update_stream(forward, op, op.right, op.left)
    else:  # Two heads: the second adds to what the first has stored.
        scores = forward.new_buffer(op.result, "logits")
        write_layer(forward, op, op.left, STORE, scores)
        write_layer(forward, op, op.right, ADD, scores)
        forward.trace("logits", op.result)


def lower_together(forward: Forward, op: vit.ConcatenateOp | quant.AddOp) -> None:
    """
    Lower an op that adds activations, or puts them together.

    Raises:
        PassFailedException: when the residual stream does not start with it, or is not updated.
    """
    if not starts_stream(forward, op):
        assert isinstance(op, quant.AddOp)
        lower_sum(forward, op)
        return
    users = [use.operation for use in op.result.uses]
    if len(users) == 1 and starts_stream(forward, users[0]):
        return  # Part of a larger tree.
    Embedding(forward, op).lower()
