"""
Every pass leaves what a model computes as it was, and IR that can be written and read.

Nothing here names the passes that there are: those of `PASSES` and of the pipeline are tested.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.interpreter import PythonValues
from xdsl.ir import Operation, SSAValue

from tests.models.checks import TOLERANCE
from tests.models.descents import DESCENTS, OTHERS, REFERENCES, Descent, Step, images
from tests.models.fixtures import INPUT
from vaqf.compiler.compilation import print_ir
from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.pipeline import Level
from vaqf.compiler.universe import PASSES
from vaqf.compiler.verification import verify
from vaqf.dialects import quant
from vaqf.dialects.quant.formats import element_format
from vaqf.frontends.onnx import ModelFile
from vaqf.interpreters.execute import execute
from vaqf.interpreters.samples import Array

ROOT = Path(__file__).parents[2]

Results = Mapping[str, Array]

ROUNDING = {"binarize-weights", "quantize-weights", "quantize-activations"}
"""
Passes that round to other formats. How much that changes results is up to the model; each value
that is rounded becomes what `docs/numerics.md` says.
"""

INTEGER_FORMS = {
    "integerize-linears",
    "integerize-softmaxes",
    "integerize-attention-values",
    "integerize-gelus",
    "integerize-layer-norms",
    "integerize-poolings",
}
"""
Passes that put the integer arithmetic of `docs/numerics.md` in the place of reals. Factors have 17
bits there, so that a few values are rounded to the other side.
"""

OTHER_SIDE = 0.05
"""What that may change, relative to the largest result."""

EXACT = 1e-6
"""What the order of `float32` sums may change, relative to the largest result."""

ANNOTATIONS = {
    "accel.binds",
    "accel.cycles",
    "accel.depth",
    "accel.distance",
    "accel.flatten",
    "accel.pipeline",
    "accel.resources",
    "copies",
    "partition",
    "word",
}
"""Attributes that are for hardware: a pass that sets nothing else changes no value."""


def without_annotations(step: Step) -> str:
    """The text of all that values depend on."""
    if step.level is not Level.ACCEL:
        return print_ir(step.module)
    stripped = step.module.clone()
    for op in stripped.walk():
        for name in ANNOTATIONS:
            op.attributes.pop(name, None)
            op.properties.pop(name, None)
    return print_ir(stripped)


def check_results(step: Step, before: Results, after: Results) -> None:
    """
    Check that a pass has changed the results no more than it may.

    Raises:
        AssertionError: with the name of the pass.
    """
    assert step.by is not None
    name = step.by.name
    assert after.keys() == before.keys(), name
    for output, values in after.items():
        expected = before[output]
        assert values.shape == expected.shape, (name, output)
        if name in ROUNDING:
            assert np.isfinite(values).all(), (name, output)
        elif step.level is Level.ACCEL:
            np.testing.assert_array_equal(values, expected, f"{name}: {output}")
        else:
            accepted = TOLERANCE if step.level is Level.VIT else EXACT
            accepted = OTHER_SIDE if name in INTEGER_FORMS else accepted
            error = float(np.abs(values - expected).max() / np.abs(expected).max())
            assert error <= accepted, f"{name}: {output} differs by {error:.2g} of the largest"


def check_rounding(step: Step, model: ModelFile, pixels: NDArray[np.float32]) -> None:
    """
    Check that each number that is rounded becomes what `docs/numerics.md` says.

    Raises:
        AssertionError: with the operation.
    """
    found: dict[SSAValue, NDArray[np.generic]] = {}

    def on_value(op: Operation, values: PythonValues) -> None:
        found.update(zip(op.results, values, strict=True))
        match op:
            case quant.BinarizeOp() if op.weight in found:
                weight, (signs, scale) = found[op.weight].astype(np.float64), values
                np.testing.assert_array_equal(signs, np.where(weight >= 0, 1, -1), str(op))
                np.testing.assert_allclose(scale, np.abs(weight).mean(axis=1), 1e-5)
            case quant.QuantizeWeightOp() if op.weight in found:
                weight, (integers, scale) = found[op.weight].astype(np.float64), values
                largest = 2 ** (op.integers.type.element_type.width.data - 1) - 1
                assert np.abs(integers).max() <= largest, op
                difference = np.abs(integers * scale[:, None] - weight)
                assert (difference <= 0.5001 * scale[:, None]).all(), op
            case quant.QuantizeOp() if op.input in found:
                format = element_format(op.result)
                bits, scale = format.bits.data, format.scale.data
                real, (integers,) = found[op.input].astype(np.float64), values
                if bits == 1:
                    np.testing.assert_array_equal(integers, np.where(real >= 0, 1, -1), str(op))
                    return
                is_signed = isinstance(format, quant.IntType)
                low, high = (
                    (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if is_signed else (0, 2**bits - 1)
                )
                nearest = np.clip(real / scale, low, high)
                assert (np.abs(integers - nearest) <= 0.5001).all(), op
            case _:
                pass

    execute(step.module, {INPUT: pixels}, model, on_value=on_value)


def expect_reads_back(text: str) -> None:
    """
    Check that text becomes the IR that it was printed from.

    Raises:
        AssertionError: when it does not.
    """
    read_back = parse_ir(full_context(), text.encode(), "text")
    assert print_ir(read_back, locations=True) == text


@pytest.mark.parametrize("descent", [*DESCENTS, *REFERENCES, *OTHERS], ids=lambda each: each.name)
def test_each_step(descent: Descent) -> None:
    """The IR after each pass verifies, reads back equal, and computes what it did before."""
    model = ModelFile.open(descent.file)
    pixels: NDArray[np.float32] | None = None
    results: Results = {}
    text, meaning = "", ""
    for step in descent.steps(model):
        verify(step.module, after=step.by)
        before, text = text, print_ir(step.module, locations=True)
        if text == before:
            continue
        # Of other writers, what comes in and goes out is read back: the steps between are alike.
        if descent not in OTHERS or step.by is None:
            expect_reads_back(text)
        before, meaning = meaning, without_annotations(step)
        if meaning == before:
            continue
        if pixels is None:
            pixels = images(step.module, descent.options.frames)
        found = execute(step.module, {INPUT: pixels}, model)
        if step.by is not None:
            check_results(step, results, found)
            if step.by.name in ROUNDING:
                check_rounding(step, model, pixels)
        results = found
    expect_reads_back(text)
    assert all(len(np.unique(values)) > 1 for values in results.values()), "nothing was compared"


def test_every_pass_is_tested() -> None:
    """Add a model to `DESCENTS`, or options for one, when this fails."""
    reached = {each.name for descent in DESCENTS for _, each in descent.passes()}
    missing = [name for name in PASSES if name not in reached]
    assert not missing, f"no model of DESCENTS goes through {', '.join(missing)}"


class Told(TypedDict):
    """What `tests.models.descents` tells of a pass on a model."""

    by: str
    """Its name."""
    changed: bool
    """Whether the IR is another."""
    sha256: str
    """Of the IR after it."""
    counts: dict[str, int]
    """How often it did what it counts."""


def told_by_two_processes() -> list[dict[str, list[Told]]]:
    """All IR of all models, by two processes that order sets differently."""
    command = [sys.executable, "-m", "tests.models.descents"]
    processes = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    outputs = [each.communicate()[0] for each in processes]
    assert all(each.returncode == 0 for each in processes)
    return [json.loads(each) for each in outputs]


def test_dumps() -> None:
    """IR is the same in each process; every pass changes some of it, and counts what it does."""
    first, second = told_by_two_processes()
    for name, steps in first.items():
        for one, other in zip(steps, second[name], strict=True):
            assert one["sha256"] == other["sha256"], f"{name} depends on chance after {one['by']}"
    for name in PASSES:
        own = [each for steps in first.values() for each in steps if each["by"] == name]
        assert any(each["changed"] for each in own), f"'{name}' changes no model of DESCENTS"
        assert own[0]["counts"], f"'{name}' counts nothing for --mlir-pass-statistics"
        for what in own[0]["counts"]:
            assert any(each["counts"][what] for each in own), f"'{name}' never counts '{what}'"
