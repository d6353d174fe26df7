"""Labelled images: a folder with a folder for each class, or arrays in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.arrays import read_samples
from vaqf.compiler.evaluation.preprocessing import Preprocessing
from vaqf.compiler.images import (
    SUFFIXES,
    VALIDATION,
    Files,
    Source,
    class_folders,
    files_of,
    has_pixels,
    part_of,
    read_dataset,
)
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.samples import Input, Samples


class Batch(Protocol):
    """Some of the images, on their way to another process."""

    def load(self) -> Floats:
        """
        The images, with an axis in front for their number.

        Raises:
            UserError: when one is broken.
        """
        ...


@dataclass(frozen=True)
class Pictures:
    """Images that are preprocessed when they are needed."""

    source: Source
    indices: Sequence[int]
    preprocessing: Preprocessing

    def load(self) -> Floats:
        """See `Batch`."""
        return np.stack([self.preprocessing(self.source.load(each)) for each in self.indices])


@dataclass(frozen=True)
class Arrays:
    """Images in memory, as the network takes them."""

    images: Floats

    def load(self) -> Floats:
        """See `Batch`."""
        return self.images


@dataclass(frozen=True)
class Data:
    """Labelled images."""

    labels: NDArray[np.int64]
    """The right class of each image."""

    classes: Sequence[str]
    """The name of each class."""

    part: Callable[[NDArray[np.intp]], Batch]
    """Images by their numbers."""

    def __len__(self) -> int:
        return len(self.labels)


def image_shape(input: Input) -> tuple[int, ...]:
    """Colours, height and width of what a network takes: a batch of 1 is left out."""
    shape = input.shape
    return shape[1:] if len(shape) == 4 and shape[0] == 1 else shape


def open_data(
    path: Path, input: Input, classes: int, preprocess: Callable[[], Preprocessing]
) -> Data:
    """
    The labelled images at a path.

    Args:
        path: A folder; or an `.npz` file with an array under the name of the input and `labels`, or
            with pixels as for training.
        input: What the network takes.
        classes: How many it tells apart.
        preprocess: What is done to pictures in a folder, and to pixels.

    Raises:
        UserError: when there is no such thing, it has no images, or they are not what the network
            takes and gives.
    """
    if path.is_dir():
        return _folder(path, classes, preprocess)
    if not path.exists():
        raise UserError(
            f"{path}: no such file or folder, expected a folder of images or an .npz file"
        )
    if input.name != "images" and has_pixels(path):
        return _pixels(path, classes, preprocess)
    samples = read_samples(path, [input.name])
    if samples.labels is None:
        raise UserError(f"{path}: has no array 'labels' with the class of each sample")
    arrays = Samples.of([input], samples.inputs)
    (images,) = arrays.arrays
    labels = samples.labels
    if not np.issubdtype(labels.dtype, np.integer) or labels.shape != (len(images),):
        raise UserError(
            f"{path}: 'labels' is {labels.dtype} of shape {labels.shape}, "
            f"expected integers of shape ({len(images)},)"
        )
    numbers = labels.astype(np.int64)
    if numbers.min() < 0 or numbers.max() >= classes:
        raise UserError(
            f"{path}: 'labels' has classes {numbers.min()} to {numbers.max()}, "
            f"but the head of the model has {classes}: expected 0 to {classes - 1}"
        )
    names = [str(each) for each in range(classes)]
    singles = images.reshape(len(images), *image_shape(input))
    return Data(numbers, names, lambda some: Arrays(singles[some]))


def _pixels(path: Path, classes: int, preprocess: Callable[[], Preprocessing]) -> Data:
    """The images for validation of a file that a network was trained on."""
    data, preprocessing = read_dataset(path), preprocess()
    data.expect_classes(classes, "the model")
    validation = data.validation

    def part(some: NDArray[np.intp]) -> Pictures:
        return Pictures(validation.source, validation.indices[some].tolist(), preprocessing)

    return Data(validation.labels, data.classes, part)


def _folder(path: Path, classes: int, preprocess: Callable[[], Preprocessing]) -> Data:
    folders = class_folders(path)
    held_out = part_of(path, VALIDATION)
    if held_out is not None and (others := class_folders(held_out)):
        path, folders = held_out, others
    found = {each.name: files_of(each) for each in folders}
    if not any(found.values()):
        raise UserError(
            f"{path}: has no images, expected a folder for each class with {', '.join(SUFFIXES)}"
        )
    if len(found) != classes:
        some = ", ".join([*list(found)[:3], *(["..."] if len(found) > 3 else [])])
        raise UserError(
            f"{path}: has {len(found)} classes ({some}), but the head of the model has {classes}"
        )
    preprocessing = preprocess()
    paths = [each for files in found.values() for each in files]
    labels = np.repeat(np.arange(classes), [len(files) for files in found.values()])

    def part(some: NDArray[np.intp]) -> Pictures:
        return Pictures(Files(paths), some.tolist(), preprocessing)

    return Data(labels, list(found), part)
