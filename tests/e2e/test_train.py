"""`vaqf train`, from images to an accelerator."""

from __future__ import annotations

import csv
import errno
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.models.fixtures import FOLDER
from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.project import MANIFEST
from vaqf.training import session

MODEL = str(FOLDER / "timm_fused.legacy17.onnx")


@pytest.fixture
def data(tmp_path: Path) -> str:
    """Images of seven classes that differ in one stripe."""
    source, labels = np.random.default_rng(0), np.arange(56) % 7
    images = source.integers(0, 120, (56, 16, 16, 3), np.uint8)
    images[np.arange(56), :, 2 * labels] = 255
    file = tmp_path / "images.npz"
    np.savez(file, images=images, labels=labels)
    return str(file)


def arguments(data: str, folder: Path, *more: str) -> list[str]:
    sizes = ["--batch-size", "8", "--augment", "none", "--check", "3"]
    return ["train", "--model", MODEL, "--data", data, "-o", str(folder), *sizes, *more]


def losses(folder: Path) -> list[float]:
    with (folder / "history.csv").open() as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def test_from_images_to_an_accelerator(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, folder = tmp_path / "project", tmp_path / "project-training"
    options = "--phases 5,1,1,1 --batch-size 8 --augment none --check 2"
    options += " --mean 0.1 0.2 0.3 --std 0.4 0.5 0.6"
    training = ["--train-data", data, "--train-options", options]
    precision = ["--activation-bits", "5", "--recipe", "blocks[1].mlp.*: a4"]
    assert vaqf(["compile", MODEL, *precision, *training, "-o", str(project)]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[2].endswith("same class on 2 of 2 images (100.0 %), logits equal to the last bit")
    assert lines[1].startswith("w1a5 (blocks[1].mlp.*: a4)")
    assert "epoch   8/8  integers" in told.err
    found = losses(folder)
    assert found[4] < found[0]
    report = json.loads((folder / "report.json").read_text())
    assert report["accelerator_images"] == report["images"] == 7
    assert report["accelerator_accuracy"] == pytest.approx(report["trained_accuracy"])
    for name in ("curve.png", "checkpoint.pt", "float.onnx"):
        assert (folder / name).stat().st_size > 0

    # What others execute has the functions of QONNX in it.
    given = ["--data", str(folder / "validation.npz"), "--processes", "1", "--json"]
    assert vaqf(["eval", str(folder / "trained.onnx"), *given]) == 0
    assert json.loads(capsys.readouterr().out)["network"]["executed_by"] == "ONNX Runtime"
    # Pixels of any model made of it are normalized as the training did it.
    given = ["--data", data, "--processes", "1", "--against", "none", "--json"]
    assert vaqf(["eval", str(project / "ir" / "02-quantized.mlir"), *given]) == 0
    top1 = json.loads(capsys.readouterr().out)["network"]["top1"]
    assert 100 * top1["share"] == pytest.approx(report["trained_accuracy"])

    assert vaqf(arguments(data, folder)) == 2
    assert "is there already; --resume goes on with it" in capsys.readouterr().err
    assert vaqf(["compile", MODEL, *training, "-o", str(project)]) == 2
    told = capsys.readouterr().err
    assert "is there already; --train-options=--resume goes on with it" in told


def test_a_rate_that_the_training_misses(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ternary weights need multipliers; the search counted on adders."""
    options = "--phases 1,1,1,1 --batch-size 8 --augment none --check 2 --ternary"
    training = ["--train-data", data, f"--train-options={options}"]
    project = tmp_path / "project"
    given = ["compile", MODEL, "--fps", "39000", *training, "-o", str(project)]
    assert vaqf(given) == 3
    told = capsys.readouterr()
    warning = r"warning: what was trained reaches [\d,.]+ frames a second, not 39,000\.0: "
    assert re.search(warning + "--train-options changed it", told.err)
    assert "of them, in C++" in told.out
    assert (project / MANIFEST).exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("-o elsewhere", "--train-options has -o, which vaqf compile decides"),
        ("-oelsewhere", "--train-options has -oelsewhere, which vaqf compile decides"),
        ("--model=x.onnx", "--train-options has --model=x.onnx, which vaqf compile decides"),
        ("--act 4", "unrecognized arguments: --act 4"),
        ("--recipe 'x", "--train-options: no closing quotation"),
    ],
)
def test_options_of_a_training_that_is_compiled(
    options: str, message: str, data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    training = ["--train-data", data, f"--train-options={options}"]
    assert vaqf(["compile", MODEL, *training, "-o", str(tmp_path / "project")]) == 2
    assert message in capsys.readouterr().err


def test_options_of_no_training(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["compile", MODEL, "--train-options=--epochs 9", "-o", str(tmp_path / "project")]
    assert vaqf(given) == 2
    assert "give images with --train-data" in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_no_gpu(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vaqf(arguments(data, tmp_path / "run", "--device", "cuda")) == 2
    assert "--device cuda: torch finds no GPU here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--epochs", "2"), "epochs are 2, expected at least 4"),
        (("--phases", "1,2"), "--phases is '1,2', expected four such as 60,10,20,5"),
        (("--rate", "0"), "--rate is 0.0, it must be positive"),
        (("--recipe", "blok: w8"), "no layer is called 'blok'"),
        (("--model-args", "depth=2"), "an ONNX file takes no arguments"),
        (("--batch-size", "80"), "fewer than the batch of 80"),
        (("--mean", "0.5", "--std", "0.5"), "the model takes 3 colours"),
        (("--resume",), "no such checkpoint to resume from"),
        (("--weight-decay", "-5"), "--weight-decay is -5.0, it must be 0 or more"),
        (("--distill-tokens", "nan"), "--distill-tokens is nan, it must be 0 or more"),
        (("--temperature", "inf"), "--temperature is inf, it must be positive"),
        (("--mean", "0", "nan", "0", "--std", "1", "1", "1"), "--mean is 0.0, nan, 0.0, expected"),
        (("--mean", "0", "0", "0", "--std", "inf", "1", "1"), "--std is inf, 1.0, 1.0, it must"),
        (("--weight-bits", "8", "--per-tensor"), "--per-tensor is for weights of 1 bit"),
        (("--seed", "-1"), "--seed is -1, accepted range is [0, 4294967295]"),
        (("--ternary", "--per-tensor"), "--ternary has a scale for each channel"),
        (("--mean", "0", "0", "0", "--std", "0", "1", "1"), "--std is 0.0, 1.0, 1.0, it must be"),
    ],
)
def test_mistakes(
    more: tuple[str, ...],
    message: str,
    data: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert vaqf(arguments(data, tmp_path / "run", *more)) == 2
    told = capsys.readouterr().err
    assert message in told and "Traceback" not in told
    assert not (tmp_path / "run").exists()


def test_a_disk_that_is_full_at_the_end(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    given = arguments(data, folder, "--phases", "1,0,1,0")
    with monkeypatch.context() as patch:
        patch.setattr(session, "write_atomically", full)
        assert vaqf(given) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith(
        "float.onnx: cannot be written: No space left on device; "
        "checkpoint.pt is complete, --resume goes on with it"
    )
    assert vaqf([*given, "--resume"]) == 0
    assert (folder / "trained.onnx").exists()


def test_classes_that_do_not_match_the_head(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "images.npz"
    np.savez(file, images=np.zeros((20, 16, 16, 3), np.uint8), labels=np.arange(20) % 5)
    assert vaqf(arguments(str(file), tmp_path / "run")) == 2
    assert "has 5 classes (0, 1, 2, ...), but the head of" in capsys.readouterr().err
