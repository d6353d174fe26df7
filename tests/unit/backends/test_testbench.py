"""Projects of hand-written modules: g++ takes them without a warning, and they compute the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.unit.backends.projects import build, needs_tools, read_module, run, write_project
from vaqf.interpreters.parameters import Tensors

TURNS = Path(__file__).with_name("turns.mlir")

pytestmark = needs_tools


def weights() -> Tensors:
    random = np.random.default_rng(7)
    return Tensors({"weight": random.standard_normal((24, 6), np.float32)})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("turns")
    write_project(folder, read_module(TURNS), weights())
    build(folder, "-O1", "-pedantic")
    return folder


@pytest.fixture
def program(project: Path) -> Path:
    return project / "build" / "csim"


def test_golden_frames(program: Path) -> None:
    done = run(program)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines() == [
        "frame 0",
        "  patches[0]           4 x 6     equal",
        "  sums[0]              4 x 6     equal",
        "  sums[1]              4 x 6     equal",
        "  sums[2]              4 x 6     equal",
        "  sums                 4 x 6     equal",
        "frame 1",
        "  patches[0]           4 x 6     equal",
        "  sums[0]              4 x 6     equal",
        "  sums[1]              4 x 6     equal",
        "  sums[2]              4 x 6     equal",
        "  sums                 4 x 6     equal",
        "2 frames, 10 comparisons: all equal",
    ]


def test_sanitizers(tmp_path: Path) -> None:
    write_project(tmp_path, read_module(TURNS), weights(), frames=1)
    done = run(build(tmp_path, "-O1 -fsanitize=address,undefined -fno-sanitize-recover=all"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_mismatch_is_shown_and_fails(tmp_path: Path, project: Path, program: Path) -> None:
    golden = project / "tb" / "golden" / "1" / "sums_2.bin"
    values = np.fromfile(golden, "<i4")
    wrong = values.copy()
    wrong[[8, 20]] += 1
    wrong.tofile(golden)
    done = run(program)
    values.tofile(golden)
    assert done.returncode == 1
    first = values[8]
    assert (
        f"mismatch: 2 values, the first in row 1, column 2 is {first}, expected {first + 1}"
        in done.stdout
    )
    assert done.stdout.endswith("2 frames, 10 comparisons: 1 failed\n")


def test_options_select_frames_and_results(program: Path) -> None:
    done = run(program, ["--frames", "1", "--without-checkpoints"])
    assert done.stdout.splitlines() == [
        "frame 0",
        "  sums                 4 x 6     equal",
        "1 frames, 1 comparisons: all equal",
    ]


def test_images(tmp_path: Path, project: Path, program: Path) -> None:
    # A step of the input is 0.5: halves round up, infinities saturate.
    rows = [[0.25, -0.25, 0.74, -63.9, 63.6, 1e9], [np.inf, -np.inf, 0.0, 0.24, -0.26, 1.0]] * 2
    image = np.array(rows, np.float32)
    steps = [[1, 0, 1, -128, 127, 127], [127, -128, 0, 0, -1, 2]] * 2
    golden = np.fromfile(project / "tb/golden/0/image.bin", "<i4").reshape(4, 6)
    expected = np.fromfile(project / "tb/golden/0/sums.bin", "<i4")
    images = tmp_path / "images"
    np.concatenate([0.5 * golden, image]).astype("<f4").tofile(images)
    done = run(program, ["--images", images, "--results", tmp_path / "logits"])
    assert done.returncode == 0, done.stderr
    logits = np.fromfile(tmp_path / "logits", "<i4").reshape(2, 24)
    assert logits[0].tolist() == expected.tolist()
    # Several rows have no class.
    assert done.stdout.splitlines() == ["0", "1"]
    # Patches are 2 x 3 pixels, and all tiles are summed.
    signs = np.where(weights().read("weight") >= 0, 1, -1).reshape(4, 6, 6).sum(axis=0)
    patches = np.array(steps).reshape(2, 2, 2, 3).transpose(0, 2, 1, 3).reshape(4, 6)
    assert logits[1].reshape(4, 6).tolist() == (patches @ signs.T).tolist()


def test_trace(tmp_path: Path, project: Path, program: Path) -> None:
    """A line, and the values, for each checkpoint of each image."""
    images, trace = tmp_path / "images", tmp_path / "trace"
    golden = np.fromfile(project / "tb/golden/0/image.bin", "<i4")
    np.concatenate([0.5 * golden] * 2).astype("<f4").tofile(images)
    done = run(program, ["--images", images, "--trace", trace])
    assert done.returncode == 0, done.stderr
    found: list[str] = []
    with trace.open("rb") as file:
        while line := file.readline().decode():
            image, index, tokens, channels, label = line.split()
            values = np.frombuffer(file.read(4 * int(tokens) * int(channels)), "<i4")
            expected = np.fromfile(project / f"tb/golden/0/{label}_{index}.bin", "<i4")
            assert values.tolist() == expected.tolist()
            found.append(f"{image} {label}[{index}]")
    of_one = ["patches[0]", "sums[0]", "sums[1]", "sums[2]"]
    assert found == [f"{image} {each}" for image in range(2) for each in of_one]


def test_trace_without_images(program: Path) -> None:
    done = run(program, ["--trace", "nowhere"])
    assert done.returncode == 2 and "--trace is only used with --images" in done.stderr


def test_image_that_is_no_number(tmp_path: Path, program: Path) -> None:
    images = tmp_path / "images"
    np.full(24, np.nan, "<f4").tofile(images)
    done = run(program, ["--images", images])
    assert done.returncode == 2
    assert done.stderr == "testbench: error: value 0 of an image is not a number\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--help"], ""),
        (["--wrong"], "unknown option --wrong, see --help"),
        (["--images"], "--images needs a value, see --help"),
        (["--images", "/missing"], "/missing: cannot be opened; --project says where"),
        (["--images", "/dev/null"], "/dev/null: has 0 bytes, expected a multiple of 96"),
        (["--results", "x"], "--results is only used with --images"),
        (["--frames", "3"], "there are only 2 golden frames"),
        (["--frames", "0"], "there is no golden frame to compare"),
        (["--project", "/missing"], "/missing/weights/weights.bin: cannot be opened"),
    ],
)
def test_usage(program: Path, arguments: list[str], message: str) -> None:
    done = run(program, arguments)
    assert done.returncode == (2 if message else 0)
    assert done.stderr.startswith(f"testbench: error: {message}" if message else "")
    assert message or done.stdout.startswith("usage: ")


def test_truncated_weights(project: Path, program: Path) -> None:
    file = project / "weights" / "weights.bin"
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    done = run(program)
    file.write_bytes(content)
    assert done.returncode == 2
    assert "weights.bin: has 31 bytes, expected 32" in done.stderr
