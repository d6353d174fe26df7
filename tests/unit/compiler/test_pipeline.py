"""Tests of the one pipeline."""

import itertools

import pytest

from vaqf.compiler.pipeline import Level, Options, passes_of, stages, until
from vaqf.compiler.specification import parse_passes, print_pipeline
from vaqf.compiler.universe import PASSES, VAQF_UNIVERSE
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.tile_engines import TileEnginesPass


@pytest.mark.parametrize(
    ("weight_bits", "activation_bits", "calibration"),
    list(itertools.product((1, 8, 16), (1, 8, 16), (None, "some where/it's.npz"))),
)
def test_pipeline_reads_back(
    weight_bits: int, activation_bits: int, calibration: str | None
) -> None:
    tiling = TileEnginesPass(lanes=32, binary_matmul=(32, 16, 2))
    passes = passes_of(
        stages(Options(weight_bits, activation_bits, calibration, tiling, word_bits=256))
    )
    assert parse_passes(VAQF_UNIVERSE.all_passes, print_pipeline(passes)) == passes


def test_every_registered_pass_has_its_place() -> None:
    assert [each.name for each in passes_of(stages(Options()))] == list(PASSES)


def test_integer_weights_are_not_binarized() -> None:
    names = [each.name for each in passes_of(stages(Options(weight_bits=8)))]
    assert "binarize-weights" not in names


def test_levels_follow_each_other() -> None:
    everything = stages(Options())
    assert until(Level.ONNX, everything) == ()
    assert [each.name for each in until(Level.VIT, everything)] == ["vit"]
    assert [each.name for each in until(Level.QUANTIZED, everything)] == ["vit", "quantized"]
    assert until(Level.ACCEL, everything) == everything


@pytest.mark.parametrize("bits", [-1, 0, 2, 17])
def test_weight_bits_out_of_range(bits: int) -> None:
    with pytest.raises(UserError, match=f"weight bits are {bits}, accepted are 1, 8 and 16"):
        Options(weight_bits=bits)


@pytest.mark.parametrize("bits", [-1, 0, 17])
def test_activation_bits_out_of_range(bits: int) -> None:
    with pytest.raises(UserError, match=rf"activation bits are {bits}, .* \[1, 16\]"):
        Options(activation_bits=bits)
