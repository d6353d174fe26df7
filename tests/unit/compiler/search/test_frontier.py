"""The frontier has the fastest accelerator of each width, with one frame at once or two."""

from dataclasses import replace
from pathlib import Path

from tests.models.full_size import write_full_size_model
from vaqf.compiler.board import Board
from vaqf.compiler.pipeline import Options
from vaqf.compiler.search.frontier import (
    Found,
    Frontier,
    budget_of,
    fastest_within,
    frontier_of,
    reference_for,
)


def test_two_frames_that_barely_fit_are_slower_than_one(tmp_path: Path) -> None:
    model = write_full_size_model("deit_tiny.legacy17", tmp_path)
    budget = replace(budget_of(Board.of("zcu102")), bram18=1_295)

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


def test_resources_that_bind_together(tmp_path: Path) -> None:
    model = write_full_size_model("deit_tiny.legacy17", tmp_path)
    board = Board.of("zc706")
    reference = reference_for(model, Options(word_bits=64), 8).at(8, 14)
    point = fastest_within(reference, budget_of(board))
    found = Found(14, reference, point)
    assert Frontier((found,), budget_of(board)).binds(found) == "lut + dsp + bram18"
