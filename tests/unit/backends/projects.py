"""Writing, building and running projects of small modules, for the tests beside this file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp

from vaqf.backends.hls.project import Frame, project_files
from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.interpreters.accelerator import Accelerator
from vaqf.interpreters.execute import interpreter_of
from vaqf.interpreters.parameters import ParameterSource

needs_tools = pytest.mark.skipif(
    not (shutil.which("g++") and shutil.which("make")), reason="make or g++ is not installed"
)


def read_module(file: Path) -> ModuleOp:
    """The verified module of an `.mlir` file."""
    module = parse_ir(full_context(), file.read_bytes(), str(file))
    module.verify()
    return module


def golden_frames(
    module: ModuleOp, parameters: ParameterSource, count: int
) -> tuple[list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]], list[Frame]]:
    """The memories of an accelerator, and what its interpreter computes for random images."""
    accelerator = Accelerator.of(module)
    interpreter = interpreter_of(module, parameters)
    prepared = accelerator.prepare(interpreter)
    low, high = accelerator.inputs[0].format.bounds
    random = np.random.default_rng(0)
    frames: list[Frame] = []
    for _ in range(count):
        image = random.integers(low, high + 1, accelerator.inputs[0].shape)
        frame = accelerator.run(interpreter, prepared, [image])
        checkpoints = {(each.label, each.index): each.values for each in frame.checkpoints}
        frames.append(Frame(image, frame.outputs, checkpoints))
    return [each.astype(np.uint8) for each in prepared], frames


def write_project(
    folder: Path, module: ModuleOp, parameters: ParameterSource, frames: int = 2
) -> None:
    """Write a project with golden frames to a folder."""
    for path, content in project_files(module, *golden_frames(module, parameters, frames)):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def build(folder: Path, *flags: str) -> Path:
    """The program that make builds, with warnings as errors."""
    command = [
        "make",
        "-C",
        str(folder),
        "-j2",
        "build/csim",
        f"CXXFLAGS=-Werror {' '.join(flags)}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "csim"


def run(program: Path, arguments: Sequence[str | Path] = ()) -> subprocess.CompletedProcess[str]:
    """Run a testbench in the folder of its project."""
    command = [str(program), *map(str, arguments)]
    return subprocess.run(
        command, cwd=program.parent.parent, capture_output=True, text=True, check=False
    )
