"""What must hold for every fixture, from import to the C++ that is compiled and run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from tests.models.fixtures import INPUT, Fixture
from tests.models.vit_level import Computation, raise_to_vit
from vaqf.compiler.board import Board
from vaqf.compiler.build import build_project
from vaqf.compiler.pipeline import Level, Options, Stage, passes_of, stages
from vaqf.compiler.progress import Progress
from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.interpreters.execute import execute
from vaqf.passes.lower_vit_to_accel import LowerVitToAccelPass

TOLERANCE = 1e-4
"""Of the `onnx` and `vit` level, relative to the largest output of ONNX Runtime."""


REFERENCE = "legacy17"
"""The writer that others are compared with."""


def run_onnx_runtime(file: Path, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """The only output of a model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    (output,) = session.run(None, {INPUT: images})
    return output


def relative_errors(
    file: Path, images: NDArray[np.float32], expected: NDArray[np.float32], output: str
) -> tuple[float, float]:
    """
    How far the `onnx` and the `vit` level are from what is expected of a model.

    Returns:
        For each level the largest difference, divided by the largest expected value.
    """
    model = ModelFile.open(file)
    module = import_file(model, file.name)

    def error() -> float:
        found = execute(module, {INPUT: images}, model)[output]
        assert found.shape == expected.shape and found.dtype == np.float32
        return float(np.abs(found - expected).max() / np.abs(expected).max())

    onnx_error = error()
    raise_to_vit(module)
    return onnx_error, error()


def check_levels(fixture: Fixture) -> None:
    """
    Check that the `onnx` and the `vit` level of a fixture are what ONNX Runtime computes.

    Raises:
        UserError, DiagnosticException: when the fixture is refused.
        AssertionError: when they are not.
    """
    images = fixture.images()
    expected = run_onnx_runtime(fixture.file, images)
    for error in relative_errors(fixture.file, images, expected, fixture.output):
        assert error <= TOLERANCE


@cache
def _reference(family: str) -> Computation:
    return _computation(Fixture(family, REFERENCE))


def _computation(fixture: Fixture) -> Computation:
    model = ModelFile.open(fixture.file)
    module = import_file(model, fixture.file.name)
    raise_to_vit(module)
    return Computation.of(module, model, {INPUT: fixture.images()})


def check_agreement(fixture: Fixture) -> None:
    """
    Check that a family has one `vit` level, whatever writer it comes from.

    Raises:
        UserError, DiagnosticException: when the fixture is refused.
        AssertionError: when its vit level is not that of the writer `REFERENCE`.
    """
    _computation(fixture).check_equal(_reference(fixture.family))


def write_project(model: Path, folder: Path) -> None:
    """
    Compile a model as `vaqf compile` does, but print the IR after fewer stages, which would take
    most of the time.

    Raises:
        UserError: when it is refused.
    """
    board = Board.of("zcu102")
    options = Options(word_bits=board.memory.port_bits)
    with Progress([]) as progress:
        build_project(model, coarser(stages(options)), options, board, folder, progress)


def coarser(fine: Sequence[Stage]) -> tuple[Stage, Stage]:
    """All that comes until layers have buffers as one stage, and the rest as another."""
    names = [each.name for each in fine]
    after = names.index(LowerVitToAccelPass.name) + 1
    first, second = passes_of(fine[:after]), passes_of(fine[after:])
    return (
        Stage(LowerVitToAccelPass.name, Level.ACCEL, first),
        Stage(fine[-1].name, Level.ACCEL, second),
    )


def check_project(fixture: Fixture, builds: Path) -> None:
    """
    Check that the C++ of a fixture computes every bit of what the `accel` level does.

    Args:
        fixture: what to compile.
        builds: folder of compiled testbenches. Projects whose C++ differs in nothing but comments
            and names of constants share one: weights and golden vectors are data that it reads.

    Raises:
        UserError, DiagnosticException: when the fixture is refused.
        AssertionError: when g++ refuses the project, or a bit is wrong.
    """
    with TemporaryDirectory(dir=builds) as scratch:
        project = Path(scratch) / "project"
        write_project(fixture.file, project)
        testbench = builds / _code_of(project)
        if not testbench.exists():
            _succeed("make", "-C", str(project), "build/csim", "CXXFLAGS=-O1")
            (project / "build" / "csim").rename(testbench)
        output = _succeed(str(testbench), "--project", str(project))
        # The tokens at the start, two sums in each of 2 blocks, and the output.
        assert "2 frames, 12 comparisons: all equal" in output


def _code_of(project: Path) -> str:
    """A name for all code of a project but its comments, and what its constants are called."""
    digest, constants = sha256(), dict[str, str]()

    def numbered(name: re.Match[str]) -> str:
        return constants.setdefault(name[0], f"k{len(constants)}")

    for file in sorted(project.rglob("*")):
        if file.suffix in (".cpp", ".hpp", ".h"):
            code = re.sub(r"//[^\n]*|/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
            code = " ".join(re.sub(r"\bk[A-Z]\w*", numbered, code).split())
            digest.update(f"{file.relative_to(project)}\0{code}\0".encode())
    return digest.hexdigest()


def _succeed(*command: str) -> str:
    """Run a command that must not fail; gives what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
