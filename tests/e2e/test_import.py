"""From exported models to the vit dialect, with the same results at every level."""

import re
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from tests.models.full_size import write_full_size_model
from vaqf.frontends.onnx import ModelFile, import_model
from vaqf.interpreters.execute import execute
from vaqf.passes.raise_onnx_to_vit import RaiseOnnxToVitPass
from vaqf.passes.select_token_early import SelectTokenEarlyPass

MODELS = Path(__file__).parents[1] / "models"
SMALL_MODELS = sorted(MODELS.glob("small_vit.*.onnx"))


def raise_to_vit(module: ModuleOp) -> None:
    for step in (RaiseOnnxToVitPass(), SelectTokenEarlyPass()):
        step.apply(Context(), module)
        module.verify()


def without_names(module: ModuleOp) -> str:
    """The text of a module without what exporters call things."""
    text = str(module)
    assert module.attributes
    text = text.replace(str(module.attributes["vaqf.model"]), "MODEL")
    text = re.sub(r'vit\.parameter @("[^"]*"|[\w.]+)', "vit.parameter @NAME", text)
    numbers: dict[str, str] = {}
    return re.sub(r"%\w+", lambda match: numbers.setdefault(match[0], f"%{len(numbers)}"), text)


def run_onnx_runtime(file: Path, images: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(file)
    (logits,) = session.run(None, {"pixel_values": images})
    return logits


def check_levels(file: Path, size: int) -> None:
    """Both levels of a model agree with ONNX Runtime within 1e-4 of the largest logit."""
    images = np.random.default_rng(7).standard_normal((1, 3, size, size), np.float32)
    expected = run_onnx_runtime(file, images)
    tolerance = 1e-4 * np.abs(expected).max()
    module, weights = import_model(file, file.name), ModelFile.open(file)

    def difference() -> float:
        logits = execute(module, {"pixel_values": images}, weights)["logits"]
        assert logits.shape == expected.shape and logits.dtype == np.float32
        return float(np.abs(logits - expected).max())

    assert difference() < tolerance
    raise_to_vit(module)
    assert difference() < tolerance


def test_full_size_model(tmp_path: Path):
    check_levels(write_full_size_model("deit_tiny.dynamo18", tmp_path), 224)


def test_small_models_are_there():
    """Both kinds of attention, exporters and batches, and one model with external data."""
    assert len(SMALL_MODELS) == 9


@pytest.mark.parametrize("file", SMALL_MODELS, ids=lambda file: file.stem)
def test_small_model(file: Path):
    check_levels(file, 32)


@pytest.mark.parametrize("file", SMALL_MODELS[1:], ids=lambda file: file.stem)
def test_exporters_agree(file: Path):
    """However the same network is exported, its vit level is the same but for names."""
    first, other = (import_model(each, each.name) for each in (SMALL_MODELS[0], file))
    raise_to_vit(first)
    raise_to_vit(other)
    assert without_names(first) == without_names(other)
