"""Tests of building and running a project's C++, on a project that only pretends."""

import json
import stat
from pathlib import Path

import numpy as np
import pytest

from vaqf.compiler.cli import main
from vaqf.compiler.project import MANIFEST

INTERFACE = {
    "generator": {"vaqf": "0"},
    "inputs": [{"name": "pixels", "shape": [1, 2, 2], "bits": 8, "scale": 0.5}],
    "outputs": [{"name": "logits", "shape": [1, 3], "bits": 16, "scale": 0.25}],
}

TESTBENCH = """\
import sys, array
assert sys.argv[1:3] == ["--project", "."]
if len(sys.argv) == 3:
    print("block 0: 5 values equal")
    sys.exit(0)
option, images, other, output = sys.argv[3:]
assert (option, other) == ("--images", "--results")
pixels = array.array("f", open(images, "rb").read())
answers = array.array("i")
for first in range(0, len(pixels), 4):
    sums = [int(sum(pixels[first : first + 4])), 2, 0]
    answers.extend(sums)
    print(first // 4, sums.index(max(sums)))
open(output, "wb").write(answers.tobytes())
"""


def write_executable(file: Path, text: str) -> None:
    file.write_text(f"#!/usr/bin/env python3\n{text}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose testbench is a script that adds up the pixels."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / MANIFEST).write_text(json.dumps(INTERFACE))
    write_executable(folder / "testbench", TESTBENCH)
    (folder / "Makefile").write_text("build/csim: testbench\n\tmkdir -p build\n\tcp $< $@\n")
    return folder


def test_self_check(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["csim", str(project)]) == 0
    assert capsys.readouterr().out == "block 0: 5 values equal\n"


def test_classes_accuracy_and_logits(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pixels = np.array([[0, 1, 0, 0], [1, 1, 1, 1], [3, 3, 3, 3]], np.float32).reshape(3, 1, 2, 2)
    np.savez(project / "x.npz", pixels=pixels, labels=[1, 1, 0])
    output = project / "y.npz"
    assert main(["csim", str(project), "--input", str(project / "x.npz"), "-o", str(output)]) == 0
    assert capsys.readouterr().out == "logits: class 1 0 0\naccuracy: 2 of 3, 66.7 %\n"
    np.testing.assert_array_equal(
        np.load(output)["logits"], np.array([[1, 2, 0], [4, 2, 0], [12, 2, 0]]) * 0.25
    )


def test_one_image_without_its_axis(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(project / "x.npz", pixels=np.ones((1, 2, 2), np.float32))
    assert main(["csim", str(project), "--input", str(project / "x.npz")]) == 0
    assert capsys.readouterr().out == "logits: class 0\n"


def test_several_results(project: Path) -> None:
    """What follows each other for an image is cut up; a single row has no dimension of rows."""
    interface = json.loads((project / MANIFEST).read_text())
    features = {"name": "features", "shape": [2, 1], "bits": 16, "scale": 0.5}
    interface["outputs"] = [{**interface["outputs"][0], "shape": [1, 1]}, features]
    (project / MANIFEST).write_text(json.dumps(interface))
    np.savez(project / "x.npz", pixels=np.ones((2, 1, 2, 2), np.float32))
    output = project / "y.npz"
    assert main(["csim", str(project), "--input", str(project / "x.npz"), "-o", str(output)]) == 0
    results = np.load(output)
    np.testing.assert_array_equal(results["logits"], [[1.0], [1.0]])
    np.testing.assert_array_equal(results["features"], [[[1.0], [0.0]], [[1.0], [0.0]]])


def error_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_mismatch_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["print('block 0: 5 values equal')", "print('block 1: mismatch at 7')", "exit(1)"]
    write_executable(project / "testbench", "\n".join(lines))
    assert error_of(["csim", str(project)], capsys) == (
        f"vaqf: error: the self-check of {project} failed: block 1: mismatch at 7"
    )


def test_compiler_errors_are_forwarded(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "bad.cpp").write_text("int main() {\n  return florp;\n}\n")
    (project / "Makefile").write_text("build/csim:\n\tg++ bad.cpp -o $@\n")
    message = error_of(["csim", str(project)], capsys)
    assert message.startswith(f"vaqf: error: building {project} failed: bad.cpp:2:10: error: ")
    assert "florp" in message


def test_wrong_shape(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(project / "x.npz", pixels=np.ones((5, 3, 2, 2), np.float32))
    assert error_of(["csim", str(project), "--input", str(project / "x.npz")], capsys) == (
        "vaqf: error: input 'pixels' has shape (5, 3, 2, 2), expected (images, 1, 2, 2)"
    )


def test_output_without_images(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert error_of(["csim", str(project), "-o", "y.npz"], capsys) == (
        "vaqf: error: -o needs images: give them with --input"
    )


def test_folder_that_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert error_of(["csim", str(tmp_path)], capsys) == (
        f"vaqf: error: {tmp_path}: is not a project that vaqf compile wrote"
    )
