"""Arrays by name, in `.npz` files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from textwrap import fill
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from vaqf.compiler.atomic import write_atomically
from vaqf.dialects.diagnostics import UserError

LABELS = "labels"
"""Array that a file of samples may have besides them: the right class of each."""

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Samples:
    """What a network is given, and what it should answer."""

    inputs: Mapping[str, NDArray[np.float32]]
    """For each input of the network its array."""

    labels: Array | None
    """The right class of each sample, when it is known."""


def read_samples(path: Path, names: Sequence[str]) -> Samples:
    """
    Read the inputs of those names from an `.npz` file, and the labels when there are any.

    Raises:
        UserError: when the file cannot be read, or an input is missing or not `float32`.
    """
    try:
        with path.open("rb") as stream:
            file: NpzFile[np.generic] | Array = np.load(stream, allow_pickle=False)
            if not isinstance(file, NpzFile):
                raise UserError(f"{path}: holds one array without a name, expected an .npz file")
            inputs = {name: _read_input(path, file, name) for name in names}
            return Samples(inputs, file[LABELS] if LABELS in file.files else None)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (BadZipFile, ZlibError, EOFError, ValueError):
        raise UserError(f"{path}: is not an .npz file of plain arrays, or is damaged") from None


def _read_input(path: Path, file: NpzFile[np.generic], name: str) -> NDArray[np.float32]:
    if name not in file.files:
        found = ", ".join(f"'{each}'" for each in file.files) or "no array"
        raise UserError(f"{path}: has {found}, expected '{name}'")
    array = file[name]
    if array.dtype != np.float32:
        raise UserError(f"{path}: '{name}' is {array.dtype}, expected float32")
    return array.astype(np.float32, copy=False)


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """
    Write arrays to an `.npz` file, whole or not at all.

    Raises:
        OSError: when it cannot be written.
    """
    buffer = BytesIO()
    # `np.savez` takes names as keywords, some of which are its own.
    with ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            with archive.open(ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    write_atomically(path, buffer.getvalue())


def summarize(name: str, values: Array, labels: Array | None) -> list[str]:
    """
    Lines that say what a network answered.

    Args:
        name: of the output.
        values: samples x classes; anything else is only described by its shape.
        labels: the right class of each sample, when it is known.
    """
    if values.ndim != 2:
        return [f"{name}: {values.dtype} of shape {values.shape}"]
    classes = values.argmax(axis=1)
    answers = f"{name}: class " + " ".join(str(each) for each in classes)
    lines = fill(answers, width=100, subsequent_indent="  ").split("\n")
    if labels is None:
        return lines
    if labels.shape != classes.shape:
        shapes = f"'{LABELS}' has shape {labels.shape}, expected {classes.shape}"
        lines.append(f"accuracy: not known, {shapes}")
    else:
        right = int((classes == labels).sum())
        lines.append(f"accuracy: {right} of {len(classes)}, {100 * right / len(classes):.1f} %")
    return lines
