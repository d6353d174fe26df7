"""
The parameters that are searched.

Of sizes that take equally many turns only the smallest is worth anything, since it takes least, or
the smallest whose turns follow each other without a gap. So the sizes that are tried follow from
the model. A few of them come first: what they reach rules out most of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import ceil

from vaqf.compiler.search.closed_form import queries_without_a_gap, tokens_without_a_gap
from vaqf.compiler.search.workload import Attention, Matmul, Norm
from vaqf.passes.costs.latencies import ACCESS_LATENCY
from vaqf.passes.tile_engines import TileEnginesPass

USUAL_LANES = (32, 64, 16, 128)
"""
Channels in a word of a matrix of activations, in the order that is tried; after them those that
divide the channels of the model.
"""

VECTOR_LANES = (32, 24, 48, 64, 16, 96, 12, 8, 128, 192, 4)
"""Elements that vector units take in a cycle, in the order that is tried."""

MOST_OUTPUTS, MOST_TOKENS = 1024, 20
"""Output channels and tokens of a cycle with binary weights."""

MOST_INTEGER_OUTPUTS, MOST_INTEGER_TOKENS = 256, 4
"""The same with integer weights."""

MOST_KEYS = 64
"""Keys that attention compares with a query in a cycle."""

MOST_QUERIES = 64
"""Queries whose attention is computed together, but for two or more."""

MOST_NORM_TOKENS = 64
"""Tokens whose LayerNorm is computed together, but for two or more."""

FEW_INTERVALS = (1, 2, 3, 4)
"""Cycles in which a vector unit takes a word, for which units without a gap are tried."""

FEW_OUTPUTS, FEW_INPUTS, FEW_TOKENS = (1, 2, 4, 8), (4, 16, 64), (1, 2, 4, 8, 16)
"""Sizes, with outputs in words, of engines for linear layers that come first."""

FEW_QUERIES, FEW_NORM_TOKENS = (16,), (8, 16, 32)
"""Those of attention and LayerNorm."""

Size = tuple[int, int, int]
"""Of engines for linear layers: output channels, input channels and tokens of a cycle."""


def lanes(channels: Sequence[int]) -> tuple[int, ...]:
    """Channels of a word that are tried for a model with residual streams of these channels."""
    least, most = min(USUAL_LANES), max(USUAL_LANES)
    others = {
        size
        for each in channels
        for size in range(least, most + 1)
        # Many channels have many divisors: odd ones are worth little.
        if each % size == 0 and (each <= most or size % least == 0)
    }
    return *USUAL_LANES, *sorted(others - set(USUAL_LANES))


def divisors(lanes: int) -> list[int]:
    """Input channels of a cycle: they divide a word."""
    return [each for each in range(1, lanes + 1) if lanes % each == 0]


def turns(count: int, most: int) -> set[int]:
    """The smallest sizes with which something takes one turn, two, and so on."""
    return {size for number in range(1, count + 1) if (size := ceil(count / number)) <= most}


def sizes_of(
    results: frozenset[int], lanes: int, most_outputs: int, most_tokens: int
) -> list[Size]:
    """
    Sizes of engines for linear layers.

    Args:
        results: output channels of the layers; the smallest size is enough for none.
        lanes: channels of a word.
        most_outputs: of a cycle, but for one word.
        most_tokens: of a cycle.
    """
    if not results:
        return [(lanes, 1, 1)]
    most = max(1, most_outputs // lanes)
    outputs = {1}.union(*(turns(ceil(each / lanes), most) for each in results))
    every = product(sorted(outputs), divisors(lanes), range(1, most_tokens + 1))
    return [(words * lanes, channels, tokens) for words, channels, tokens in every]


def results_of(engines: Sequence[Matmul]) -> frozenset[int]:
    """Output channels of all layers of some engines."""
    return frozenset(results for engine in engines for _, _, results, _ in engine.sizes)


@lru_cache(maxsize=64)
def binary_matmuls(results: frozenset[int], lanes: int) -> tuple[TileEnginesPass, ...]:
    """Engines with binary weights, in no form yet, for layers with these output channels."""
    sizes = sizes_of(results, lanes, MOST_OUTPUTS, MOST_TOKENS)
    return tuple(TileEnginesPass(lanes=lanes, binary_matmul=size) for size in sizes)


@lru_cache(maxsize=64)
def integer_matmuls(results: frozenset[int], lanes: int) -> tuple[TileEnginesPass, ...]:
    """Engines with integer weights, for layers with these output channels."""
    sizes = sizes_of(results, lanes, MOST_INTEGER_OUTPUTS, MOST_INTEGER_TOKENS)
    return tuple(TileEnginesPass(lanes=lanes, integer_matmul=size) for size in sizes)


def comes_first(size: tuple[int, ...], lanes: int) -> bool:
    """Whether engines for linear layers are tried with a size before all others."""
    outputs, inputs, tokens = size
    return outputs // lanes in FEW_OUTPUTS and inputs in FEW_INPUTS and tokens in FEW_TOKENS


def attentions(engines: Sequence[Attention], *, is_few: bool) -> Iterator[tuple[int, int]]:
    """Keys and queries of attention."""
    keys = {1}.union(*(turns(engine.tokens, MOST_KEYS) for engine in engines))
    some = set(FEW_QUERIES)
    for engine in () if is_few else engines:
        some |= turns(engine.tokens, MOST_QUERIES)
        # With all keys in a cycle, the last of them has to be there before the next head.
        some |= turns(engine.tokens + ACCESS_LATENCY - 1, MOST_QUERIES)
    for each in sorted(keys):
        queries = set(some)
        for engine, interval in () if is_few else product(engines, FEW_INTERVALS):
            queries.add(queries_without_a_gap(engine, each, interval))
        for count in sorted(queries - {1}):
            yield each, count


def norms(engines: Sequence[Norm], lanes: int, *, is_few: bool) -> list[int]:
    """Tokens of LayerNorm."""
    tokens = set(FEW_NORM_TOKENS)
    for engine in () if is_few else engines:
        for call in engine.calls:
            tokens |= turns(call.numbers[0], MOST_NORM_TOKENS)
        tokens |= {tokens_without_a_gap(engine, lanes, each) for each in FEW_INTERVALS}
    return sorted(tokens - {1})


Storage = tuple[int, int]
"""Of an engine for linear layers, what the storage of matrices depends on: outputs and tokens."""


def storage_of(size: tuple[int, ...]) -> Storage:
    """That of an engine of a size."""
    outputs, _, tokens = size
    return outputs, tokens


def share_matrices(one: Storage, other: Storage) -> bool:
    """Whether memories can be split so that both engines read them."""
    fewer, more = sorted((one[1], other[1]))
    return more % fewer == 0
