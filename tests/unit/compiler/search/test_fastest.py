"""The search finds the fastest accelerator of all."""

from dataclasses import replace
from itertools import product

import pytest

from tests.unit.compiler.search.lowering import FAMILIES, MNIST, WORD_BITS, reference_of
from vaqf.compiler.search import space
from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.fastest import Alternatives, Search
from vaqf.compiler.search.reference import Reference
from vaqf.dialects.accel.tiles import BINARY_FORMS
from vaqf.passes.costs.resources import Resources
from vaqf.passes.tile_engines import TileEnginesPass

ROOM = Resources(274_080, 548_160, 2_520, 1_824, 0)
BUDGETS = [
    ROOM,
    replace(ROOM, lut=90_000),
    replace(ROOM, ff=100_000),
    replace(ROOM, dsp=300),
    replace(ROOM, bram18=100),
    replace(ROOM, bram18=60, uram=40),
]


@pytest.fixture
def small_space(monkeypatch: pytest.MonkeyPatch) -> None:
    """A space that can be searched exhaustively."""
    for name, values in {
        "BINARY_OUTPUTS": (64, 128),
        "BINARY_INPUTS": (16, 64),
        "BINARY_TOKENS": (1, 3, 4),
        "INTEGER_OUTPUTS": (64,),
        "INTEGER_INPUTS": (1, 8),
        "INTEGER_TOKENS": (1, 2),
        "KEYS": (4, 12, 20),
        "QUERIES": (16,),
        "NORM_TOKENS": (8, 40),
        "VECTOR_LANES": (8, 64),
    }.items():
        monkeypatch.setattr(space, name, values)


def every_choice(memory_bits: int | None = None) -> list[Choice]:
    """All of the space, whether or not its parts go together."""
    binary = product(space.BINARY_OUTPUTS, space.BINARY_INPUTS, space.BINARY_TOKENS)
    integer = product(space.INTEGER_OUTPUTS, space.INTEGER_INPUTS, space.INTEGER_TOKENS)
    return [
        Choice(
            TileEnginesPass(
                binary_matmul=one,
                binary_form=form,
                integer_matmul=other,
                keys=keys,
                queries=queries,
                pack_values=pack,
                norm_tokens=tokens,
            ),
            lanes,
            WORD_BITS,
            memory_bits=memory_bits,
        )
        for one, form, other, keys, queries, pack, tokens, lanes in product(
            list(binary),
            BINARY_FORMS,
            list(integer),
            space.KEYS,
            space.QUERIES,
            (False, True),
            space.NORM_TOKENS,
            space.VECTOR_LANES,
        )
    ]


def is_possible(choice: Choice) -> bool:
    """Whether both engines can read the same matrices."""
    fewer, more = sorted((choice.tiling.binary_matmul[2], choice.tiling.integer_matmul[2]))
    return more % fewer == 0


@pytest.mark.parametrize(("frames", "memory_bits"), [(1, None), (2, None), (2, 24)])
def test_nothing_is_faster(frames: int, memory_bits: int | None, small_space: None) -> None:
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
    words = np.array([[3], [3], [3], [3], [2]])
    amounts = np.array([[9], [8], [8], [8], [8]])
    kept = Alternatives(tilings, (), cycles, words, amounts).undominated()
    assert [each.keys for each in kept.tilings] == [2, 3, 5]
    assert kept.cycles.tolist() == [[5, 1], [4, 2], [5, 2]]
    assert kept.words.tolist() == [[3], [3], [2]]
