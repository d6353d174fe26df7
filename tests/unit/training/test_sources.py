"""What a user says of a model that is made."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
import pytest
from torch import nn

import vaqf.training.sources
from tests.models.fixtures import FOLDER
from vaqf.compiler.evaluation.preprocessing import MEAN_PROPERTY, STD_PROPERTY
from vaqf.dialects.diagnostics import UserError
from vaqf.training.sources import Value, parse_arguments, start_from


def test_values_have_the_type_that_they_look_like() -> None:
    texts = ["depth=4", "drop_rate=0.1", "qkv_bias=False", "global_pool=avg", "img_size=(28, 28)"]
    assert parse_arguments(texts) == {
        "depth": 4,
        "drop_rate": 0.1,
        "qkv_bias": False,
        "global_pool": "avg",
        "img_size": (28, 28),
    }


@pytest.mark.parametrize("text", ["depth", "depth=", "=4", "a b=4"])
def test_what_is_no_argument(text: str) -> None:
    message = f"'{text}' is no argument of a model, expected one such as depth=4"
    with pytest.raises(UserError, match=re.escape(message)):
        parse_arguments([text])


def small_model(
    name: str, arguments: Mapping[str, Value], *, pretrained: bool
) -> tuple[nn.Module, Sequence[int], Sequence[Sequence[float]]]:
    """In the place of what timm makes: a layer with so many outputs as there are blocks."""
    depth = arguments["depth"]
    assert isinstance(depth, int)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, depth)), (3, 2, 2), ((0.1,) * 3, (0.2,) * 3)


def test_a_model_that_is_made_is_not_that_of_an_earlier_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vaqf.training.sources, "_timm_model", small_model)
    file = tmp_path / "run" / "start.onnx"

    def start(depth: int, *, resume: bool = False, is_first: bool = True) -> bytes:
        arguments = {"depth": depth}
        start_from("timm:small", arguments, 7, file, resume=resume, is_first=is_first)
        return file.read_bytes()

    first = start(1)
    second = start(2)
    assert len(second) > len(first)
    assert start(2, resume=True) == second
    with pytest.raises(UserError, match="began with another model than timm:small is now"):
        start(1, resume=True)
    assert start(1, is_first=False) == second, "only the first process writes"


def test_a_model_that_was_trained_says_what_pixels_it_expects(tmp_path: Path) -> None:
    exported = FOLDER / "timm_fused.legacy17.onnx"
    assert start_from(str(exported), {}, 7, tmp_path / "start.onnx").pixels is None
    model = onnx.ModelProto.FromString(exported.read_bytes())
    for name, numbers in ((MEAN_PROPERTY, "0.1 0.2 0.3"), (STD_PROPERTY, "0.4 0.5 0.6")):
        model.metadata_props.add(key=name, value=numbers)
    trained = tmp_path / "float.onnx"
    trained.write_bytes(model.SerializeToString())
    start = start_from(str(trained), {}, 7, tmp_path / "start.onnx")
    assert start.file == trained
    assert start.pixels == ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
