"""`vaqf eval`, on the digits of the MNIST example."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vaqf.compiler.arrays import write_arrays
from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.evaluation import answers

EXAMPLE = Path(__file__).parents[2] / "examples" / "mnist"
MODEL, DIGITS = EXAMPLE / "mnist_vit.onnx", EXAMPLE / "digits.npz"
QUANTIZED, ACCEL = "ir/02-quantized.mlir", "ir/03-lower-vit-to-accel.mlir"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, compiled."""
    folder = tmp_path_factory.mktemp("eval") / "project"
    calibration = str(EXAMPLE / "calibration.npz")
    assert vaqf(["compile", str(MODEL), "--calibration", calibration, "-o", str(folder)]) == 0
    makefile = folder / "Makefile"
    # It runs for a few images only.
    makefile.write_text(makefile.read_text().replace("-O3 -march=native", "-O1"))
    return folder


def evaluate(capsys: pytest.CaptureFixture[str], network: Path, *options: str) -> dict[str, Any]:
    capsys.readouterr()
    data = [] if "--data" in options else ["--data", str(DIGITS)]
    assert vaqf(["eval", str(network), *data, "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_predictions_are_the_same_from_the_quantized_level_down(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every = evaluate(capsys, project / QUANTIZED)
    assert every["images"] == 200
    assert every["network"]["top1"]["count"] >= 197
    assert every["network"]["executed_by"] == "VAQF"
    # It is compared with the float model that it was made from.
    assert every["reference"]["file"] == str(MODEL)
    assert every["reference"]["executed_by"] == "ONNX Runtime"
    assert every["agreement"]["count"] >= 199
    few = ("--samples", "4", "--against", str(project / QUANTIZED))
    chosen = np.linspace(0, 199, 4).round().astype(int)
    for network in (project / ACCEL, project):
        told = evaluate(capsys, network, *few)
        assert told["predictions"] == [every["predictions"][each] for each in chosen]
        assert told["agreement"]["count"] == 4


def test_processes_give_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = evaluate(capsys, MODEL, "--processes", "1", "--samples", "70")
    monkeypatch.setattr(answers, "WORTH_PROCESSES", 0.0)
    together = evaluate(capsys, MODEL, "--processes", "2", "--samples", "70")
    assert alone == together


def test_images_in_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Digits as image files, prepared as the model wants them, are recognized as the arrays."""
    with np.load(DIGITS) as digits:
        images, labels = digits["pixel_values"][:40], digits["labels"][:40]
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        (tmp_path / str(label)).mkdir(exist_ok=True)
        pixels = ((image[0] * 0.3081 + 0.1307) * 255).round().astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / str(label) / f"{number:03}.png")
    options = ["--resize", "28", "--mean", "0.1307", "--std", "0.3081"]
    told = evaluate(capsys, MODEL, "--data", str(tmp_path), *options)
    assert told["classes"] == [str(each) for each in range(10)]
    assert told["images"] == 40 and told["network"]["top1"]["count"] >= 39
    # It is said in one line which file is broken.
    broken = tmp_path / "7" / "x.png"
    broken.write_bytes(b"not an image")
    assert vaqf(["eval", str(MODEL), "--data", str(tmp_path), *options]) == 2
    assert capsys.readouterr().err == f"vaqf: error: {broken}: is no image that can be read\n"


def test_report_and_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "confusion.png"
    options = ["--samples", "50", "--plot", str(picture)]
    assert vaqf(["eval", str(MODEL), "--data", str(DIGITS), *options]) == 0
    told = capsys.readouterr()
    assert "50 images of 10 classes" in told.out
    assert "top-1" in told.out and "of 50" in told.out
    assert f"wrote {picture}" in told.err
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("network", "options", "message"),
    [
        ("nothing.onnx", [], "nothing.onnx: no such file, expected a model (.onnx), IR (.mlir)"),
        (str(EXAMPLE), [], "mnist: is a folder without manifest.json"),
        (str(MODEL), ["--data", "nowhere"], "nowhere: no such file or folder"),
        (str(MODEL), ["--samples", "0"], "--samples is 0, it must be positive"),
        (str(MODEL), ["--data", "{work}/other.npz"], "has 'x', expected 'pixel_values'"),
        (str(MODEL), ["--against", "{work}/other.npz"], "other.npz"),
        (str(MODEL), ["--plot", "{work}/none/x.png"], "none/x.png: there is no such folder"),
        (str(MODEL), ["--data", "{work}/nan.npz"], "gives scores that are not finite numbers"),
    ],
)
def test_mistakes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    network: str,
    options: list[str],
    message: str,
) -> None:
    write_arrays(tmp_path / "other.npz", {"x": np.zeros(3, np.float32)})
    images = np.full((2, 1, 28, 28), np.nan, np.float32)
    write_arrays(tmp_path / "nan.npz", {"pixel_values": images, "labels": np.arange(2)})
    given = [each.replace("{work}", str(tmp_path)) for each in options]
    data = [] if "--data" in given else ["--data", str(DIGITS)]
    assert vaqf(["eval", network, *data, *given]) == 2
    told = capsys.readouterr().err
    assert message in told and told.count("\n") == 1 and "Traceback" not in told
