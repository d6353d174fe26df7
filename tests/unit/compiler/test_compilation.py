"""Where a compilation verifies its IR, and whom it blames."""

from dataclasses import replace

import pytest
from xdsl.utils.exceptions import VerifyException

from tests.models.fixtures import Fixture
from tests.unit.compiler.bisection.planted import BreakTypePass
from vaqf.compiler.compilation import Finished, compile_file
from vaqf.compiler.pipeline import Level, Options, Stage, stages, until
from vaqf.frontends.onnx import ModelFile

MODEL = Fixture("timm_fused", "legacy17").file


def with_planted() -> tuple[Stage, ...]:
    """The stages to `vit`, with a pass before the last one that leaves invalid IR."""
    (stage,) = until(Level.VIT, stages(Options(assume_ranges=True)))
    *before, last = stage.passes
    return (replace(stage, passes=(*before, BreakTypePass(), last)),)


def test_the_pass_that_left_invalid_ir_is_named() -> None:
    reported: list[str] = []

    def report(stage: Finished) -> None:
        reported.append(stage.name)

    with pytest.raises(
        VerifyException, match=r"invalid IR after plant-break-type: 'vit\.gelu' at /.*: 'result'"
    ):
        compile_file(ModelFile.open(MODEL), "model.onnx", with_planted(), report)
    assert reported == ["onnx"]


def test_what_is_not_verified_may_be_invalid() -> None:
    module = compile_file(ModelFile.open(MODEL), "model.onnx", with_planted(), is_verified=False)
    with pytest.raises(VerifyException):
        module.verify()
