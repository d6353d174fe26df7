"""From integers to C++: what g++ makes of a project computes every bit as the IR does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from tests.models.full_size import write_full_size_model
from tests.models.random_vit import INPUT, RandomVit
from tests.models.refusals import degenerate_networks_are_rejected
from tests.models.strategies import choices, mixed_networks, networks
from vaqf.backends.hls.project import Frame, project_files
from vaqf.compiler.board import Board
from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.configuration import choices_of
from vaqf.compiler.context import full_context
from vaqf.compiler.pipeline import Level, Options, stages
from vaqf.compiler.search.answer import rate
from vaqf.compiler.search.found import fastest_within
from vaqf.compiler.search.frontier import budget_of
from vaqf.compiler.search.lowered import reference_for
from vaqf.interpreters.accelerator import Accelerator
from vaqf.interpreters.arithmetic.formats import quantize
from vaqf.interpreters.execute import execute, interpreter_of
from vaqf.interpreters.schedule import Array
from vaqf.passes.pipeline_loops import PipelineLoopsPass

MODELS = Path(__file__).parents[1] / "models"
MNIST = Path(__file__).parents[2] / "examples" / "mnist"


def compile_and_run(project: Path, **variables: str) -> str:
    """Build a project's testbench and run its self-check; gives all that it printed."""
    given = [f"{name}={value}" for name, value in variables.items()]
    command = ["make", "-C", str(project), "-j2", "csim", *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write_random_project(vit: RandomVit, options: Options, folder: Path) -> None:
    """
    Bring a network down to C++, with the golden frames of one call of the last level.

    Its logits must be those of the quantized level.
    """
    module, weights = vit.write(folder)
    images = vit.images(options.frames)
    expected: Mapping[str, Array] = {}
    for stage in stages(options)[1:]:
        for step in stage.passes:
            step.apply(full_context(), module)
        if stage.level == Level.QUANTIZED:
            expected = execute(module, {INPUT: images}, weights, raw=True)
    accelerator = Accelerator.of(module)
    interpreter = interpreter_of(module, weights)
    prepared = accelerator.prepare(interpreter)
    (port,) = accelerator.inputs
    integers = [quantize(each, port.format.scale.data, port.format.bits.data) for each in images]
    golden: list[Frame] = []
    for number, frame in enumerate(
        accelerator.call(interpreter, prepared, [[each] for each in integers])
    ):
        for port, values in zip(accelerator.outputs, frame.outputs, strict=True):
            # An accelerator knows no batch.
            of_frame = expected[port.name].reshape(len(images), -1)[number]
            assert np.array_equal(values.flatten(), of_frame)
        checkpoints = {(each.label, each.index): each.values for each in frame.checkpoints}
        golden.append(Frame(integers[number], frame.outputs, checkpoints))
    memories = [each.astype(np.uint8) for each in prepared]
    for name, content in project_files(module, memories, golden):
        file = folder / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


@given(networks(), choices())
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
def test_random_networks(vit: RandomVit, options: Options) -> None:
    with TemporaryDirectory() as name, degenerate_networks_are_rejected():
        write_random_project(vit, options, Path(name))
        assert "all equal" in compile_and_run(Path(name) / "project", CXXFLAGS="-O1")


@given(mixed_networks())
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
def test_random_networks_with_widths_by_layer(mixed: tuple[RandomVit, Options]) -> None:
    vit, options = mixed
    with TemporaryDirectory() as name, degenerate_networks_are_rejected():
        write_random_project(vit, options, Path(name))
        assert "all equal" in compile_and_run(Path(name) / "project", CXXFLAGS="-O1")


def test_deit_tiny_at_full_size(tmp_path: Path) -> None:
    """With the engines that are fastest on 70 % of a ZCU102: at least 900 frames a second."""
    model = write_full_size_model("deit_tiny.legacy17", tmp_path)
    board = replace(Board.of("zcu102"), clock_mhz=200)
    options = Options(frames=2, word_bits=board.memory.port_bits, memory_bits=board.memory_bits)
    point = fastest_within(reference_for(model, options, 8), budget_of(board))
    assert point is not None and rate(board, point) >= 900
    choice = point.choice
    chosen = replace(
        options,
        tiling=choice.tiling,
        pipelining=PipelineLoopsPass(vector_lanes=choice.vector_lanes),
        uram=choice.uram,
    )
    config, project = tmp_path / "config.json", tmp_path / "project"
    config.write_text(json.dumps(choices_of("zcu102", 200, chosen)), encoding="utf-8")
    assert vaqf(["compile", str(model), "-o", str(project), "--config", str(config)]) == 0
    output = compile_and_run(project)
    # In each frame the tokens at the start, two sums in each of 12 blocks, and the logits.
    assert "2 frames, 52 comparisons: all equal" in output


def test_mnist_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The accelerator reads the held-back digits about as well as the float model, 99.5 %."""
    project = tmp_path / "project"
    arguments = ["--calibration", str(MNIST / "calibration.npz"), "-o", str(project)]
    assert vaqf(["compile", str(MNIST / "mnist_vit.onnx"), *arguments]) == 0
    logits = tmp_path / "logits.npz"
    digits = MNIST / "digits.npz"
    assert vaqf(["csim", str(project), "--input", str(digits), "-o", str(logits)]) == 0
    right = np.load(logits)["logits"].argmax(axis=1) == np.load(digits)["labels"]
    assert right.mean() >= 0.975


def vendor_headers() -> Path | None:
    """Xilinx's own `ap_int.h`, which another package carries."""
    package = find_spec("hls4ml")
    if package is None or package.origin is None:
        return None
    return Path(package.origin).parent / "templates" / "vivado" / "ap_types"


@pytest.mark.skipif(
    vendor_headers() is None, reason="hls4ml, which has Xilinx's headers, is missing"
)
def test_vendor_headers_give_the_same_bits(tmp_path: Path) -> None:
    project = tmp_path / "project"
    model = MODELS / "families" / "timm_fused.legacy17.onnx"
    assert vaqf(["compile", str(model), "-o", str(project)]) == 0
    output = compile_and_run(project, CXXFLAGS="-O1", AP_INCLUDE=str(vendor_headers()))
    assert "all equal" in output


def test_a_wrong_bit_is_found(tmp_path: Path) -> None:
    """A testbench that cannot fail would prove nothing."""
    project = tmp_path / "project"
    model = MODELS / "families" / "timm_fused.legacy17.onnx"
    assert vaqf(["compile", str(model), "-o", str(project)]) == 0
    weights = project / "weights" / "weights.bin"
    flipped = bytearray(weights.read_bytes())
    # The first weight of the patch embedding, whose tile is not padding.
    flipped[0] ^= 0x7F
    weights.write_bytes(flipped)
    command = ["make", "-C", str(project), "csim", "CXXFLAGS=-O1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "12 comparisons: 12 failed" in done.stdout and "expected" in done.stdout
