"""Finding images, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from vaqf.compiler.evaluation.preprocessing import Preprocessing
from vaqf.compiler.images import Files, files_of, read_dataset
from vaqf.dialects.diagnostics import UserError
from vaqf.training.batches import Loader, shuffled

GREY = Preprocessing((1, 4, 4), (0.0,), (1.0,))


def write_images(folder: Path, count: int, shade: int = 100) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        Image.new("RGB", (6, 4), (shade, shade, shade)).save(folder / f"{number:02}.png")


def test_folders_of_classes_hold_out_a_tenth(tmp_path: Path) -> None:
    write_images(tmp_path / "dog", 20)
    write_images(tmp_path / "cat", 5, shade=200)
    data = read_dataset(tmp_path)
    assert data.classes == ["cat", "dog"]
    assert (len(data.training), len(data.validation)) == (22, 3)
    assert sorted(data.validation.labels.tolist()) == [0, 1, 1]
    batch = next(Loader(data.validation, GREY).in_order(8))
    assert batch.images.shape == (3, 1, 4, 4)
    shades = {int(each[0, 0, 0] * 255 + 0.5) for each in batch.images}
    assert shades == {100, 200}


def test_some_images_are_of_all_classes(tmp_path: Path) -> None:
    for number, name in enumerate("abc"):
        write_images(tmp_path / name, 20, shade=50 * number)
    loader = Loader(read_dataset(tmp_path).training, GREY)
    (some,) = loader.in_order(16, 9)
    assert torch.equal(some.labels, torch.arange(3).repeat_interleave(3))
    (every,) = loader.in_order(64)
    assert torch.equal(every.labels, torch.arange(3).repeat_interleave(18))


def test_folders_of_a_split(tmp_path: Path) -> None:
    for part, count in (("train", 3), ("val", 2)):
        for name in ("a", "b"):
            write_images(tmp_path / part / name, count)
    data = read_dataset(tmp_path)
    assert (len(data.training), len(data.validation)) == (6, 4)
    (tmp_path / "train" / "a" / "00.png").write_bytes(b"another image")
    assert read_dataset(tmp_path).digest != data.digest
    write_images(tmp_path / "val" / "c", 1)
    with pytest.raises(
        UserError, match=r"val: has other classes than .*train, .* only one has 'c'"
    ):
        read_dataset(tmp_path)


def test_a_broken_image_is_named(tmp_path: Path) -> None:
    write_images(tmp_path / "a", 3)
    write_images(tmp_path / "b", 3)
    (tmp_path / "b" / "01.png").write_bytes(b"\x89PNG and no more")
    loader = Loader(read_dataset(tmp_path).training, GREY)
    with pytest.raises(UserError, match=re.escape("b/01.png: is no image that can be read")):
        list(loader.in_order(2))


def test_images_are_seen_as_people_see_them(tmp_path: Path) -> None:
    shades = np.arange(16, dtype=np.uint16).reshape(4, 4) * 4096
    (tmp_path / "a").mkdir()
    Image.fromarray(shades).save(tmp_path / "a" / "0.png")
    turned = Image.new("L", (4, 4), 7)
    turned.putpixel((0, 0), 200)
    exif = turned.getexif()
    exif[0x0112] = 8  # lies on its right side
    turned.save(tmp_path / "a" / "1.png", exif=exif)
    source = Files(files_of(tmp_path / "a"))
    np.testing.assert_array_equal(GREY.pixels(source.load(0))[0], shades // 257)
    assert GREY.pixels(source.load(1))[0].argmax() == 12
    Image.fromarray(np.zeros((4, 4), np.float32)).save(tmp_path / "a" / "2.tiff")
    with pytest.raises(
        UserError, match=r"2\.tiff: is no image that can be read: its pixels are real"
    ):
        Files(files_of(tmp_path / "a")).load(2)


def test_images_are_cut_to_the_shape_of_the_input() -> None:
    stripes = np.zeros((8, 16), np.uint8)
    stripes[:, 4:12] = 255  # what is left and right of the middle goes away
    pixels = GREY.pixels(Image.fromarray(stripes))
    assert pixels.shape == (1, 4, 4)
    assert pixels[0, :, 1:3].min() == 255 and pixels.min() > 200


IMAGES = np.zeros((6, 4, 4), np.uint8)
LABELS = np.array([0, 1, 2, 0, 1, 2])

Arrays = Mapping[str, NDArray[np.generic]]


def test_an_npz_file_with_its_own_split(tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", images=IMAGES, labels=LABELS, split=[0, 0, 0, 0, 1, 1])
    data = read_dataset(tmp_path / "d.npz")
    assert data.training.labels.tolist() == [0, 1, 2, 0]
    assert data.validation.labels.tolist() == [1, 2]
    np.savez(tmp_path / "v.npz", images=IMAGES, labels=LABELS, split=LABELS * 0 + 1)
    assert len(read_dataset(tmp_path / "v.npz").validation) == len(IMAGES)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"labels": LABELS}, "has no array 'images'"),
        ({"images": IMAGES.astype(np.float32), "labels": LABELS}, "'images' is float32"),
        ({"images": IMAGES, "labels": LABELS[:5]}, "'labels' is int64 of shape (5,)"),
        ({"images": IMAGES, "labels": LABELS + 1}, "'labels' must be all of 0 to 3"),
        ({"images": IMAGES, "labels": LABELS, "split": LABELS * 0}, "no images for validation"),
        (
            {"images": IMAGES, "labels": LABELS, "split": LABELS + 2},
            "'split' must be 0 for training",
        ),
        ({"images": IMAGES[:, :0], "labels": LABELS}, "'images' is uint8 of shape (6, 0, "),
    ],
)
def test_a_wrong_npz_file(arrays: Arrays, message: str, tmp_path: Path) -> None:
    write: Callable[..., None] = np.savez
    write(tmp_path / "d.npz", **arrays)
    with pytest.raises(UserError, match=re.escape(message)):
        read_dataset(tmp_path / "d.npz")


def test_no_images(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no folders, expected one for each class"):
        read_dataset(tmp_path)
    (tmp_path / "a").mkdir()
    with pytest.raises(UserError, match="a: has no images"):
        read_dataset(tmp_path)


def test_the_order_is_another_in_each_epoch_and_always_the_same() -> None:
    first, again, second = (np.concatenate(shuffled(10, 3, 0, epoch)) for epoch in (0, 0, 1))
    assert len(set(first.tolist())) == 9
    assert first.tolist() == again.tolist() != second.tolist()
