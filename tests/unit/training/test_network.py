"""A network in torch against its model in ONNX Runtime, and against the IR of what is exported."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from xdsl.dialects.builtin import TensorType
from xdsl.utils.exceptions import PassFailedException

from tests.models.checks import run_onnx_runtime
from tests.models.fixtures import FOLDER
from vaqf.compiler.recipe import parse_recipe
from vaqf.dialects.quant.formats import Format
from vaqf.frontends.onnx import ModelFile
from vaqf.training.agreement import agreement, integer_level
from vaqf.training.export import Rounded, export
from vaqf.training.network import Network
from vaqf.training.precision import Precision
from vaqf.training.quantizer import Quantizer

RECIPE = parse_recipe("blocks[0].mlp.*: w8a6; blocks[1].attn: a5", "recipe")

TIES = 0.05
"""What sums in another order, which round a few values to the other side, change in logits."""

CASES = [
    ("timm_fused.dynamo18", Precision(8, 6, RECIPE)),
    ("hf_deit.legacy17", Precision()),
    ("timm_dinov2_registers.dynamo18", Precision(activation_bits=4, per_tensor=True)),
    ("timm_average.dynamo18", Precision(activation_bits=12, ternary=True)),
    ("timm_distilled.dynamo18", Precision(activation_bits=1)),
    ("vit_pytorch.dynamo18", Precision(activation_bits=6)),
]


def model(name: str) -> ModelFile:
    return ModelFile.open(FOLDER / f"{name}.onnx")


def images(network: Network, count: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(count, *network.image_shape, generator=generator)


@pytest.mark.parametrize(("name", "precision"), CASES, ids=[name for name, _ in CASES])
def test_from_float_to_integers(name: str, precision: Precision, tmp_path: Path) -> None:
    network = Network(model(name), precision)
    samples = images(network, 6)
    with torch.no_grad():
        logits = network(samples).logits.numpy()
    one = samples[:1].numpy()
    expected = run_onnx_runtime(FOLDER / f"{name}.onnx", one)
    np.testing.assert_allclose(logits[:1], expected, atol=1e-4)

    in_float = tmp_path / "float.onnx"
    onnx.save(export(network, Rounded.NOTHING), in_float)
    onnx.checker.check_model(str(in_float), full_check=True)
    np.testing.assert_allclose(run_onnx_runtime(in_float, one), expected, atol=1e-4)

    network.choose_steps([samples])
    settings = network.settings
    settings.binary_share, settings.rounds_activations, settings.uses_integers = 1.0, True, True
    network.eval()
    trained = tmp_path / "trained.onnx"
    onnx.save(export(network), trained)
    onnx.checker.check_model(str(trained), full_check=True)
    found = agreement(network, trained, samples)
    assert found.largest_difference == 0
    assert found.same_class == found.images == len(samples)

    # ONNX Runtime computes GELU, softmax and LayerNorm in float, and rounds half to even.
    settings.uses_integers = False
    with torch.no_grad():
        rounded = network(samples[:1]).logits.numpy()
    largest = np.abs(rounded).max()
    np.testing.assert_allclose(run_onnx_runtime(trained, one), rounded, atol=TIES * largest)

    ours = {each.format for each in network.quantizers.values()}
    ir = integer_level(ModelFile.open(trained))
    types = (each.type for op in ir.walk() for each in (*op.results, *op.operands))
    theirs = {
        each.element_type
        for each in types
        if isinstance(each, TensorType) and isinstance(each.element_type, Format)
    }
    assert ours == theirs


def test_every_parameter_learns() -> None:
    network = Network(model("timm_fused.legacy17"), Precision(activation_bits=4))
    samples = images(network, 4)
    network.choose_steps([samples])
    settings = network.settings
    settings.binary_share, settings.rounds_activations, settings.uses_integers = 1.0, True, True
    network(samples).logits.square().sum().backward()
    for name, each in network.named_parameters():
        assert each.grad is not None, name
        # A key's bias adds the same to all scores of a row.
        if "key" not in name:
            assert each.grad.abs().max().item() > 0, name


def test_the_residual_stream_has_one_quantizer_of_16_bits() -> None:
    network = Network(model("timm_fused.legacy17"), Precision())
    stream = network.steps["residual_stream"]
    assert isinstance(stream, Quantizer)
    assert stream.bits == 16
    uses = [each for each in network.instructions if each.module == "residual_stream"]
    assert len(uses) > 6


def test_a_quantized_model_is_refused() -> None:
    path = FOLDER.parent / "quantized" / "qonnx_w1a8.onnx"
    with pytest.raises(PassFailedException, match="the model is quantized already"):
        Network(ModelFile.open(path), Precision())
