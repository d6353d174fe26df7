"""Everything about one layer: `vaqf explain`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from vaqf.compiler.cli import main as vaqf

MNIST = Path(__file__).parents[2] / "examples" / "mnist"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the bundled model."""
    folder = tmp_path_factory.mktemp("explain") / "mnist"
    model, calibration = MNIST / "mnist_vit.onnx", MNIST / "calibration.npz"
    assert vaqf(["compile", str(model), "--calibration", str(calibration), "-o", str(folder)]) == 0
    return folder


def page(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is printed."""
    capsys.readouterr()
    assert vaqf(["explain", *arguments]) == 0
    return capsys.readouterr().out


def section(text: str, title: str) -> str:
    """A part of a page."""
    return re.split(r"^## ", text.partition(f"\n## {title}")[2], flags=re.MULTILINE)[0]


def test_layers_are_listed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = page(capsys, str(project)).splitlines()
    assert "patch_embed.proj" in layers[:3] and layers[-1] == "head"
    qkv = "attn.qkv.query attn.qkv.key attn.qkv.value"
    parts = f"norm1 {qkv} attn attn.proj norm2 mlp.fc1 mlp.act mlp.fc2"
    of_block = [each for each in layers if each.startswith("blocks.2.")]
    assert of_block == [f"blocks.2.{each}" for each in parts.split()]


def test_a_linear_layer(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = str(MNIST / "calibration.npz")
    told = page(capsys, str(project), "blocks.2.mlp.fc1", "--input", samples)
    nodes = section(told, "Nodes of the model")
    assert "// /blocks/2/mlp/fc1/MatMul\n%fc1_MatMul_2 = onnx.MatMul" in nodes
    assert "vit.linear" in section(told, "vit")
    assert "quant.requantize %blocks_2_mlp_fc1_sums" in section(told, "quantized")
    assert 'epilogues = ["gelu"]' in section(told, "lower-vit-to-accel")
    assert "func.call @binary_matmul" in section(told, "estimate-performance")
    (row,) = re.findall(r"\| %blocks_2_mlp_fc1 \|.*", section(told, "Numbers"))
    assert re.search(r"8 bits, signed .* \| \d+ of 819,200 \(\d\.\d\d%\) \|$", row)
    hardware = section(told, "Hardware")
    assert re.search(
        r"\| binary_matmul \| blocks\.\{0-3\}\.\{mlp\.fc1, mlp\.act\} \| 4 \| [\d,]+ \|", hardware
    )
    assert "64 output channels x 64 input channels x 4 tokens, 16,384 products" in hardware


def test_lines_are_those_of_the_source(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys, str(project), "blocks.1.attn")
    top, engine = re.findall(r"`(src/\w+\.cpp):(\d+)`", section(told, "C++"))
    assert (top[0], engine[0]) == ("src/top.cpp", "src/attention.cpp")
    lines = (project / top[0]).read_text().splitlines()
    assert lines[int(top[1]) - 1].strip() == "// blocks.{0-3}.attn"
    assert lines[int(top[1])].strip() == "attention("
    assert (
        (project / engine[0])
        .read_text()
        .splitlines()[int(engine[1]) - 1]
        .startswith("void attention(")
    )


def test_a_layer_that_became_part_of_another(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = page(capsys, str(project), "/blocks/0/mlp/act/Gelu")
    assert told.startswith("# blocks.0.mlp.act\n")
    assert "vit.gelu" in section(told, "vit")
    assert 'epilogues = ["gelu"]' in section(told, "lower-vit-to-accel")
    assert "func.call @binary_matmul" in section(told, "estimate-performance")
    assert "blocks.{0-3}.{mlp.fc1, mlp.act}" in section(told, "Hardware")


def test_a_layer_without_an_engine(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys, str(project), "/blocks/0/Add")
    assert told.startswith("# blocks.0\n")
    assert "vit.add" in section(told, "vit")
    assert "func.call" not in section(told, "estimate-performance")
    assert "No engine is called for it." in section(told, "Hardware")


def test_values_that_are_cut_off(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An image a hundred times as bright does not fit into the formats."""
    with np.load(MNIST / "calibration.npz") as file:
        images = file["pixel_values"][:2]
    np.savez(tmp_path / "bright.npz", pixel_values=images * np.float32(100))
    samples = str(tmp_path / "bright.npz")
    told = page(capsys, str(project), "patch_embed.proj", "--input", samples)
    (share,) = re.findall(r"patch_embed_proj_pixels .*\((\d+\.\d\d)%\)", section(told, "Numbers"))
    assert float(share) > 50


def test_a_file_is_written(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "head.md"
    assert vaqf(["explain", str(project), "head", "-o", str(file)]) == 0
    assert file.read_text().startswith("# head\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["blocks.0.mlp.fc3"], "the model has no layer 'blocks.0.mlp.fc3', did you mean "),
        (["blocks.0.mlp"], "'blocks.0.mlp' is several layers: blocks.0.mlp.fc1, "),
        (["--input", "x.npz"], "--input needs a layer; without it the layers are listed"),
        (["head", "--input", "missing.npz"], "missing.npz: cannot be read: "),
    ],
)
def test_mistakes(
    project: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vaqf(["explain", str(project), *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error.splitlines()[-1] and "Traceback" not in error


def test_projects_that_are_not_whole(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vaqf(["explain", str(tmp_path), "head"]) == 2
    assert "is not a project that vaqf compile wrote" in capsys.readouterr().err
    broken = tmp_path / "broken"
    shutil.copytree(project, broken)
    (broken / "ir" / "02-quantized.mlir").unlink()
    assert vaqf(["explain", str(broken), "head"]) == 2
    assert "has no stage 'quantized', compile the model again" in capsys.readouterr().err
    shutil.rmtree(broken / "ir")
    assert vaqf(["explain", str(broken)]) == 2
    assert "has no IR, compile the model again" in capsys.readouterr().err
