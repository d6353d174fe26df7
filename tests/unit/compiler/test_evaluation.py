"""Labelled images, what is done to them, and what is counted."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.models.fixtures import FOLDER
from vaqf.compiler.arrays import write_arrays
from vaqf.compiler.evaluation.data import Data, open_data
from vaqf.compiler.evaluation.predictors import Target
from vaqf.compiler.evaluation.preprocessing import Preprocessing, recorded_pixels
from vaqf.compiler.evaluation.scores import Scores, Share, best_classes
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.samples import Input

INPUT = Input("pixel_values", (1, 3, 8, 8), None)


def preprocessing() -> Preprocessing:
    return Preprocessing.of((3, 8, 8))


def folder(path: Path, classes: Sequence[str], images: int = 2) -> Path:
    for number, name in enumerate(classes):
        (path / name).mkdir(parents=True)
        for image in range(images):
            colour = (40 * number, 10 * image, 0)
            Image.new("RGB", (12, 9), colour).save(path / name / f"{image}.png")
    return path


def load(data: Data) -> list[list[float]]:
    """Red and green of the first pixel of each image, before it was normalized."""
    given = preprocessing()
    images = data.part(np.arange(len(data))).load()
    pixels = images[:, :2, 0, 0] * np.array(given.std[:2]) + np.array(given.mean[:2])
    return (pixels * 255).round(2).tolist()


def test_folder(tmp_path: Path) -> None:
    data = open_data(folder(tmp_path / "x", ["b", "a"]), INPUT, 2, preprocessing)
    assert data.classes == ["a", "b"]
    assert data.labels.tolist() == [0, 0, 1, 1]
    assert load(data) == [[40, 0], [40, 10], [0, 0], [0, 10]]


def test_validation_images_are_taken_where_there_are_some(tmp_path: Path) -> None:
    folder(tmp_path / "train", ["a", "b"], 3)
    folder(tmp_path / "test", ["a", "b"], 3)
    folder(tmp_path / "val", ["a", "b"], 1)
    assert len(open_data(tmp_path, INPUT, 2, preprocessing)) == 2


def test_pixels_that_were_trained_on(tmp_path: Path) -> None:
    """Those for validation are taken, as they are where they have the size of the input."""
    pixels = np.zeros((6, 8, 8, 3), np.uint8)
    pixels[:, 0, 0, 0] = [0, 40, 80, 120, 160, 200]
    labels, split = np.array([0, 1, 0, 1, 0, 1]), np.array([0, 0, 0, 1, 1, 1])
    np.savez(tmp_path / "x.npz", images=pixels, labels=labels, split=split)
    data = open_data(tmp_path / "x.npz", INPUT, 2, preprocessing)
    assert data.labels.tolist() == [1, 0, 1]
    assert load(data) == [[120, 0], [160, 0], [200, 0]]
    with pytest.raises(UserError, match=r"has 2 classes .*, but the head of the model has 3"):
        open_data(tmp_path / "x.npz", INPUT, 3, preprocessing)


def test_quantized_models_are_executed_by_who_knows_their_operators() -> None:
    models = Path(__file__).parents[2] / "models"
    assert Target(models / "quantized" / "qonnx_w1a4.onnx").open().how == "VAQF"
    assert Target(models / "quantized" / "qdq_int8_per_tensor.onnx").open().how == "ONNX Runtime"


@pytest.mark.parametrize(
    ("classes", "images", "message"),
    [
        ([], 0, "has no images, expected a folder for each class with .bmp"),
        (["a", "b"], 0, "has no images"),
        (["a", "b"], 1, "has 2 classes (a, b), but the head of the model has 3"),
        (["a", "b", "c", "d"], 1, "has 4 classes (a, b, c, ...), but the head of the model has 3"),
    ],
)
def test_folders_that_do_not_fit(
    tmp_path: Path, classes: Sequence[str], images: int, message: str
) -> None:
    tmp_path.joinpath("x").mkdir()
    for name in classes:
        folder(tmp_path / "x", [name], images)
    with pytest.raises(UserError) as error:
        open_data(tmp_path / "x", INPUT, 3, preprocessing)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no image", "1.png: is no image that can be read"),
        (None, "1.png: is no image that can be read: image file is truncated"),
    ],
)
def test_a_broken_image_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    data = open_data(folder(tmp_path / "x", ["a"]), INPUT, 1, preprocessing)
    file = tmp_path / "x" / "a" / "1.png"
    if content is None:
        noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
        Image.fromarray(noise).save(file)
        content = file.read_bytes()[:4000]
    file.write_bytes(content)
    data.part(np.array([0])).load()
    with pytest.raises(UserError) as error:
        data.part(np.array([0, 1])).load()
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        ((2, 3, 8, 8), None, "has no array 'labels'"),
        ((2, 3, 8, 8), [0, 1, 1], "'labels' is int64 of shape (3,), expected integers of shape"),
        ((2, 3, 8, 8), [0.0, 1.0], "'labels' is float64"),
        ((2, 3, 8, 8), [0, 2], "'labels' has classes 0 to 2, but the head of the model has 2"),
        ((2, 3, 9, 8), [0, 1], "input 'pixel_values' has shape (2, 3, 9, 8), expected"),
    ],
)
def test_arrays_that_do_not_fit(
    tmp_path: Path, images: tuple[int, ...], labels: list[float] | None, message: str
) -> None:
    arrays = {"pixel_values": np.zeros(images, np.float32)}
    labelled = {} if labels is None else {"labels": np.array(labels)}
    write_arrays(tmp_path / "x.npz", {**arrays, **labelled})
    with pytest.raises(UserError) as error:
        open_data(tmp_path / "x.npz", INPUT, 2, preprocessing)
    assert message in str(error.value)


def test_the_centre_is_cropped_and_normalized() -> None:
    """A picture of 16 x 32 pixels, whose columns differ, at half its size."""
    columns = np.repeat(np.arange(32, dtype=np.uint8)[np.newaxis], 16, axis=0)
    given = Preprocessing.of(
        (1, 6, 6), resize=8, interpolation="nearest", mean=(0.0,), std=(1 / 255,)
    )
    found = given(Image.fromarray(columns))
    assert found.shape == (1, 6, 6) and found.dtype == np.float32
    # Of 16 columns, 5 are left out on either side; each stands for two of the picture.
    assert np.abs(found[0] - (2 * np.arange(5, 11) + 0.5)).max() <= 0.501


def test_models_say_how_pixels_are_normalized(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    model = onnx.ModelProto.FromString((FOLDER / "timm_fused.legacy17.onnx").read_bytes())

    def save(**properties: str) -> None:
        del model.metadata_props[:]
        for name, value in properties.items():
            model.metadata_props.add(key=f"vaqf.{name}", value=value)
        file.write_bytes(model.SerializeToString())

    save(mean="0.1 0.2 0.3")
    assert recorded_pixels(file) is None
    save(mean="0.1 0.2 0.3", std="0.4 0.5 0.6")
    assert recorded_pixels(file) == ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    save(mean="0.1 0.2 x", std="0.4 0.5 0.6")
    with pytest.raises(UserError, match=r"'vaqf\.mean' or 'vaqf\.std' is no list of numbers"):
        recorded_pixels(file)


def test_pictures_of_the_right_size_stay_as_they_are() -> None:
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    picture = Image.fromarray(pixels)
    np.testing.assert_array_equal(Preprocessing.of((1, 8, 8)).pixels(picture)[0], pixels)
    resized = Preprocessing.of((1, 8, 8), resize=9).pixels(picture)[0]
    assert resized.shape == (8, 8) and not np.array_equal(resized, pixels)


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((4, 8, 8), {}, "the model takes (4, 8, 8), expected (colours, height, width)"),
        ((17, 20), {}, "the model takes (17, 20)"),
        ((3, 8, 8), {"resize": 7}, "--resize is 7, the model takes 8 x 8 pixels"),
        ((3, 8, 8), {"mean": (0.5, 0.5)}, "--mean has 2 numbers, expected 1 or 3"),
        ((3, 8, 8), {"std": (float("nan"),)}, "--std is nan, it must be positive"),
        ((3, 8, 8), {"mean": (float("inf"),)}, "--mean is inf, it must be finite"),
        ((3, 8, 8), {"std": (0.5, 0.0, 1.0)}, "--std is 0.5, 0.0, 1.0, it must be positive"),
    ],
)
def test_preprocessing_that_makes_no_sense(
    shape: tuple[int, ...], options: dict[str, object], message: str
) -> None:
    with pytest.raises(UserError) as error:
        Preprocessing.of(shape, **options)  # pyright: ignore[reportArgumentType]
    assert message in str(error.value)


@given(st.integers(1, 60), st.data())
def test_intervals_hold_the_share_and_are_the_shares_that_could_be(
    total: int, data: st.DataObject
) -> None:
    share = Share(data.draw(st.integers(0, total)), total)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1
    for end in (low, high):
        # Wilson's interval ends where the share is 1.96 standard deviations off.
        deviation = (end * (1 - end) / total) ** 0.5
        assert end in (0, 1) or abs(abs(share.value - end) / deviation - 1.96) < 1e-3


def test_an_interval_of_the_literature() -> None:
    """Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I."""
    assert [round(each, 4) for each in Share(81, 263).interval] == [0.2553, 0.3662]
    assert [round(each, 4) for each in Share(0, 20).interval] == [0.0, 0.1611]


def test_scores() -> None:
    logits = np.array([[0.0, 3, 2, 1, 0, 0], [5, 5, 0, 0, 0, 0], [1, 0, 0, 0, 0, 9.0]])
    answers = best_classes(logits)
    assert answers[:, 0].tolist() == [1, 0, 5]
    scores = Scores(answers, np.array([2, 1, 5]), list("abcdef"))
    assert scores.top1 == Share(1, 3)
    assert scores.top5 == Share(3, 3)
    assert scores.confusion.sum() == 3 and scores.confusion[5, 5] == 1
    assert scores.most_confused(9) == [("b", "a", 1), ("c", "b", 1)]
    other = Scores(best_classes(-logits), scores.labels, scores.classes)
    assert scores.agreement(scores) == Share(3, 3) and scores.agreement(other) == Share(0, 3)
    few = Scores(answers[:, :4], np.array([2, 1, 3]), list("abcd"))
    assert few.top5 is None
