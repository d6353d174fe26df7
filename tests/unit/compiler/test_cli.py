"""Tests of `vaqf`: what it does, and what it says when it cannot."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vaqf.compiler.cli import main

MODELS = Path(__file__).parents[2] / "models"
MODEL = str(MODELS / "families" / "timm_patch8.legacy17.onnx")


def error_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The message of a command that is wrong; nothing else is said."""
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return line


def images(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal((count, 3, 32, 32), np.float32)


@pytest.mark.parametrize("command", [[], ["check"], ["compile"], ["run"], ["csim"], ["bisect"]])
def test_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    assert caught.value.code == 0
    assert "vaqf" in capsys.readouterr().out


def test_help_imports_nothing_slow() -> None:
    program = (
        "import sys; from vaqf.compiler.cli import parser; parser().format_help();"
        "print({'numpy', 'onnx', 'xdsl.universe', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND (see vaqf --help)"),
        (["compile", MODEL], "give a folder for the project with -o, or a level with --stop-after"),
        (
            ["compile", MODEL, "-o", "p", "--activation-bits", "17"],
            "activation bits are 17, accepted range is [1, 16]",
        ),
        (
            ["compile", MODEL, "-o", "p", "--weight-bits", "2"],
            "weight bits are 2, accepted are 1, 8 and 16",
        ),
        (
            ["compile", MODEL, "-o", "p", "--activation-bits", "many"],
            "argument --activation-bits: invalid int value: 'many' (see vaqf compile --help)",
        ),
        (
            ["compile", MODEL, "-o", "p", "--board", "zcu012"],
            "unknown board 'zcu012', did you mean 'zcu102'?",
        ),
        (["compile", "no.onnx", "-o", "p"], "no.onnx: no such file"),
        (
            ["compile", MODEL, "-o", "p", "--calibration", "no.npz"],
            "no.npz: no such file",
        ),
        (
            ["compile", MODEL, "-o", "p", "--tile", "lane=32"],
            "pass 'tile-engines' has no option 'lane', did you mean 'lanes'?",
        ),
        (["run", "no.mlir", "--input", "x.npz"], "no.mlir: No such file or directory"),
        (["run", "no.onnx", "--input", "x.npz"], "no.onnx: no such file"),
        (["run", MODEL, "--input", "no.npz"], "no.npz: cannot be read: No such file or directory"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert error_of(arguments, capsys) == f"vaqf: error: {message}"
    assert list(tmp_path.iterdir()) == []


def test_foreign_output_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.tex").touch()
    message = error_of(["compile", MODEL, "-o", str(tmp_path)], capsys)
    assert message.startswith(f"vaqf: error: {tmp_path}: exists and is not a project")


def test_internal_errors_have_their_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(path: Path) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.delenv("VAQF_DEBUG", raising=False)
    monkeypatch.setattr("vaqf.frontends.onnx.model_file.ModelFile.open", fail)
    assert main(["compile", MODEL, "--stop-after", "vit"]) == 70
    assert capsys.readouterr().err.splitlines()[-1] == (
        "vaqf: internal error, please report it: RuntimeError: two lines; "
        "set VAQF_DEBUG=1 to see where"
    )
    monkeypatch.setenv("VAQF_DEBUG", "1")
    assert main(["compile", MODEL, "--stop-after", "vit"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_synthetic_calibration_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", MODEL, "--stop-after", "quantized"]) == 0
    assert "warning: without --calibration" in capsys.readouterr().err
    assert main(["compile", MODEL, "--stop-after", "vit"]) == 0
    assert "warning" not in capsys.readouterr().err


def logits_of(file: str, folder: Path, *options: str) -> NDArray[np.number]:
    output = folder / "y.npz"
    assert main(["run", file, "--input", str(folder / "x.npz"), "-o", str(output), *options]) == 0
    return np.load(output)["logits"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["expln"], "did you mean 'explain'?"),
        (
            ["compare", "a", "b", "--input", "x", "--exactt"],
            "unrecognized arguments: --exactt, did you mean '--exact'?",
        ),
        (
            ["run", ".", "--input", "x.npz"],
            ".: is a folder, expected a model or IR; vaqf csim runs a project",
        ),
    ],
)
def test_what_was_meant_is_told(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.endswith(f"{message}\n")


def test_labels_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "x.npz", pixel_values=images(2), labels=[0, 1, 2])
    assert main(["run", MODEL, "--input", str(tmp_path / "x.npz")]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "accuracy: not known, 'labels' has shape (3,), expected (2,)"


def test_levels_answer_alike(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", pixel_values=images(2), labels=[0, 1])
    expected = logits_of(MODEL, tmp_path)
    for level in ("onnx", "vit"):
        file = str(tmp_path / f"{level}.mlir")
        assert main(["compile", MODEL, "--stop-after", level, "-o", file]) == 0
        np.testing.assert_allclose(logits_of(file, tmp_path), expected, atol=1e-4)


def test_raw_outputs_are_integers(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", pixel_values=images(2))
    file = str(tmp_path / "quantized.mlir")
    assert main(["compile", MODEL, "--stop-after", "quantized", "-o", file]) == 0
    real = logits_of(file, tmp_path)
    raw = logits_of(file, tmp_path, "--raw")
    assert np.issubdtype(raw.dtype, np.integer)
    scale = np.abs(real).max() / np.abs(raw).max()
    np.testing.assert_allclose(raw * scale, real, rtol=1e-6)


def test_answers_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "x.npz", pixel_values=images(2), labels=[0, 0])
    assert main(["run", MODEL, "--input", str(tmp_path / "x.npz")]) == 0
    answers, accuracy = capsys.readouterr().out.splitlines()
    assert answers.startswith("logits: class ")
    assert accuracy.startswith("accuracy: ")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"image": images(1)}, "has 'image', expected 'pixel_values'"),
        ({"pixel_values": images(1).astype(np.float64)}, "'pixel_values' is float64, expected"),
        ({"pixel_values": images(1)[:, :1]}, "input 'pixel_values' has shape (1, 1, 32, 32)"),
    ],
)
def test_wrong_inputs(
    arrays: dict[str, NDArray[np.generic]],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    np.savez(tmp_path / "x.npz", allow_pickle=False, **arrays)
    assert message in error_of(["run", MODEL, "--input", str(tmp_path / "x.npz")], capsys)


def test_damaged_inputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.npz"
    file.write_bytes(b"PK\x03\x04 and no more")
    assert error_of(["run", MODEL, "--input", str(file)], capsys) == (
        f"vaqf: error: {file}: is not an .npz file of plain arrays, or is damaged"
    )
