"""How much of a layer an engine does in one cycle."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import BlockArgument, SSAValue

from vaqf.dialects.diagnostics import fail
from vaqf.passes.index_values import index_value

NEVER_CALLED = "is never called, so that its sizes are not known"


@dataclass(frozen=True)
class MatmulTile:
    """The products that a matmul engine forms in one cycle."""

    outputs: int
    """Output channels, a multiple of the lanes of a word."""

    inputs: int
    """Input channels; they divide the lanes of a word."""

    tokens: int
    """Tokens."""


@dataclass(frozen=True)
class Tiling:
    """The parallelism of all engines."""

    lanes: int
    """Neighbouring channels in one word of a matrix of activations."""

    binary_matmul: MatmulTile
    """The engine whose weights are bits."""

    binary_form: str
    """How its sums are built."""

    integer_matmul: MatmulTile
    """The engine whose weights are integers."""

    keys: int
    """Keys that attention compares with one query in a cycle."""

    queries: int
    """Queries whose attention is computed together."""

    pack_values: bool
    """Whether attention multiplies two channels of a value in one multiplier."""

    norm_tokens: int
    """Tokens whose LayerNorm is computed together."""

    token_slots: int
    """Tokens that every matrix has room for: all of them, rounded up to the tiles."""

    channel_slots: int
    """A matrix has room for a multiple of this many channels, so that every tile fits."""


def rounded_up(value: int, step: int) -> int:
    """The smallest multiple of `step` that is not below `value`."""
    return ceil(value / step) * step


def argument_values(module: ModuleOp, engine: FuncOp, value: SSAValue) -> list[int]:
    """
    The numbers that an index in an engine can be: its own, or those of the engine's callers.

    Raises:
        PassFailedException: when a caller passes something that is not constant.
    """
    if (own := index_value(value)) is not None:
        return [own]
    if not isinstance(value, BlockArgument):
        fail(engine, "a size is computed inside of the engine, expected a constant or an argument")
    numbers: list[int] = []
    for call in module.walk():
        if isinstance(call, CallOp) and call.callee.root_reference == engine.sym_name:
            number = index_value(call.arguments[value.index])
            if number is None:
                fail(call, f"argument {value.index} is not constant, expected a size")
            numbers.append(number)
    if not numbers:
        fail(engine, NEVER_CALLED)
    return numbers
