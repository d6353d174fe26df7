"""`vaqf search --calibration`: attention has another width where that keeps more of the results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vaqf.compiler.board import Board
from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.pipeline import Options
from vaqf.compiler.project import is_json_object
from vaqf.compiler.search.frontier import budget_of, frontier_of
from vaqf.compiler.search.groups import Group, Kind
from vaqf.compiler.search.mixed import Mixed, Noise, mixed_precision

MNIST = Path(__file__).parents[2] / "examples" / "mnist"
MODEL, CALIBRATION = MNIST / "mnist_vit.onnx", MNIST / "calibration.npz"


@pytest.fixture(scope="module")
def noise() -> Noise:
    return Noise.of(MODEL, Options(), CALIBRATION)


def test_noise(noise: Noise) -> None:
    """What groups cost adds up; each bit less costs more."""
    loss = noise.sensitivity.loss
    linear = [Group(kind) for kind in Kind if kind != Kind.ATTENTION]
    expected = loss(Group(Kind.ATTENTION), 5) + sum(loss(each, 8) for each in linear)
    assert noise.power(8, 5) == pytest.approx(expected)
    assert noise.power(8, 8) < noise.power(8, 7) < noise.power(7, 7)
    assert noise.decibels(8, 8) > noise.decibels(7, 7) > 10


def test_less_noise_and_fast_enough(noise: Noise) -> None:
    board = Board.of("zcu102")
    budget = budget_of(board)
    (uniform,) = frontier_of(MODEL, Options(), budget, lambda _: None, [6], frames=1).found
    assert uniform.point is not None
    slower = 1.1 * uniform.cycles
    mixed = mixed_precision(MODEL, Options(), uniform, noise, budget, slower)
    assert isinstance(mixed, Mixed)
    assert mixed.found.cycles <= slower
    assert mixed.attention_bits != mixed.found.bits
    assert mixed.decibels > noise.decibels(6, 6)
    assert mixed.decibels == noise.decibels(mixed.found.bits, mixed.attention_bits)
    assert mixed_precision(MODEL, Options(), uniform, noise, budget, 1) is None


def test_search_and_compile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["search", str(MODEL), "--fps", "13000", "--clock-mhz", "200", "--json"]
    assert vaqf([*command, "--calibration", str(CALIBRATION)]) == 0
    found: object = json.loads(capsys.readouterr().out)
    assert is_json_object(found)
    assert found["reached"] is True
    assert isinstance(found["recipe"], str)
    assert f"blocks[0-3].attn: a{found['attention_bits']}" in found["recipe"]
    assert found["attention_bits"] != found["activation_bits"]

    config, project = tmp_path / "choice.json", tmp_path / "project"
    config.write_text(json.dumps(found), encoding="utf-8")
    assert vaqf(["compile", str(MODEL), "--config", str(config), "-o", str(project)]) == 0
    report: object = json.loads((project / "report" / "estimate.json").read_text())
    assert is_json_object(report)
    assert report["cycles"] == found["cycles"]
    assert "mixed" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--calibration", "none.npz"], "none.npz: no such file"),
        (
            ["--calibration", str(CALIBRATION), "--recipe", "blocks[0].mlp: a3"],
            "a recipe gives widths to layers: a search for other widths needs none",
        ),
    ],
)
def test_mistakes(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is searched."""
    assert vaqf(["search", str(MODEL), "--fps", "13000", *arguments]) == 2
    output = capsys.readouterr()
    assert output.err.endswith(f"vaqf: error: {message}\n")
    assert "frames a second" not in output.err and not output.out
