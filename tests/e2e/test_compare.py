"""Comparing models, levels and projects layer by layer, as a user does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.models.fixtures import FOLDER, INPUT, Fixture, fixtures
from vaqf.compiler.arrays import write_arrays
from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.compare.comparison import Criterion, compare
from vaqf.compiler.compare.onnx_runtime import OnnxRuntime
from vaqf.compiler.compare.tensor_level import InterpretedNetwork
from vaqf.compiler.compilation import compile_model
from vaqf.compiler.pipeline import Level, Options, stages, until

MODEL = FOLDER / "timm_fused.legacy17.onnx"

ACCEL = "ir/03-lower-vit-to-accel.mlir"
QUANTIZED = "ir/02-quantized.mlir"
VIT = "ir/01-vit.mlir"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with images, and a project for two frames."""
    folder = tmp_path_factory.mktemp("compare")
    images = np.random.default_rng(3).standard_normal((3, 3, 16, 16), np.float32)
    write_arrays(folder / "x.npz", {INPUT: images})
    options = ["--frames", "2", "--activation-bits", "6", "-o", str(folder / "project")]
    assert vaqf(["compile", str(MODEL), *options]) == 0
    makefile = folder / "project" / "Makefile"
    # It is built once, and runs for three images.
    makefile.write_text(makefile.read_text().replace("-O3 -march=native", "-O1"))
    return folder


def run(work: Path, reference: object, other: object, *options: str) -> int:
    """The exit code of a comparison."""
    sides = [str(reference), str(other)]
    return vaqf(["compare", *sides, "--input", str(work / "x.npz"), *options])


def layers_of(told: str) -> dict[str, dict[str, object]]:
    """The layers of a JSON object by their names."""
    return {each["name"]: each for each in json.loads(told)["layers"]}


def test_the_levels_of_reals(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vit = work / "project" / VIT
    assert run(work, f"onnxruntime:{MODEL}", MODEL, "--samples", "2") == 0
    told = capsys.readouterr().out
    assert "samples: 2\n" in told and "all are equal within 0.001 of the largest" in told
    assert run(work, MODEL, vit, "--json", "--tolerance", "1e-5") == 0
    layers = layers_of(capsys.readouterr().out)
    # Query, key and value are one node, and the bias is another one in the model.
    assert layers["/blocks/blocks.0/attn/qkv/MatMul"]["shape"] == [1, 17, 60]
    assert {"/patch_embed/proj/Conv", "/blocks/blocks.1/mlp/act/Mul", "logits"} <= set(layers)
    assert run(work, MODEL, vit, "--exact") == 1


def test_integers(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vit, quantized = (work / "project" / each for each in (VIT, QUANTIZED))
    assert run(work, vit, quantized, "--tolerance", "0.9") == 0
    capsys.readouterr()
    assert run(work, vit, quantized, "--json") == 1
    told = json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""]))
    assert not told["equal"] and told["first_divergence"] == "/patch_embed/proj/Conv"
    assert all(len(each["worst"]) <= 10 for each in told["layers"])
    errors = [each["relative_error"] for each in told["layers"]]
    assert errors == sorted(errors, reverse=True)


@pytest.mark.parametrize("other", [ACCEL, "ir/14-estimate-performance.mlir", ""])
def test_accelerators_are_exact(work: Path, other: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole layers, tiles, and the C++; two images in a call, of which the last has one."""
    quantized = work / "project" / QUANTIZED
    assert run(work, quantized, work / "project" / other, "--exact", "--samples", "3") == 0
    told = capsys.readouterr()
    # Ten in each of two blocks, the first tokens, the norm, the head, and the output.
    assert "22 layers compared, samples: 3\n" in told.out
    assert "all are equal bit for bit" in told.out
    assert told.err.splitlines()[0].startswith("comparing ")


def test_a_wrong_scale_is_found(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ir = work / "project" / "ir"
    lines = (ir / "01-vit.mlir").read_text().splitlines()
    place = next(
        place for place, line in enumerate(lines) if "blocks_1_attn_scores = vit.attention" in line
    )
    lines[place] = lines[place].replace("scale = ", "scale = 1")
    (ir / "wrong.mlir").write_text("\n".join(lines))
    assert run(work, MODEL, ir / "wrong.mlir") == 1
    assert "first divergence: /blocks/blocks.1/attn/MatMul\n" in capsys.readouterr().out


def test_a_wrong_weight_is_found_in_the_c_code(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    shutil.copytree(work / "project", project)
    weights = project / "weights" / "weights.bin"
    flipped = bytearray(weights.read_bytes())
    flipped[0] ^= 0x7F
    weights.write_bytes(flipped)
    assert run(work, work / "project" / QUANTIZED, project, "--exact") == 1
    told = capsys.readouterr().out
    assert "first divergence: /Add\n" in told
    assert "worst values of /Add:\n  sample 0 [" in told


def test_a_trace(work: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.npz"
    project, images = str(work / "project"), str(work / "x.npz")
    assert vaqf(["csim", project, "--input", images, "--trace", str(trace)]) == 0
    layers = np.load(trace)
    assert layers["/blocks/blocks.1/attn/qkv/MatMul[2]"].shape == (3, 17, 20)
    assert layers["/head/Gemm"].shape[:2] == (3, 1)


def test_a_picture(work: Path, tmp_path: Path) -> None:
    picture = tmp_path / "noise.png"
    vit, quantized = (work / "project" / each for each in (VIT, QUANTIZED))
    assert run(work, vit, quantized, "--plot", str(picture)) == 1
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_all_layers(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(work, MODEL, work / "project" / VIT, "--verbose") == 0
    told = capsys.readouterr().out
    assert "nodes are only in A: " in told and "/blocks/blocks.0/attn/Transpose" in told


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["nowhere.onnx", str(MODEL)], "nowhere.onnx: no such file, expected a model (.onnx), "),
        ([str(MODEL), "{work}/x.npz"], "x.npz: is of no known kind, expected a model (.onnx)"),
        ([str(MODEL), "{work}"], "is a folder without manifest.json, expected a model"),
        ([str(MODEL), str(MODEL), "--samples", "0"], "--samples is 0, it must be positive"),
        ([str(MODEL), str(MODEL), "--tolerance", "-1"], "the tolerance is -1, it must not be"),
        ([str(MODEL), str(MODEL), "--exact", "--tolerance", "1"], "--exact accepts nothing"),
        (["onnxruntime:{work}/x.npz", str(MODEL)], "x.npz: "),
    ],
)
def test_bad_arguments(
    work: Path, arguments: Sequence[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [each.replace("{work}", str(work)) for each in arguments]
    assert run(work, *given) == 2
    told = capsys.readouterr()
    assert message in told.err.splitlines()[-1] and not told.out


def test_wrong_images(work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    images = tmp_path / "x.npz"
    write_arrays(images, {INPUT: np.zeros((3, 8, 8), np.float32)})
    for other in (MODEL, work / "project"):
        assert vaqf(["compare", str(MODEL), str(other), "--input", str(images)]) == 2
        assert "has shape (3, 8, 8), expected" in capsys.readouterr().err
    assert vaqf(["compare", str(MODEL), str(MODEL), "--input", str(tmp_path / "y.npz")]) == 2
    assert "y.npz: cannot be read" in capsys.readouterr().err


def test_nothing_in_common(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ir = work / "project" / "ir"
    text = (ir / "01-vit.mlir").read_text()
    (ir / "renamed.mlir").write_text(text.replace('loc("/', 'loc("/other/').replace("logits", "z"))
    assert run(work, MODEL, ir / "renamed.mlir") == 2
    assert "there is no layer in common: " in capsys.readouterr().err


def test_other_inputs(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ir = work / "project" / "ir"
    text = (ir / "01-vit.mlir").read_text()
    (ir / "image.mlir").write_text(
        text.replace('vaqf.name = "pixel_values"', 'vaqf.name = "image"')
    )
    assert run(work, MODEL, ir / "image.mlir") == 2
    assert "image.mlir takes image, but " in capsys.readouterr().err


@pytest.mark.parametrize(
    "fixture",
    [each for each in fixtures() if each.writer == "legacy14"],
    ids=lambda each: str(each.name),
)
def test_families(fixture: Fixture) -> None:
    """Whoever wrote a model: what is found to be of one layer is equal."""
    to_vit = until(Level.VIT, stages(Options()))
    vit, parameters = compile_model(fixture.file, fixture.file.name, to_vit, lambda _: None)
    reference = OnnxRuntime.open(fixture.file)
    other = InterpretedNetwork.of(vit, parameters)
    told = compare(reference, other, {INPUT: fixture.images(1)}, Criterion(1e-4))
    beyond = [each.layer.name for each in told.layers if told.criterion.is_beyond(each.measure)]
    # The halves of two heads that are averaged are folded into their weights.
    heads = [each for each in beyond if "head" in each or "classifier" in each]
    assert beyond == heads and len(heads) in (0, 2)
    assert len(told.layers) >= 20
