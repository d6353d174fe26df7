"""Samples on which activations are measured."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile
from zlib import error as ZlibError

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from vaqf.dialects.diagnostics import UserError

Samples = Mapping[str, NDArray[np.float32]]
"""For each input of the network, its value in every sample, along the first axis."""

Shapes = Mapping[str, tuple[int, ...]]
"""For each input of the network, the shape of its value in one sample."""

SYNTHETIC_SAMPLES = 4
"""Number of synthetic samples where no number is asked for."""

SEED = 0
"""Of the synthetic samples, which are always the same."""


def synthetic_samples(shapes: Shapes, count: int) -> Samples:
    """
    Samples of independent standard normal values, for when there is no data.

    Real images have structure that these lack: ranges measured on them are a fallback.

    Args:
        shapes: Of the inputs.
        count: Number of samples, 0 for a few.
    """
    generator = np.random.default_rng(SEED)
    return {
        name: generator.standard_normal((count or SYNTHETIC_SAMPLES, *shape), np.float32)
        for name, shape in shapes.items()
    }


def read_samples(path: Path, shapes: Shapes, count: int) -> Samples:
    """
    Read samples from an `.npz` file that has an array for each input, by its name.

    Args:
        path: The file. Arrays in it that are no inputs, such as labels, are not read.
        shapes: Of the inputs.
        count: Number of samples to take from the start of the file, 0 for all.

    Raises:
        UserError: when the file cannot be read, or an array is missing, is not `float32`, has
            another shape, too few samples, or a value that is no finite number.
    """
    try:
        with path.open("rb") as stream:
            file: NpzFile[np.generic] | NDArray[np.generic] = np.load(stream, allow_pickle=False)
            if not isinstance(file, NpzFile):
                raise UserError(f"{path}: holds one array without a name, expected an .npz file")
            return {name: _read(path, file, name, shapes[name], count) for name in shapes}
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (BadZipFile, ZlibError, EOFError, ValueError):
        raise UserError(f"{path}: is not an .npz file of plain arrays, or is damaged") from None


def _read(
    path: Path, file: NpzFile[np.generic], name: str, shape: tuple[int, ...], count: int
) -> NDArray[np.float32]:
    """The samples of one input."""
    wanted = f"float32 of shape ({', '.join(map(str, ('samples', *shape)))})"
    if name not in file.files:
        found = ", ".join(f"'{each}'" for each in file.files) or "no array"
        raise UserError(f"{path}: has {found}, expected '{name}', {wanted}")
    array = file[name]
    if not array.dtype == np.float32 or array.shape[1:] != shape or not array.ndim:
        raise UserError(
            f"{path}: '{name}' is {array.dtype} of shape {array.shape}, expected {wanted}"
        )
    if not len(array):
        raise UserError(f"{path}: '{name}' has no samples, expected at least one")
    if count > len(array):
        raise UserError(f"{path}: '{name}' has {len(array)} samples, but {count} are asked for")
    samples = array[: count or None].astype(np.float32, copy=False)
    finite = np.isfinite(samples).all(axis=tuple(range(1, samples.ndim)))
    if not finite.all():
        raise UserError(
            f"{path}: '{name}' has a value in sample {int(np.argmin(finite))} that is not a "
            "finite number"
        )
    return samples
