"""Tests of finding the model that IR refers to."""

import os
import shutil
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.model_resolution import (
    ModelSearch,
    open_model,
    open_parameters,
    searching_models,
)
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.model_reference import ModelReference
from vaqf.frontends.onnx import ModelFile
from vaqf.interpreters.parameters import NoTensors

MODELS = Path(__file__).parents[2] / "models"
MODEL = MODELS / "families" / "timm_patch8.legacy17.onnx"
OTHER = MODELS / "families" / "timm_patch8.dynamo18.onnx"
HASH = ModelFile.open(MODEL).sha256


def module_for(file: str, sha256: str = HASH) -> ModuleOp:
    module = ModuleOp([])
    ModelReference(file, sha256).record_in(module)
    return module


def found(search: ModelSearch, file: str) -> Path:
    with searching_models(search):
        model = open_model(module_for(file))
    assert model is not None
    return model.path.resolve()


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory beside an empty `ir`."""
    (tmp_path / "ir").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def test_beside_the_ir_comes_first(folders: Path) -> None:
    shutil.copy(MODEL, folders / "ir" / "m.onnx")
    shutil.copy(OTHER, folders / "work" / "m.onnx")
    assert found(ModelSearch(folders / "ir" / "x.mlir"), "m.onnx") == folders / "ir" / "m.onnx"


def test_working_directory_comes_second(folders: Path) -> None:
    shutil.copy(MODEL, folders / "work" / "m.onnx")
    assert found(ModelSearch(folders / "ir" / "x.mlir"), "m.onnx") == folders / "work" / "m.onnx"
    assert found(ModelSearch(), "m.onnx") == folders / "work" / "m.onnx"


def test_absolute_path(folders: Path) -> None:
    assert found(ModelSearch(folders / "ir" / "x.mlir"), str(MODEL)) == MODEL


def test_override(folders: Path) -> None:
    search = ModelSearch(folders / "ir" / "x.mlir", override=Path(os.path.relpath(MODEL)))
    assert found(search, "nowhere.onnx") == MODEL


def test_missing_model_says_where_it_was_looked_for(folders: Path) -> None:
    with pytest.raises(UserError) as caught:
        found(ModelSearch(Path("../ir/x.mlir")), "m.onnx")
    assert str(caught.value) == (
        "the model file is not there: looked for '../ir/m.onnx' and 'm.onnx'; --model names another"
    )


def test_other_model_is_refused() -> None:
    with searching_models(ModelSearch(override=OTHER)), pytest.raises(UserError) as caught:
        open_model(module_for("m.onnx"))
    assert str(caught.value) == (
        f"{OTHER}: is not the model that the IR was made from, "
        f"expected SHA-256 {HASH}, got {ModelFile.open(OTHER).sha256}"
    )


def test_model_is_opened_once() -> None:
    with searching_models(ModelSearch()):
        assert open_model(module_for(str(MODEL))) is open_model(module_for(str(MODEL)))


def test_module_without_model_has_no_tensors() -> None:
    assert open_model(ModuleOp([])) is None
    assert isinstance(open_parameters(ModuleOp([])), NoTensors)
