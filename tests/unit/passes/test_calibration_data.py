"""Reading calibration data, and every mistake in it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vaqf.dialects.diagnostics import UserError
from vaqf.passes.calibration_data import SYNTHETIC_SAMPLES, read_samples, synthetic_samples

SHAPES = {"pixels": (3, 2, 2)}
RIGHT = np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2)
WANTED = "float32 of shape (samples, 3, 2, 2)"


def with_value(value: float) -> NDArray[np.float32]:
    samples = RIGHT.copy()
    samples[1, 2, 0, 0] = value
    return samples


def test_reads_the_array_of_each_input_and_no_other(tmp_path: Path):
    np.savez(tmp_path / "data.npz", pixels=RIGHT, labels=np.array(["cat", "dog"], object))
    samples = read_samples(tmp_path / "data.npz", SHAPES, 0)
    assert samples.keys() == {"pixels"}
    np.testing.assert_array_equal(samples["pixels"], RIGHT)
    np.testing.assert_array_equal(
        read_samples(tmp_path / "data.npz", SHAPES, 1)["pixels"], RIGHT[:1]
    )


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (RIGHT.transpose(0, 2, 3, 1), f"is float32 of shape (2, 2, 2, 3), expected {WANTED}"),
        (RIGHT[0], f"is float32 of shape (3, 2, 2), expected {WANTED}"),
        (np.float32(1), f"is float32 of shape (), expected {WANTED}"),
        (RIGHT.astype(np.uint8), f"is uint8 of shape (2, 3, 2, 2), expected {WANTED}"),
        (RIGHT.astype(np.float64), f"is float64 of shape (2, 3, 2, 2), expected {WANTED}"),
        (RIGHT[:0], "has no samples, expected at least one"),
        (with_value(np.nan), "has a value in sample 1 that is not a finite number"),
        (with_value(np.inf), "has a value in sample 1 that is not a finite number"),
        (RIGHT[:1], "has 1 samples, but 2 are asked for"),
    ],
)
def test_refuses_an_array(tmp_path: Path, array: NDArray[np.generic], message: str):
    path = tmp_path / "data.npz"
    np.savez(path, pixels=array)
    with pytest.raises(UserError) as error:
        read_samples(path, SHAPES, 2)
    assert str(error.value) == f"{path}: 'pixels' {message}"


def test_refuses_a_file_without_the_input(tmp_path: Path):
    path = tmp_path / "data.npz"
    np.savez(path, images=RIGHT, labels=np.arange(2))
    with pytest.raises(UserError, match="has 'images', 'labels', expected 'pixels', float32 of"):
        read_samples(path, SHAPES, 0)
    np.savez(path)
    with pytest.raises(UserError, match="has no array, expected 'pixels'"):
        read_samples(path, SHAPES, 0)


def test_refuses_what_is_no_npz_file(tmp_path: Path):
    path = tmp_path / "data.npz"
    with pytest.raises(UserError, match="cannot be read: No such file or directory"):
        read_samples(path, SHAPES, 0)
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        read_samples(tmp_path, SHAPES, 0)
    path.write_bytes(b"")
    with pytest.raises(UserError, match=r"is not an \.npz file"):
        read_samples(path, SHAPES, 0)
    path.write_text("pixels\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"is not an \.npz file"):
        read_samples(path, SHAPES, 0)
    with path.open("wb") as stream:
        np.save(stream, RIGHT)
    with pytest.raises(UserError, match="holds one array without a name"):
        read_samples(path, SHAPES, 0)
    np.savez(path, pixels=np.array([RIGHT, None], object))
    with pytest.raises(UserError, match=r"is not an \.npz file of plain arrays"):
        read_samples(path, SHAPES, 0)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_refuses_a_damaged_file(tmp_path: Path, save: object):
    path = tmp_path / "data.npz"
    assert callable(save)
    save(path, pixels=RIGHT)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="or is damaged"):
        read_samples(path, SHAPES, 0)
    path.write_bytes(whole[:80] + bytes([whole[80] ^ 0x55]) + whole[81:])
    with pytest.raises(UserError, match="or is damaged"):
        read_samples(path, SHAPES, 0)


def test_synthetic_samples_are_always_the_same():
    shapes = {"pixels": (3, 4, 4), "mask": (2,)}
    samples = synthetic_samples(shapes, 0)
    assert samples["pixels"].shape == (SYNTHETIC_SAMPLES, 3, 4, 4)
    assert samples["mask"].shape == (SYNTHETIC_SAMPLES, 2)
    assert samples["pixels"].dtype == np.float32
    np.testing.assert_array_equal(samples["pixels"], synthetic_samples(shapes, 0)["pixels"])
    assert synthetic_samples(shapes, 7)["pixels"].shape == (7, 3, 4, 4)
    assert abs(float(samples["pixels"].std()) - 1) < 0.2
