"""Tests of the one pipeline."""

import itertools

import pytest

from vaqf.compiler.pipeline import Level, Options, passes_of, stages, until
from vaqf.compiler.recipe import parse_rules
from vaqf.compiler.specification import parse_passes, print_pipeline
from vaqf.compiler.universe import PASSES, VAQF_UNIVERSE
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.binarize_weights import BinarizeWeightsPass
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
        stages(Options(weight_bits, activation_bits, calibration, tiling=tiling, word_bits=256))
    )
    assert parse_passes(VAQF_UNIVERSE.all_passes, print_pipeline(passes)) == passes


@pytest.mark.parametrize("weight_bits", (1, 8))
def test_rules_read_back(weight_bits: int) -> None:
    rules = parse_rules('blocks[0-5].mlp.*, "a b": w1a6; {*}: a3', "rules")
    passes = passes_of(stages(Options(weight_bits, rules=rules)))
    assert parse_passes(VAQF_UNIVERSE.all_passes, print_pipeline(passes)) == passes


def test_a_rule_can_binarize_what_else_has_integer_weights() -> None:
    rules = parse_rules("head: w1", "rules")
    (binarize,) = (
        each
        for each in passes_of(stages(Options(weight_bits=8, rules=rules)))
        if isinstance(each, BinarizeWeightsPass)
    )
    assert binarize.only_by_rule


def test_every_registered_pass_has_its_place() -> None:
    measured = [each.name for each in passes_of(stages(Options(frames=2)))]
    assumed = [each.name for each in passes_of(stages(Options(assume_ranges=True, frames=2)))]
    assert measured == [name for name in PASSES if name != "assume-ranges"]
    assert assumed == [name for name in PASSES if name != "calibrate-activations"]


def test_frames_overlap_only_where_there_are_two() -> None:
    names = [each.name for each in passes_of(stages(Options()))]
    assert "overlap-frames" not in names
    with pytest.raises(UserError, match="frames are 3, accepted are 1 and 2"):
        Options(frames=3)


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
