"""What a project consists of, and what does not fit into one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.backends.projects import golden_frames, read_module
from vaqf.backends.hls.build_files import Device
from vaqf.backends.hls.project import Frame, project_files, source_files
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.parameters import Tensors

TURNS = Path(__file__).with_name("turns.mlir")


def inputs() -> tuple[list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]], list[Frame]]:
    weights = Tensors({"weight": np.ones((24, 6), np.float32)})
    return golden_frames(read_module(TURNS), weights, 2)


def test_same_input_same_bytes() -> None:
    memories, frames = inputs()
    first, second = (
        {
            path: bytes(content) if isinstance(content, memoryview) else content
            for path, content in each
        }
        for each in (
            project_files(read_module(TURNS), memories, frames),
            project_files(read_module(TURNS), memories, frames),
        )
    )
    assert list(first) == list(second)
    assert first == second


def test_files() -> None:
    memories, frames = inputs()
    module = read_module(TURNS)
    estimate = {"cycles": 12}
    files = dict(project_files(module, memories, frames, Device("part-1", 250.0), estimate))
    assert sorted(path for path in files if path not in source_files(module)) == [
        "report/estimate.json",
        *sorted(
            f"tb/golden/{frame}/{name}.bin"
            for frame in (0, 1)
            for name in ("image", "patches_0", "sums", "sums_0", "sums_1", "sums_2")
        ),
        "weights/weights.bin",
    ]
    assert files["report/estimate.json"] == '{\n  "cycles": 12\n}\n'
    assert "set_part {part-1}\ncreate_clock -period 4 " in str(files["script.tcl"])
    assert "part=part-1\n" in str(files["hls_config.cfg"])
    image = files["tb/golden/1/image.bin"]
    assert isinstance(image, memoryview)
    assert np.frombuffer(image, "<i4").tolist() == frames[1].image.ravel().tolist()


def test_memories_are_not_copied() -> None:
    memories, frames = inputs()
    files = dict(project_files(read_module(TURNS), memories, frames))
    content = files["weights/weights.bin"]
    assert isinstance(content, memoryview)
    assert np.shares_memory(np.frombuffer(content, np.uint8), memories[0])


def test_arrays_that_do_not_fit() -> None:
    module = read_module(TURNS)
    memories, frames = inputs()
    with pytest.raises(UserError, match="there are 0 parameter memories, expected 1"):
        project_files(module, [], frames)
    expected = r"port 'weights' is uint8 of shape \(3, 8\), expected uint8 of shape \(4, 8\)"
    with pytest.raises(UserError, match=expected):
        project_files(module, [memories[0][:3]], frames)
    wrong = replace(frames[1], image=frames[1].image[0])
    expected = r"golden frame 1 has 'image' of shape \(4, 6\), expected \(1, 4, 6\)"
    with pytest.raises(UserError, match=expected):
        project_files(module, memories, [frames[0], wrong])
    fewer = replace(frames[1], checkpoints={})
    with pytest.raises(UserError, match="golden frame 1 has other checkpoints than frame 0"):
        project_files(module, memories, [frames[0], fewer])


def test_devices_that_cannot_be() -> None:
    with pytest.raises(UserError, match=r"part is 'x; exec rm', expected letters"):
        Device("x; exec rm")
    with pytest.raises(UserError, match=r"clock is 0 MHz, it must be positive"):
        Device(clock_megahertz=0)
