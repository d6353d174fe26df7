"""From a model to a project with `vaqf`, and what one can do with the project."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.opt import main as vaqf_opt

MODEL = Path(__file__).parents[1] / "models" / "families" / "timm_patch8.legacy17.onnx"


def contents(folder: Path) -> Mapping[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def logits_in(file: Path) -> NDArray[np.float32]:
    return np.load(file)["logits"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has calibration data, test images, and the project `a` that was made with them."""
    folder = tmp_path_factory.mktemp("compile")
    random = np.random.default_rng(0)
    for name, count in (("calibration", 4), ("images", 3)):
        images = random.standard_normal((count, 3, 32, 32), np.float32)
        np.savez(folder / f"{name}.npz", pixel_values=images)
    assert compile_to(folder / "a", folder) == 0
    return folder


def compile_to(project: Path, folder: Path, *options: str) -> int:
    calibration = str(folder / "calibration.npz")
    return vaqf(["compile", str(MODEL), "--calibration", calibration, "-o", str(project), *options])


def test_same_input_same_bytes(folder: Path) -> None:
    assert compile_to(folder / "b", folder) == 0
    assert contents(folder / "b") == contents(folder / "a")


def test_manifest_says_what_made_it(folder: Path) -> None:
    manifest = json.loads((folder / "a" / "manifest.json").read_text())
    assert manifest["model"] == {
        "file": str(MODEL),
        "sha256": sha256(MODEL.read_bytes()).hexdigest(),
    }
    assert manifest["options"]["activation-bits"] == 8
    assert [each["name"] for each in manifest["inputs"]] == ["pixel_values"]
    assert [each["shape"] for each in manifest["outputs"]] == [[1, 10]]


def test_printed_pipeline_gives_the_same_project(folder: Path) -> None:
    pipeline = json.loads((folder / "a" / "manifest.json").read_text())["pipeline"]
    for file in ("src/top.cpp", "include/formats.hpp", "src/binary_matmul.cpp"):
        output, target = folder / "file", f"hls{{file={file}}}"
        assert vaqf_opt([str(MODEL), "-p", pipeline, "-t", target, "-o", str(output)]) == 0
        assert output.read_bytes() == (folder / "a" / file).read_bytes()


RECIPE = """
blocks[0].mlp.*: w1a6;  # narrower than the rest
blocks[*].attn: a5;
blocks[*].attn.*: w1a8;
patch_embed, head: w8a8;
board zcu102 { lut 70%; clock 150MHz }
"""


def test_recipe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Widths by layer need no more engines, and the project and the printed pipeline agree."""
    file = folder / "mine.recipe"
    file.write_text(RECIPE)
    project = folder / "recipe"
    assert compile_to(project, folder, "--recipe", f"@{file}") == 0
    assert "at 150 MHz on zcu102" in capsys.readouterr().err
    engines = {each.name for each in (folder / "a" / "src").iterdir()}
    assert {each.name for each in (project / "src").iterdir()} == engines
    manifest = json.loads((project / "manifest.json").read_text())
    assert manifest["options"]["recipe"] == (
        "blocks[0].mlp.*: w1a6; blocks[*].attn: a5; blocks[*].attn.*: w1a8; patch_embed, head: w8a8"
    )
    output = folder / "top.cpp"
    target = ["-t", "hls{file=src/top.cpp}", "-o", str(output)]
    assert vaqf_opt([str(MODEL), "-p", manifest["pipeline"], *target]) == 0
    assert output.read_bytes() == (project / "src" / "top.cpp").read_bytes()
    assert "for (int layer = 0; layer < kLayers; ++layer) {" in output.read_text()
    assert vaqf(["csim", str(project)]) == 0
    assert "all equal" in capsys.readouterr().out


def test_mistakes_in_a_recipe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compile_to(folder / "new", folder, "--recipe", "head: w3") == 2
    assert capsys.readouterr().err == (
        "vaqf: error: recipe:1:7: weight bits are 3, accepted are 1, 8 and 16\nhead: w3\n      ^^\n"
    )
    assert compile_to(folder / "new", folder, "--recipe", "blocks[0].mpl: a6") == 2
    assert capsys.readouterr().err.splitlines()[-3:] == [
        "vaqf: error: precision:1:1: no layer is called 'blocks[0].mpl', "
        "the nearest is 'blocks.0.mlp.fc2'",
        "blocks[0].mpl: a6",
        "^^^^^^^^^^^^^",
    ]
    assert compile_to(folder / "new", folder, "--recipe", "board u250 {}", "--board", "u280") == 2
    assert "--board is 'u280', and the recipe is for 'u250'" in capsys.readouterr().err


def test_every_stage_reads_back_and_goes_on(folder: Path) -> None:
    pipeline = json.loads((folder / "a" / "manifest.json").read_text())["pipeline"]
    *stages, last = sorted((folder / "a" / "ir").iterdir())
    for file in stages:
        # The IR of the levels is named after them, that of single passes after the pass.
        done = {"00-onnx": 0, "01-vit": pipeline.index("binarize-weights")}.get(file.stem)
        if file.stem == "02-quantized":
            done = pipeline.index("lower-vit-to-accel")
        if done is None:
            name = file.stem[3:]
            done = pipeline.index(",", pipeline.index(name)) + 1
        output = folder / "out.mlir"
        arguments = [str(file), "-p", pipeline[done:], "--print-debuginfo", "-o", str(output)]
        assert vaqf_opt(arguments) == 0
        assert output.read_text() == last.read_text(), file.name


def test_simulation_answers_as_the_ir_does(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, images = folder / "a", str(folder / "images.npz")
    assert vaqf(["csim", str(project)]) == 0
    assert "all equal" in capsys.readouterr().out
    assert vaqf(["csim", str(project), "--input", images, "-o", str(folder / "csim.npz")]) == 0
    for ir in ("02-quantized", "13-estimate-performance"):
        file = str(project / "ir" / f"{ir}.mlir")
        assert vaqf(["run", file, "--input", images, "-o", str(folder / "run.npz")]) == 0
        np.testing.assert_array_equal(logits_in(folder / "run.npz"), logits_in(folder / "csim.npz"))


def test_failure_leaves_the_project_as_it_was(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    tile = "binary-matmul=64,48,4"
    assert compile_to(folder / "a", folder, "--tile", tile) == 2
    assert compile_to(folder / "new", folder, "--tile", tile) == 2
    assert "48 input channels" in capsys.readouterr().err.splitlines()[-1]
    assert contents(folder) == before
    assert not (folder / "new").exists()
