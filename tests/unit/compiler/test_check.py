"""Tests of `vaqf check`, and of what `vaqf compile` says of a model that it refuses."""

import json
import shutil
from math import prod
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import pytest

from vaqf.compiler.cli import main
from vaqf.compiler.compatibility import check_model

MODELS = Path(__file__).parents[2] / "models"
REFUSED = MODELS / "refused"


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """A post-norm Vision Transformer whose weights are zeros."""
    path = tmp_path / "post_norm_vit.onnx"
    shutil.copy(REFUSED / path.name, path)
    tensors = onnx.ModelProto.FromString(path.read_bytes()).graph.initializer
    with (tmp_path / "weights_are_not_included").open("wb") as file:
        file.truncate(4 * max(prod(tensor.dims) for tensor in tensors))
    return path


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "families/timm_patch8.legacy17",
            [
                "encoder  2 blocks, 36 channels, 3 heads, 144 channels in the MLP",
                "tokens   17, from patches of 8 x 8 of an image of 3 x 32 x 32",
                "head     linear on token 0: logits (1 x 10)",
                "weights  float",
                "writer   pytorch 2.13.0, opset 17",
            ],
        ),
        (
            "families/simple_vit.dynamo18",
            [
                "encoder  2 blocks, 20 channels, 2 heads, 40 channels in the MLP",
                "tokens   16, from patches of 4 x 4 of an image of 3 x 16 x 16",
                "head     linear on the mean of the tokens: logits (1 x 7)",
                "weights  float",
                "writer   pytorch 2.13.0+cpu, opset 18",
            ],
        ),
        (
            "families/timm_distilled.legacy17",
            [
                "encoder  2 blocks, 20 channels, 2 heads, 40 channels in the MLP",
                "tokens   18, from patches of 4 x 4 of an image of 3 x 16 x 16",
                "head     linear on tokens 0 and 1: logits (1 x 7)",
                "weights  float",
                "writer   pytorch 2.13.0, opset 17",
            ],
        ),
    ],
)
def test_a_supported_model_is_described(
    name: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = MODELS / f"{name}.onnx"
    assert main(["check", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.splitlines() == [f"{path}: supported", *(f"  {each}" for each in lines)]


def test_a_supported_model_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    path = MODELS / "families" / "timm_average_no_class.legacy17.onnx"
    assert main(["check", "--json", str(path)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(path),
        "supported": True,
        "findings": [],
        "recognized": [],
        "writer": {"producer": "pytorch 2.13.0", "opsets": {"ai.onnx": 17}},
        "model": {
            "image": [3, 16, 16],
            "patch": [4, 4],
            "tokens": 16,
            "channels": 20,
            "blocks": 2,
            "heads": 2,
            "mlp_channels": 40,
            "head": "linear",
            "pooling": "the mean of the tokens",
            "outputs": {"logits": [1, 7]},
            "weights": "float",
        },
    }


def test_a_refused_model_is_told_on_the_standard_error(
    refused: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(refused)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{check_model(refused).refusal}\n"
    assert captured.err.startswith(f"{refused}: 3 nodes cannot become part of a Vision ")


def expected_data(path: Path) -> dict[str, object]:
    norms = ("layers.0/norm1", "layers.0/norm2", "layers.1/norm1")
    return {
        "file": str(path),
        "supported": False,
        "findings": [
            {
                "node": f"/blocks/{norm}/LayerNormalization",
                "operator": "LayerNormalization",
                "domain": "",
                "opset": 17,
                "inputs": [[1, 17, 32], [32], [32]],
                "outputs": [[1, 17, 32]],
                "reason": "it normalises a residual sum that is then added to (post-norm), "
                "accepted is pre-norm",
                "group": 0,
            }
            for norm in norms
        ],
        "recognized": [
            {
                "name": "post-norm, as in BERT and the first Transformer",
                "because": "residual sums are normalised before they are added to, at "
                "/blocks/layers.0/norm1/LayerNormalization and 2 more",
            }
        ],
        "writer": {"producer": "pytorch 2.13.0", "opsets": {"ai.onnx": 17}},
        "model": None,
    }


def test_a_refused_model_as_data(refused: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(refused)]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out) == expected_data(refused)


def test_factors_that_no_layer_takes_are_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = MODELS / "families" / "timm_fused.legacy17.onnx"
    model = onnx.ModelProto.FromString(source.read_bytes())
    graph = model.graph
    half = onnx.numpy_helper.from_array(np.array(0.5, np.float32), "half")
    graph.initializer.append(half)
    for index, node in reversed(list(enumerate(graph.node))):
        if node.op_type == "Softmax":
            probabilities, node.output[0] = node.output[0], f"{node.output[0]}_whole"
            factor = onnx.helper.make_node(
                "Mul", [node.output[0], "half"], [probabilities], f"{node.name}/half"
            )
            graph.node.insert(index + 1, factor)
    path = tmp_path / "halves.onnx"
    path.write_bytes(model.SerializeToString())
    assert main(["check", str(path), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert not data["supported"]
    assert [each["operator"] for each in data["findings"]] == ["Mul", "Mul"]
    assert {each["reason"] for each in data["findings"]} == {
        "it multiplies a softmax, accepted are factors that a linear layer before or behind them "
        "can take"
    }
    assert all(each["node"].endswith("/Softmax/half") for each in data["findings"])


def test_compile_refuses_with_the_same_data(
    refused: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "project"
    assert main(["compile", "--json", str(refused), "-o", str(output)]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out) == expected_data(refused)
    assert f"vaqf: error: {check_model(refused).refusal}\n" in captured.err
    assert not output.exists()


def test_compile_gives_the_estimate_as_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = str(MODELS / "families" / "timm_fused.legacy17.onnx")
    output = tmp_path / "project"
    assert main(["compile", "--json", model, "-o", str(output)]) == 0
    told = json.loads(capsys.readouterr().out)
    report = json.loads((output / "report" / "estimate.json").read_text())
    assert told == {
        "file": model,
        "supported": True,
        "project": str(output),
        "estimate": report,
    }


def test_json_describes_projects_only(capsys: pytest.CaptureFixture[str]) -> None:
    model = str(MODELS / "families" / "timm_patch8.legacy17.onnx")
    assert main(["compile", "--json", model, "--stop-after", "vit"]) == 2
    assert "--json describes a project, --stop-after writes none" in capsys.readouterr().err


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"no model")
    message = f"{path}: is not an ONNX model, or is not complete"
    assert main(["check", "--json", str(path)]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"file": str(path), "supported": False, "error": message}
    assert captured.err == f"vaqf: error: {message}\n"
