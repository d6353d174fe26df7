"""The frontier has the fastest accelerator of each width, with one frame at once or two."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.models.full_size import write_full_size_model
from tests.unit.compiler.search.lowering import MNIST, reference_of
from vaqf.compiler.board import Board
from vaqf.compiler.pipeline import Options
from vaqf.compiler.search import space
from vaqf.compiler.search.binding import binds
from vaqf.compiler.search.found import Found, fastest_within
from vaqf.compiler.search.frontier import Frontier, budget_of, frontier_of
from vaqf.passes.costs.resources import Resources
from vaqf.passes.tile_engines import TileEnginesPass


def test_two_frames_that_barely_fit_are_slower_than_one(tmp_path: Path) -> None:
    model = write_full_size_model("deit_tiny.legacy17", tmp_path)
    budget = replace(budget_of(Board.of("zcu102")), bram18=900)

    def frontier(frames: int | None) -> Frontier:
        def tell(_: Found) -> None:
            pass

        return frontier_of(model, Options(1, 8), budget, tell, (16,), frames)

    (one,), (two,), (best,) = (frontier(frames).found for frames in (1, 2, None))
    assert two.point is not None and one.cycles < two.cycles
    assert (best.frames, best.point) == (1, one.point)


def test_rates_of_deit_base(tmp_path: Path) -> None:
    """More frames a second than have been published for a ZCU102, within 70 % of its LUTs."""
    model = write_full_size_model("deit_base.legacy17", tmp_path)
    frames: dict[tuple[int, int], float] = {}
    for clock_mhz in (150, 200):
        board = replace(Board.of("zcu102"), clock_mhz=clock_mhz)
        options = Options(word_bits=board.memory.port_bits, memory_bits=board.memory_bits)
        found = frontier_of(model, options, budget_of(board), lambda _: None, (8, 6), 2).found
        frames |= {(clock_mhz, each.bits): clock_mhz * 1e6 / each.cycles for each in found}
    assert frames[150, 8] >= 60 and frames[150, 6] >= 75
    assert frames[200, 8] >= 120


def test_resources_that_bind_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attention with more keys takes multipliers and memories: more of one alone is no use."""

    def lanes(channels: object) -> tuple[int, ...]:
        return (64,)

    def matmuls(results: object, lanes: int) -> tuple[TileEnginesPass, ...]:
        size = lanes, 16, 1
        return (TileEnginesPass(lanes=lanes, binary_matmul=size, integer_matmul=size),)

    def attentions(engines: object, *, is_few: bool) -> list[tuple[int, int]]:
        return [(8, 16), (10, 16)]

    for name, replacement in {
        "lanes": lanes,
        "binary_matmuls": matmuls,
        "integer_matmuls": matmuls,
        "attentions": attentions,
        "VECTOR_LANES": (32,),
        "USUAL_LANES": (64,),
    }.items():
        monkeypatch.setattr(space, name, replacement)
    reference, room = reference_of(MNIST, 1, 8), Resources(400_000, 800_000, 3_000, 800, 0)
    best = fastest_within(reference, room)
    assert best is not None and best.choice.tiling.keys == 10
    used = best.estimate.resources
    short = replace(room, dsp=used.dsp - 2, bram18=used.bram18 - 2)
    point = fastest_within(reference, short)
    assert point is not None and point.choice.tiling.keys == 8
    found = Found(8, reference, point)
    assert binds(found, short) == "dsp + bram18"
