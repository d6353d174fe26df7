"""Names of a model's inputs and outputs stay clear of those that every project has."""

import subprocess
from pathlib import Path

import onnx
import pytest

from vaqf.backends.hls.fixed_names import port_name
from vaqf.compiler.cli import main as vaqf

MODEL = Path(__file__).parents[2] / "models" / "families" / "timm_patch8.legacy17.onnx"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("pixel_values", "pixel_values"),
        ("weights", "weights"),
        ("image", "image"),
        ("checkpoint", "model_checkpoint"),
        ("clamp", "model_clamp"),
        ("input", "input"),
    ],
)
def test_port_name(wanted: str, name: str) -> None:
    assert port_name(wanted) == name


@pytest.mark.parametrize(
    ("image", "logits"),
    [
        ("input", "output"),
        ("weights", "constants"),
        ("word", "checkpoint"),
        ("layer_norm_input", "attention_result"),
        ("*/ int", "a\nb"),
    ],
)
def test_projects_compile(image: str, logits: str, tmp_path: Path) -> None:
    model = onnx.ModelProto.FromString(MODEL.read_bytes())
    renamed = {model.graph.input[0].name: image, model.graph.output[0].name: logits}
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = [renamed.get(name, name) for name in names]
    model.graph.input[0].name, model.graph.output[0].name = image, logits
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    project = tmp_path / "project"
    assert vaqf(["compile", str(tmp_path / "model.onnx"), "-o", str(project)]) == 0
    # Names matter to the parser alone, and optimisation only takes time.
    for source in (*(project / "src").glob("*.cpp"), project / "tb" / "testbench.cpp"):
        folders = ["-I", str(project / "include"), "-I", str(project / "tb")]
        command = ["g++", "-std=c++14", "-fsyntax-only", *folders, "-I", str(project / "csim")]
        command += ["-I", str(project / "weights")]
        subprocess.run([*command, str(source)], check=True)
