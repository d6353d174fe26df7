"""From integers down to an accelerator: every pass leaves every bit as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from xdsl.dialects.builtin import ModuleOp, UnknownLoc
from xdsl.interpreter import PythonValues
from xdsl.ir import Operation, SSAValue

from tests.models.random_vit import INPUT, OUTPUT, RandomVit
from tests.models.refusals import degenerate_networks_are_rejected
from tests.models.strategies import choices, mixed_networks, networks
from vaqf.compiler.context import full_context
from vaqf.compiler.pipeline import Level, Options, Stage, stages
from vaqf.dialects import quant
from vaqf.frontends.onnx import ModelFile, import_model
from vaqf.interpreters.accel import run_stages_backwards
from vaqf.interpreters.accelerator import Accelerator, Frame
from vaqf.interpreters.arithmetic.formats import quantize
from vaqf.interpreters.arithmetic.integers import Floats, Integers
from vaqf.interpreters.execute import execute, interpreter_of
from vaqf.interpreters.parameters import ParameterSource
from vaqf.passes.structure import activations_of, network_of
from vaqf.passes.tile_engines import TileEnginesPass

MODEL = Path(__file__).parents[1] / "models" / "families" / "timm_patch8.legacy17.onnx"

TILES = TileEnginesPass(lanes=12, binary_matmul=(24, 12, 4), integer_matmul=(12, 4, 2), keys=8)

STAGES = [each.name for each in stages(Options(frames=2)) if each.level == Level.ACCEL]
"""What `vaqf compile` does below the quantized level."""

COMPARED = ("lower-vit-to-accel", "share-engines", STAGES[-1])
"""Stages whose checkpoints are compared; `test_passes.py` runs what is between."""


def apply(stage: Stage, module: ModuleOp) -> None:
    for step in stage.passes:
        step.apply(full_context(), module)
        module.verify()


def levels(module: ModuleOp, options: Options) -> Iterator[str]:
    """Bring a module from the vit level to the last, and name each stage that it has reached."""
    for stage in stages(options)[1:]:
        apply(stage, module)
        yield stage.name


def results(module: ModuleOp, weights: ParameterSource, images: Floats) -> dict[str, Integers]:
    """The results of a network, as integers."""
    found = execute(module, {INPUT: images}, weights, raw=True)
    return {name: values.astype(np.int64) for name, values in found.items()}


def logits(module: ModuleOp, weights: ParameterSource, images: Floats) -> Integers:
    """The result of a network that has one, as integers."""
    return results(module, weights, images)[OUTPUT]


def run_frame(
    module: ModuleOp, weights: ParameterSource, image: Floats, *, backwards: bool = False
) -> Frame:
    """One frame of an accelerator, with its checkpoints."""
    accelerator = Accelerator.of(module)
    interpreter = interpreter_of(module, weights)
    if backwards:
        run_stages_backwards(interpreter)
    (port,) = accelerator.inputs
    integers = quantize(image, port.format.scale.data, port.format.bits.data)
    return accelerator.run(interpreter, accelerator.prepare(interpreter), [integers])


def residual_stream(module: ModuleOp, weights: ParameterSource, image: Floats) -> list[Integers]:
    """The sums of a network at the quantized level, in order."""
    network = network_of(module)
    activations: set[SSAValue] = activations_of(network)
    sums = [op for op in network.walk() if isinstance(op, quant.AddOp) and op.result in activations]
    found: dict[Operation, Integers] = {}

    def on_value(op: Operation, values: PythonValues) -> None:
        if op in sums:
            (found[op],) = values

    execute(module, {INPUT: image[np.newaxis]}, weights, on_value=on_value)
    return [found[each] for each in sums]


class Compilation:
    """The small model on its way down, and what it gives for an image."""

    def __init__(self, frames: int) -> None:
        self.weights = ModelFile.open(MODEL)
        self.image = np.random.default_rng(5).standard_normal((3, 32, 32), np.float32)
        self.module = import_model(MODEL, str(MODEL))
        options = Options(tiling=TILES, frames=frames)
        apply(stages(options)[0], self.module)
        self.frames: dict[str, Frame] = {}
        self.residuals: list[Integers] = []
        self.logits: Integers
        for name in levels(self.module, options):
            if name == "quantized":
                self.residuals = residual_stream(self.module, self.weights, self.image)
                self.logits = logits(self.module, self.weights, self.image[np.newaxis])
            if name in COMPARED:
                self.frames[name] = run_frame(self.module, self.weights, self.image)


@pytest.fixture(scope="module")
def compilation() -> Compilation:
    return Compilation(frames=2)


@pytest.mark.parametrize("stage", COMPARED)
def test_checkpoints(compilation: Compilation, stage: str):
    """Every value of the residual stream is there to compare hardware with."""
    frame = compilation.frames[stage]
    assert [(each.label, each.index) for each in frame.checkpoints] == [
        ("embedding", 0),
        ("attention", 0),
        ("mlp", 0),
        ("attention", 1),
        ("mlp", 1),
    ]
    for checkpoint, expected in zip(frame.checkpoints, compilation.residuals, strict=True):
        assert np.array_equal(checkpoint.values, expected)
    assert np.array_equal(frame.outputs[0], compilation.logits)


def test_locations(compilation: Compilation):
    """Whatever computes, moves or holds values knows the nodes that it comes from."""
    lost = {
        op.name
        for op in compilation.module.walk()
        if isinstance(op.location, UnknownLoc)
        and op.name.startswith(("accel.", "scf.for", "func.call"))
    }
    assert lost <= {"accel.pack"}, "a memory of words belongs to all"


def test_stages_side_by_side(compilation: Compilation):
    """What double buffering overlaps does not depend on which comes first."""
    assert "accel.concurrent" in str(compilation.module)
    frame = run_frame(compilation.module, compilation.weights, compilation.image, backwards=True)
    assert np.array_equal(frame.outputs[0], compilation.logits)


@given(networks(), choices())
@settings(max_examples=10)
def test_random_networks(vit: RandomVit, options: Options):
    check_random_network(vit, options)


@given(mixed_networks())
@settings(max_examples=10)
def test_random_networks_with_widths_by_layer(mixed: tuple[RandomVit, Options]):
    check_random_network(*mixed)


def check_random_network(vit: RandomVit, options: Options) -> None:
    """Check that the results of the first and the last stage are equal."""
    with TemporaryDirectory() as folder, degenerate_networks_are_rejected():
        module, weights = vit.write(Path(folder))
        # With two frames a call, one is the last alone.
        images = vit.images(2 * options.frames - 1)
        expected: dict[str, Integers] | None = None
        for name in levels(module, options):
            if name in ("quantized", STAGES[-1]):
                actual = results(module, weights, images)
                expected = actual if expected is None else expected
                assert actual.keys() == expected.keys()
                for output, values in actual.items():
                    assert np.array_equal(values, expected[output]), (name, output)
