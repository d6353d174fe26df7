"""The search finds the fastest accelerator of all."""

from dataclasses import replace
from itertools import product
from math import gcd
from pathlib import Path
from random import Random

import pytest

from tests.unit.compiler.search.lowering import FAMILIES, MNIST, WORD_BITS, reference_of
from vaqf.compiler.search import space
from vaqf.compiler.search.alternatives import Alternatives
from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.fastest import Search
from vaqf.compiler.search.reference import Reference
from vaqf.dialects.accel.tiles import BINARY_FORMS
from vaqf.passes.costs.resources import Resources
from vaqf.passes.tile_engines import TileEnginesPass

ROOM = Resources(274_080, 548_160, 2_520, 1_824, 0)
SMALL = Resources(90_000, 180_000, 300, 100, 48)
CHANGES = 1500
"""Of what was found, for each budget."""

BUDGETS = [
    ROOM,
    replace(ROOM, lut=90_000),
    replace(ROOM, ff=100_000),
    replace(ROOM, dsp=300),
    replace(ROOM, bram18=100),
    replace(ROOM, bram18=60, uram=40),
]


LANES, VECTOR_LANES = (32, 64), (8, 64)
BINARY, INTEGER = ((1, 16, 1), (1, 32, 3), (2, 16, 4)), ((1, 1, 1), (1, 8, 2), (2, 8, 1))
"""Words of outputs, inputs and tokens."""

KEYS, QUERIES, NORM_TOKENS = (4, 12, 20), (8, 16), (8, 40)
"""A space that can be searched exhaustively."""


def sizes_of(every: tuple[space.Size, ...], lanes: int) -> list[space.Size]:
    return [(words * lanes, inputs, tokens) for words, inputs, tokens in every]


@pytest.fixture
def small_space(monkeypatch: pytest.MonkeyPatch) -> None:
    def lanes_of(channels: object) -> tuple[int, ...]:
        return LANES

    def binary_matmuls(results: object, lanes: int) -> tuple[TileEnginesPass, ...]:
        sizes = sizes_of(BINARY, lanes)
        return tuple(TileEnginesPass(lanes=lanes, binary_matmul=size) for size in sizes)

    def integer_matmuls(results: object, lanes: int) -> tuple[TileEnginesPass, ...]:
        sizes = sizes_of(INTEGER, lanes)
        return tuple(TileEnginesPass(lanes=lanes, integer_matmul=size) for size in sizes)

    def attentions(engines: object, *, is_few: bool) -> list[tuple[int, int]]:
        return list(product(KEYS, QUERIES))

    def norms(engines: object, lanes: int, *, is_few: bool) -> list[int]:
        return list(NORM_TOKENS)

    monkeypatch.setattr(space, "USUAL_LANES", LANES)
    monkeypatch.setattr(space, "lanes", lanes_of)
    monkeypatch.setattr(space, "VECTOR_LANES", VECTOR_LANES)
    monkeypatch.setattr(space, "binary_matmuls", binary_matmuls)
    monkeypatch.setattr(space, "integer_matmuls", integer_matmuls)
    monkeypatch.setattr(space, "attentions", attentions)
    monkeypatch.setattr(space, "norms", norms)


def every_choice(memory_bits: int | None = None) -> list[Choice]:
    """All of the small space, whether or not its parts go together."""
    return [
        Choice(
            TileEnginesPass(
                lanes=lanes,
                binary_matmul=one,
                binary_form=form,
                integer_matmul=other,
                keys=keys,
                queries=queries,
                pack_values=pack,
                norm_tokens=tokens,
            ),
            vector_lanes,
            WORD_BITS,
            memory_bits=memory_bits,
        )
        for lanes, vector_lanes in product(LANES, VECTOR_LANES)
        for one, form, other, keys, queries, pack, tokens in product(
            sizes_of(BINARY, lanes),
            BINARY_FORMS,
            sizes_of(INTEGER, lanes),
            KEYS,
            QUERIES,
            (False, True),
            NORM_TOKENS,
        )
    ]


def is_possible(choice: Choice) -> bool:
    """Whether sizes are whole words, and both engines can read the same matrices."""
    lanes = choice.tiling.lanes
    sizes = choice.tiling.binary_matmul, choice.tiling.integer_matmul
    fewer, more = sorted(tokens for *_, tokens in sizes)
    whole = all(outputs % lanes == 0 and lanes % inputs == 0 for outputs, inputs, _ in sizes)
    return whole and more % fewer == 0


@pytest.mark.parametrize(("frames", "memory_bits"), [(1, None), (2, None), (2, 24)])
def test_nothing_of_a_small_space_is_faster(
    frames: int, memory_bits: int | None, small_space: None
) -> None:
    reference = reference_of(MNIST, 1, 8, frames, memory_bits)
    every = [each for each in every_choice(memory_bits) if is_possible(each)]
    estimates = [reference.estimate(each) for each in every]
    for budget in BUDGETS:
        if budget.uram:
            estimates = [reference.estimate(replace(each, uram=budget.uram)) for each in every]
        fitting = [each.cycles for each in estimates if each.resources.fits(budget)]
        found = Search(reference, budget).fastest()
        assert found is not None
        assert found.estimate == reference.estimate(found.choice)
        assert found.estimate.resources.fits(budget)
        assert found.estimate.cycles == min(fitting)
    assert len({Search(reference, budget).fastest() for budget in BUDGETS}) > 2


def changed(random: Random, choice: Choice) -> Choice:
    """Parameters of which one kind is another one that the passes accept."""
    tiling, lanes = choice.tiling, choice.tiling.lanes
    divisors = [each for each in range(1, lanes + 1) if lanes % each == 0]
    match random.randrange(8):
        case 0:
            other = random.choice((4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128))
            sizes = [
                (max(1, round(outputs / other)) * other, gcd(inputs, other), tokens)
                for outputs, inputs, tokens in (tiling.binary_matmul, tiling.integer_matmul)
            ]
            tiling = replace(tiling, lanes=other, binary_matmul=sizes[0], integer_matmul=sizes[1])
        case 1:
            size = lanes * random.randint(1, 8), random.choice(divisors), random.randint(1, 64)
            tiling = replace(tiling, binary_matmul=size)
        case 2:
            size = lanes * random.randint(1, 4), random.choice(divisors), random.randint(1, 4)
            tiling = replace(tiling, integer_matmul=size)
        case 3:
            tiling = replace(tiling, binary_form=random.choice(BINARY_FORMS))
        case 4:
            tiling = replace(tiling, keys=random.randint(1, 70))
        case 5:
            pack = random.choice((False, True))
            tiling = replace(tiling, queries=random.randint(1, 70), pack_values=pack)
        case 6:
            tiling = replace(tiling, norm_tokens=random.randint(1, 70))
        case _:
            return replace(choice, vector_lanes=random.randint(1, 200))
    return replace(choice, tiling=tiling)


@pytest.mark.parametrize(
    ("model", "weight_bits", "bits", "frames"),
    [
        (MNIST, 1, 8, 1),
        (FAMILIES / "timm_fused.legacy17.onnx", 1, 6, 2),
        (FAMILIES / "timm_average.legacy17.onnx", 8, 8, 1),
    ],
)
def test_nothing_that_the_passes_accept_is_faster(
    model: Path, weight_bits: int, bits: int, frames: int
) -> None:
    """Thousands of parameters like those that were found, of which the search need not know."""
    reference = reference_of(model, weight_bits, bits, frames)
    for number, budget in enumerate((replace(SMALL, uram=0), SMALL)):
        found = Search(reference, budget).fastest()
        assert found is not None
        random, compared = Random(number), 0
        while compared < CHANGES:
            choice = found.choice
            for _ in range(random.choice((1, 2, 3))):
                choice = changed(random, choice)
            if is_possible(choice):
                compared += 1
                estimate = reference.estimate(choice)
                if estimate.resources.fits(budget):
                    assert estimate.cycles >= found.estimate.cycles, choice


@pytest.mark.parametrize(
    "reference",
    [
        reference_of(FAMILIES / "timm_fused.legacy17.onnx", 8, 8),
        reference_of(FAMILIES / "timm_average.legacy17.onnx", 1, 6),
    ],
)
def test_what_is_found_is_what_it_takes(reference: Reference) -> None:
    found = Search(reference, ROOM).fastest()
    assert found is not None
    assert found.estimate == reference.estimate(found.choice)


def test_nothing_fits() -> None:
    reference = reference_of(MNIST, 1, 8)
    for kind in ("lut", "ff", "bram18"):
        budget = Resources(**{**ROOM.named(), kind: 10})
        assert Search(reference, budget).fastest() is None


def test_undominated() -> None:
    import numpy as np

    tilings = [TileEnginesPass(keys=keys) for keys in (1, 2, 3, 4, 5)]
    cycles = np.array([[5, 1], [5, 1], [4, 2], [5, 2], [5, 2]])
    words = np.array([[3, 0], [3, 0], [3, 0], [3, 0], [2, 0]])
    amounts = np.array([[9], [8], [8], [8], [8]])
    kept = Alternatives(np.array([True, True]), cycles, words, amounts, tilings).undominated()
    assert [each.keys for each in kept.tilings] == [2, 3, 5]
    assert kept.cycles.tolist() == [[5, 1], [4, 2], [5, 2]]
    assert kept.words.tolist() == [[3, 0], [3, 0], [2, 0]]
