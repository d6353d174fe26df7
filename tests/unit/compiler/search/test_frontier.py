"""The frontier has the fastest accelerator of each width, with one frame at once or two."""

from dataclasses import replace
from pathlib import Path

from tests.models.full_size import write_full_size_model
from vaqf.compiler.board import Board
from vaqf.compiler.pipeline import Options
from vaqf.compiler.search.frontier import Found, Frontier, budget_of, frontier_of


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
