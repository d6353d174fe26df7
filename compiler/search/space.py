"""The parameters that are searched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from vaqf.passes.tile_engines import TileEnginesPass

BINARY_OUTPUTS = (64, 128, 192, 256, 384, 512, 768, 1024)
"""Output channels of a cycle; a word of a matrix has 64 channels."""

BINARY_INPUTS = (8, 16, 32, 64)
"""Input channels of a cycle; they divide a word."""

BINARY_TOKENS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20)
"""Tokens of a cycle."""

INTEGER_OUTPUTS = (64, 128)
INTEGER_INPUTS = (1, 2, 4, 8, 16, 32, 64)
INTEGER_TOKENS = (1, 2, 3, 4)
"""The same with integer weights."""

KEYS = (2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64)
"""Keys that attention compares with a query in a cycle."""

QUERIES = (16, 32)
"""Queries whose attention is computed together."""

NORM_TOKENS = (8, 16, 20, 24, 28, 32, 40)
"""Tokens whose LayerNorm is computed together."""

VECTOR_LANES = (8, 16, 32, 64)
"""Elements that vector units take in a cycle."""


def binary_sizes() -> Iterator[tuple[int, int, int]]:
    """Sizes of the engine with binary weights."""
    yield from product(BINARY_OUTPUTS, BINARY_INPUTS, BINARY_TOKENS)


def integer_matmuls() -> Iterator[TileEnginesPass]:
    """Sizes of the engine with integer weights."""
    for size in product(INTEGER_OUTPUTS, INTEGER_INPUTS, INTEGER_TOKENS):
        yield TileEnginesPass(integer_matmul=size)


def attentions() -> Iterator[TileEnginesPass]:
    """Keys and queries of attention, and whether values are packed."""
    for keys, queries, pack in product(KEYS, QUERIES, (False, True)):
        yield TileEnginesPass(keys=keys, queries=queries, pack_values=pack)


def norms() -> Iterator[TileEnginesPass]:
    """Tokens of LayerNorm."""
    for tokens in NORM_TOKENS:
        yield TileEnginesPass(norm_tokens=tokens)


Storage = tuple[int, int]
"""Of an engine for linear layers, what the storage of matrices depends on: outputs and tokens."""


def storages() -> Iterator[tuple[Storage, Storage]]:
    """That of both engines, where memories can be split so that both read them."""
    for outputs, tokens, other_outputs, other_tokens in product(
        BINARY_OUTPUTS, BINARY_TOKENS, INTEGER_OUTPUTS, INTEGER_TOKENS
    ):
        if max(tokens, other_tokens) % min(tokens, other_tokens) == 0:
            yield (outputs, tokens), (other_outputs, other_tokens)
