"""The interactive interface: `vaqf gui`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.interactive import interface

IR = """\
func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %w = vit.parameter @w : tensor<3x3xf32>
  %y = vit.linear %x, %w : tensor<2x3xf32>, tensor<3x3xf32> -> tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """IR of the vit level."""
    path = tmp_path / "linear.mlir"
    path.write_text(IR, encoding="utf-8")
    return path


def test_passes_run_on_our_ir(file: Path) -> None:
    app = interface(file, "quantize-weights", ())

    async def shown() -> str:
        async with app.run_test() as pilot:
            await pilot.pause()
            return app.output_text_area.text

    assert "quant.quantize_weight %w" in asyncio.run(shown())
    assert {"quantize-weights", "cse"} <= {name for name, _ in app.all_passes}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.mlir"], "missing.mlir: cannot be read: "),
        (["{file}"], "the interface needs a terminal"),
        (["{file}", "-p", "binarise-weights"], "unknown pass 'binarise-weights'"),
    ],
)
def test_mistakes(
    arguments: list[str], message: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vaqf(["gui", *(each.format(file=file) for each in arguments)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_ir_that_cannot_be_read(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(IR.replace("-> tensor<2x3xf32>\n", "->\n"), encoding="utf-8")
    assert vaqf(["gui", str(file)]) == 2
    assert f"{file}:4:3: type expected" in capsys.readouterr().err
