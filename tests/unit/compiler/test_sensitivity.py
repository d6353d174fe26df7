"""What rounding groups of activations costs."""

from pathlib import Path

import numpy as np
import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from tests.models.random_vit import INPUT, OUTPUT, RandomVit
from vaqf.compiler.model_resolution import open_parameters
from vaqf.compiler.search.groups import Group, Kind, groups_of
from vaqf.compiler.search.sensitivity import Sensitivity, measure_sensitivity
from vaqf.dialects.quant import DequantizeOp, IntType, QuantizeOp
from vaqf.interpreters.execute import execute
from vaqf.passes.calibrate_activations import CalibrateActivationsPass
from vaqf.passes.recorded_ranges import recorded_range
from vaqf.passes.scales import activation_scale
from vaqf.passes.structure import network_of

VIT = RandomVit(blocks=2, heads=2, head_channels=4, hidden=24, colours=3, grid=(3, 3), classes=5)


@pytest.fixture
def calibrated(tmp_path: Path) -> ModuleOp:
    """A network whose ranges are recorded."""
    module, _ = VIT.write(tmp_path)
    CalibrateActivationsPass().apply(Context(), module)
    return module


def test_groups(calibrated: ModuleOp):
    found = groups_of(network_of(calibrated))
    layers = {str(group): members.layers for group, members in found.items()}
    assert layers["attention"] == ("blocks.0.attn", "blocks.1.attn")
    assert layers["blocks[1].qkv"] == tuple(
        f"blocks.1.{each}" for each in ("query", "key", "value")
    )
    assert layers["blocks[0].proj"] == ("blocks.0.proj",)
    assert layers["fc1"] == ("blocks.0.fc1", "blocks.1.fc1")
    values = {
        str(group): [value.name_hint for value in members.values]
        for group, members in found.items()
    }
    assert values["blocks[0].attention"] == [
        f"blocks_0_{each}" for each in ("value", "query", "key")
    ]
    assert values["blocks[1].qkv"] == ["blocks_1_norm1"]
    assert values["blocks[1].proj"] == ["blocks_1_mixed"]
    assert values["blocks[1].fc1"] == ["blocks_1_norm2"]
    assert values["blocks[1].fc2"] == ["blocks_1_gelu", "blocks_1_fc1"]
    assert list(found)[:5] == [Group(kind) for kind in Kind], "first all blocks together"


@pytest.mark.parametrize("kind", Kind)
def test_the_loss_is_that_of_a_rounded_network(calibrated: ModuleOp, kind: Kind):
    """The same as when the activations of the group alone are followed by a rounding."""
    images = VIT.images(3)
    measured = measure_sensitivity(calibrated, {INPUT: images}, [Group(kind)], [3])
    rounded = calibrated.clone()
    network = network_of(rounded)
    for value in groups_of(network)[Group(kind)].values:
        format = IntType(3, activation_scale(3, recorded_range(network, value)))
        quantize = QuantizeOp(value, format)
        dequantize = DequantizeOp(quantize.result)
        block = network.body.block
        assert isinstance(value.owner, Operation)
        block.insert_ops_after([quantize, dequantize], value.owner)
        value.replace_uses_with_if(
            dequantize.result, lambda use, quantize=quantize: use.operation is not quantize
        )
    parameters = open_parameters(calibrated)
    before, after = (
        execute(module, {INPUT: images}, parameters)[OUTPUT].astype(np.float64)
        for module in (calibrated, rounded)
    )
    expected = np.square(after - before).sum() / np.square(before).sum()
    assert expected > 0
    assert measured.loss(Group(kind), 3) == pytest.approx(expected, rel=1e-4)


def test_more_bits_cost_less(calibrated: ModuleOp):
    found = measure_sensitivity(calibrated, {INPUT: VIT.images(2)})
    again = measure_sensitivity(calibrated, {INPUT: VIT.images(2)})
    assert found == again
    for group in found.measured:
        losses = [found.loss(group, bits) for bits in range(2, 13)]
        assert sorted(losses, reverse=True) == losses
        assert found.change(group, 8, 4) > 0
        assert found.decibels(group, 8) > 20


def test_between_and_beyond_what_was_measured():
    group = Group(Kind.FC1)
    found = Sensitivity({group: {4: 1e-2, 6: 1e-4}, Group(Kind.FC2): {4: 0.0}})
    expected = {2: 16e-2, 3: 4e-2, 4: 1e-2, 5: 1e-3, 6: 1e-4, 7: 1e-4 / 4, 8: 1e-4 / 16}
    assert {bits: found.loss(group, bits) for bits in expected} == pytest.approx(expected)
    assert found.decibels(group, 6) == pytest.approx(40)
    assert found.decibels(Group(Kind.FC2), 3) == float("inf")
