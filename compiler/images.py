"""
Labelled images: folders of image files, or one `.npz` file.

    DIR/train/CLASS/*.png and DIR/val/CLASS/*.png, or DIR/CLASS/*.png
    FILE.npz with `images` (uint8, N x height x width, perhaps x 3) and `labels` (N)

An array `split` in the file is 0 for training, 1 for validation. Where nothing says which images
are for validation, every tenth of each class is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zipfile import BadZipFile
from zlib import error as ZlibError

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from vaqf.dialects.diagnostics import UserError

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
"""Of the files that are images."""

TRAINING, VALIDATION = ("train", "training"), ("val", "validation", "valid", "test")
"""How folders of a split are called."""

HELD_OUT = 10
"""One of so many images of each class is for validation, where nothing else says it."""

LARGEST_OF_16_BITS = (1 << 16) - 1

Pixels = NDArray[np.uint8]
"""Colours x height x width."""


def spread(total: int, count: int) -> NDArray[np.int64]:
    """
    The numbers of `count` of `total` images, or of all, at equal distances: of images that are
    sorted by class, each class has its share.
    """
    return np.linspace(0, total - 1, min(count, total)).round().astype(np.int64)


class Source(Protocol):
    """Where images come from."""

    def load(self, index: int) -> Image:
        """
        One image.

        Raises:
            UserError: when its file is broken.
        """
        ...


@dataclass(frozen=True)
class Files(Source):
    """Images in files."""

    paths: Sequence[Path]

    def load(self, index: int) -> Image:
        from PIL import Image, UnidentifiedImageError

        path = self.paths[index]
        try:
            with Image.open(path) as image:
                image.load()
                return _upright(image)
        except (
            OSError,
            UnidentifiedImageError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
        ) as error:
            reason = str(error).removeprefix(f"cannot identify image file {str(path)!r}")
            if isinstance(error, OSError) and error.strerror:
                reason = error.strerror
            raise UserError(
                f"{path}: is no image that can be read{reason and f': {reason}'}"
            ) from None


def _upright(image: Image) -> Image:
    """
    An image as it is looked at, with 8 bits a colour: 16 bits are the same shades, only finer.

    Raises:
        ValueError: when its pixels are none of these.
    """
    from PIL import Image as Pillow
    from PIL import ImageOps

    if image.mode.startswith("I"):
        pixels = np.asarray(image).astype(np.int64)
        if pixels.min() < 0 or pixels.max() > LARGEST_OF_16_BITS:
            raise ValueError("it has more than 16 bits a pixel")
        image = Pillow.fromarray((pixels // 257).astype(np.uint8))
    elif image.mode == "F":
        raise ValueError("its pixels are real numbers, expected 8 or 16 bits")
    return ImageOps.exif_transpose(image)


@dataclass(frozen=True)
class Arrays(Source):
    """Images in memory, N x height x width, perhaps x 3."""

    images: Pixels

    def load(self, index: int) -> Image:
        from PIL import Image

        return Image.fromarray(self.images[index])


@dataclass(frozen=True)
class Labelled:
    """Images and their classes."""

    source: Source
    labels: NDArray[np.int64]
    indices: NDArray[np.int64]
    """Which images of the source."""

    def __len__(self) -> int:
        return len(self.indices)

    def part(self, chosen: NDArray[np.int64]) -> Labelled:
        """Some of them."""
        return Labelled(self.source, self.labels[chosen], self.indices[chosen])


@dataclass(frozen=True)
class Dataset:
    """What to learn from, and what only measures."""

    name: str
    classes: Sequence[str]
    training: Labelled
    validation: Labelled
    digest: str = field(repr=False)
    """Changes when there are other images (of files: names or sizes), classes or labels."""

    def expect_classes(self, count: int, model: str) -> None:
        """
        Check that a model tells these classes apart.

        Raises:
            UserError: when it has another number of classes.
        """
        if count != len(self.classes):
            shown = ", ".join(self.classes[:3])
            raise UserError(
                f"{self.name}: has {len(self.classes)} classes ({shown}, ...), "
                f"but the head of {model} has {count}"
            )


def class_folders(folder: Path) -> Sequence[Path]:
    """The folders in a folder, by name."""
    return sorted(each for each in folder.iterdir() if each.is_dir() and each.name[0] != ".")


def part_of(folder: Path, names: Sequence[str]) -> Path | None:
    """The folder in a folder that has the first of some names, in whatever case; None without."""
    found = {each.name.lower(): each for each in class_folders(folder)}
    return next((found[name] for name in names if name in found), None)


def files_of(folder: Path) -> Sequence[Path]:
    """The images in a folder, and in folders within it, by name."""
    return sorted(each for each in folder.rglob("*") if each.suffix.lower() in SUFFIXES)


def _from_folders(folder: Path, classes: Sequence[str]) -> tuple[list[Path], list[int]]:
    """The files in the folders of classes, and their classes."""
    paths: list[Path] = []
    labels: list[int] = []
    for label, name in enumerate(classes):
        found = files_of(folder / name)
        if not found:
            raise UserError(f"{folder / name}: has no images ({', '.join(SUFFIXES)})")
        paths += found
        labels += [label] * len(found)
    return paths, labels


def _held_out(name: str, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Every tenth of each class, at least one where there are several."""
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        if len(members) < 2:
            raise UserError(f"{name}: class {label} has 1 image, expected at least 2")
        chosen[members[HELD_OUT - 1 :: HELD_OUT] if len(members) >= HELD_OUT else members[-1:]] = (
            True
        )
    return chosen


def _dataset(
    name: str,
    classes: Sequence[str],
    source: Source,
    labels: NDArray[np.int64],
    is_validation: NDArray[np.bool_],
    identity: bytes,
) -> Dataset:
    everything = Labelled(source, labels, np.arange(len(labels)))
    digest = sha256(identity + labels.tobytes() + is_validation.tobytes())
    digest.update("\0".join(classes).encode())
    training = everything.part(np.flatnonzero(~is_validation))
    validation = everything.part(np.flatnonzero(is_validation))
    if not len(validation):
        raise UserError(f"{name}: has no images for validation")
    return Dataset(name, classes, training, validation, digest.hexdigest())


def _read_folder(folder: Path) -> Dataset:
    training, validation = part_of(folder, TRAINING), part_of(folder, VALIDATION)
    root = training if training is not None and validation is not None else folder
    classes = [each.name for each in class_folders(root)]
    if not classes:
        raise UserError(f"{root}: has no folders, expected one for each class")
    paths, of_training = _from_folders(root, classes)
    labels = np.array(of_training, np.int64)
    if validation is None or root is folder:
        is_validation = _held_out(str(folder), labels)
    else:
        others = [each.name for each in class_folders(validation)]
        if others != classes:
            different = sorted(set(classes) ^ set(others))
            raise UserError(
                f"{validation}: has other classes than {root}, "
                f"of which only one has '{different[0]}'"
            )
        more, of_validation = _from_folders(validation, classes)
        is_validation = np.arange(len(labels) + len(more)) >= len(labels)
        paths += more
        labels = np.concatenate([labels, np.array(of_validation, np.int64)])
    identity = "\0".join(f"{each.relative_to(folder)} {each.stat().st_size}" for each in paths)
    return _dataset(str(folder), classes, Files(paths), labels, is_validation, identity.encode())


def _read_arrays(path: Path) -> Dataset:
    try:
        with path.open("rb") as stream:
            file: NpzFile[np.generic] | NDArray[np.generic] = np.load(stream, allow_pickle=False)
            if not isinstance(file, NpzFile):
                raise UserError(f"{path}: holds one array without a name, expected an .npz file")
            arrays = {
                name: file[name] for name in ("images", "labels", "split") if name in file.files
            }
    except (BadZipFile, ZlibError, EOFError, ValueError):
        raise UserError(f"{path}: is not an .npz file of plain arrays, or is damaged") from None
    for name in ("images", "labels"):
        if name not in arrays:
            raise UserError(f"{path}: has no array '{name}'")
    images, labels = arrays["images"], arrays["labels"]
    is_grey_or_colour = images.ndim == 3 or (images.ndim == 4 and images.shape[3] == 3)
    if images.dtype != np.uint8 or not is_grey_or_colour or 0 in images.shape[1:]:
        raise UserError(
            f"{path}: 'images' is {images.dtype} of shape {images.shape}, "
            "expected uint8 of images x height x width, perhaps x 3"
        )
    if labels.shape != images.shape[:1] or labels.dtype.kind not in "iu":
        raise UserError(
            f"{path}: 'labels' is {labels.dtype} of shape {labels.shape}, "
            f"expected integers of shape ({len(images)},)"
        )
    classes = labels.astype(np.int64)
    count = int(classes.max(initial=0)) + 1
    if classes.min(initial=0) < 0 or len(np.unique(classes)) < count:
        raise UserError(f"{path}: 'labels' must be all of 0 to {count - 1}")
    split = arrays.get("split")
    if split is not None and not np.isin(split, (0, 1)).all():
        raise UserError(f"{path}: 'split' must be 0 for training and 1 for validation")
    is_validation = _held_out(str(path), classes) if split is None else split.astype(bool)
    if is_validation.shape != classes.shape:
        raise UserError(
            f"{path}: 'split' has shape {is_validation.shape}, expected {classes.shape}"
        )
    pixels = images.astype(np.uint8, copy=False)
    names = [str(each) for each in range(count)]
    return _dataset(str(path), names, Arrays(pixels), classes, is_validation, pixels.tobytes())


def has_pixels(path: Path) -> bool:
    """Whether a file is an `.npz` with an array `images`."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return isinstance(file, NpzFile) and "images" in file.files
    except (BadZipFile, EOFError, ValueError, OSError):
        return False


def read_dataset(path: Path) -> Dataset:
    """
    Find all images; those in files are read when they are needed.

    Raises:
        UserError: when the folder or file is not as it has to be.
        OSError: when it cannot be read.
    """
    return _read_folder(path) if path.is_dir() else _read_arrays(path)
