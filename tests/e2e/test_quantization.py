"""From the vit level to integers: every step executes, and integers are close to float."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, UnknownLoc
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.passes import ModulePass

from tests.models.random_vit import Pooling, RandomVit
from vaqf.compiler.model_resolution import open_parameters
from vaqf.compiler.pipeline import Level, Options, passes_of, stages, until
from vaqf.dialects import vit
from vaqf.frontends.onnx import import_model
from vaqf.interpreters.execute import execute
from vaqf.passes.binarize_weights import BinarizeWeightsPass
from vaqf.passes.calibrate_activations import CalibrateActivationsPass
from vaqf.passes.integerize_additions import IntegerizeAdditionsPass
from vaqf.passes.integerize_attention_values import IntegerizeAttentionValuesPass
from vaqf.passes.integerize_gelus import IntegerizeGelusPass
from vaqf.passes.integerize_interface import IntegerizeInterfacePass
from vaqf.passes.integerize_layer_norms import IntegerizeLayerNormsPass
from vaqf.passes.integerize_linears import IntegerizeLinearsPass
from vaqf.passes.integerize_poolings import IntegerizePoolingsPass
from vaqf.passes.integerize_softmaxes import IntegerizeSoftmaxesPass
from vaqf.passes.quantize_activations import QuantizeActivationsPass
from vaqf.passes.quantize_weights import QuantizeWeightsPass
from vaqf.passes.sink_dequantize import SinkDequantizePass

MODELS = Path(__file__).parents[1] / "models"

SIZE = 32
"""Height and width of an image, in pixels."""

INTEGERIZE: tuple[ModulePass, ...] = (
    SinkDequantizePass(),
    IntegerizeLinearsPass(),
    IntegerizeAdditionsPass(),
    IntegerizeLayerNormsPass(),
    IntegerizePoolingsPass(),
    IntegerizeSoftmaxesPass(),
    IntegerizeAttentionValuesPass(),
    IntegerizeGelusPass(),
    IntegerizeInterfacePass(),
)
"""What makes a network integer whose activations are rounded."""

Images = NDArray[np.float32]


def smooth_images(count: int, seed: int) -> Images:
    """
    Images with the spectrum of natural ones, which falls off with the frequency.

    Args:
        count: Number of images.
        seed: Of the random phases.

    Returns:
        Images x colours x height x width, with mean 0 and variance 1.
    """
    noise = np.random.default_rng(seed).standard_normal((count, 3, SIZE, SIZE))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIZE), np.fft.fftfreq(SIZE)))
    frequency[0, 0] = np.inf
    images = np.fft.ifft2(np.fft.fft2(noise) / frequency).real
    return (images / images.std(axis=(1, 2, 3), keepdims=True)).astype(np.float32)


def run(module: ModuleOp, images: Images) -> Images:
    logits = execute(module, {"pixel_values": images}, open_parameters(module))["logits"]
    return logits.astype(np.float32)


def similarity(left: Images, right: Images) -> float:
    """The smallest cosine similarity of two rows."""
    products = (left * right).sum(axis=1)
    norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return float((products / norms).min())


def apply(module: ModuleOp, *steps: ModulePass) -> ModuleOp:
    for step in steps:
        step.apply(Context(), module)
        module.verify()
    return module


def float_network(name: str) -> ModuleOp:
    path = MODELS / name
    return apply(import_model(path, str(path)), *passes_of(until(Level.VIT, stages(Options()))))


def weight_passes(bits: int) -> tuple[ModulePass, ...]:
    return (
        (BinarizeWeightsPass(), QuantizeWeightsPass())
        if bits == 1
        else (QuantizeWeightsPass(bits),)
    )


@pytest.fixture(scope="module")
def calibration(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("calibration") / "calibration.npz"
    np.savez(path, pixel_values=smooth_images(16, seed=1))
    return str(path)


def quantized(module: ModuleOp, weights: int, activations: int, calibration: str) -> ModuleOp:
    """A copy of a network in integers."""
    return apply(
        module.clone(),
        *weight_passes(weights),
        CalibrateActivationsPass(calibration),
        QuantizeActivationsPass(activations),
        *INTEGERIZE,
    )


@pytest.mark.parametrize(
    "name",
    [
        "families/timm_patch8.legacy17.onnx",
        "families/timm_patch8.dynamo18.onnx",
        "families/timm_patch8.dynamo20_external.onnx",
    ],
)
@pytest.mark.parametrize(("bits", "least"), [(16, 0.9999), (8, 0.995)])
def test_integers_are_close_to_float(name: str, bits: int, least: float, calibration: str):
    module = float_network(name)
    images = smooth_images(4, seed=2)
    integers = quantized(module, bits, bits, calibration)
    assert similarity(run(module, images), run(integers, images)) >= least


@pytest.mark.parametrize("pooling", ["mean", "mean of patches only"])
@pytest.mark.parametrize("norm_after_pooling", [False, True])
@pytest.mark.parametrize("head", [False, True])
def test_pooled_tokens_are_close_to_float(
    pooling: Pooling, norm_after_pooling: bool, head: bool, tmp_path: Path
):
    network = RandomVit(
        heads=2,
        head_channels=16,
        hidden=64,
        colours=3,
        patch=(4, 4),
        grid=(4, 4),
        classes=10,
        pooling=pooling,
        norm_after_pooling=norm_after_pooling,
        head=head,
    )
    module, _ = network.write(tmp_path)
    calibration = tmp_path / "calibration.npz"
    np.savez(calibration, pixel_values=network.images(9)[1:])
    integers = quantized(module, 8, 8, str(calibration))
    images = network.images(1)
    assert similarity(run(module, images), run(integers, images)) >= 0.995


def test_fewer_bits_are_less_close(calibration: str):
    module = float_network("families/timm_patch8.legacy17.onnx")
    images = smooth_images(8, seed=2)
    reference = run(module, images)
    table = {
        bits: similarity(reference, run(quantized(module, 16, bits, calibration), images))
        for bits in (16, 10, 8, 6, 4)
    }
    assert sorted(table.values(), reverse=True) == list(table.values()), table


@pytest.mark.parametrize(
    ("weights", "activations", "least"),
    [(16, 16, 0.99999), (1, 4, 0.95), (2, 3, 0.95), (1, 1, 0.95)],
)
def test_every_pass_leaves_a_network_that_executes(
    weights: int, activations: int, least: float, calibration: str
):
    """
    What the passes to integers compute is what the float ops on rounded values compute.

    The narrower the format, the more it matters when a value is rounded to the other side.
    """
    images = smooth_images(2, seed=2)
    module = float_network("families/timm_patch8.legacy17.onnx")
    for step in (*weight_passes(weights), CalibrateActivationsPass(calibration)):
        run(apply(module, step), images)
    rounded = run(apply(module, QuantizeActivationsPass(activations)), images)
    for step in INTEGERIZE:
        assert similarity(rounded, run(apply(module, step), images)) >= least, step.name


@pytest.mark.parametrize("first", INTEGERIZE[1:-1], ids=lambda step: step.name)
def test_passes_to_integers_run_in_any_order(first: ModulePass, calibration: str):
    module = apply(
        float_network("families/timm_patch8.legacy17.onnx"),
        *weight_passes(1),
        CalibrateActivationsPass(calibration),
        QuantizeActivationsPass(6),
        SinkDequantizePass(),
    )
    rest = [step for step in INTEGERIZE[1:-1] if step is not first]
    other = apply(module.clone(), first, *reversed(rest), INTEGERIZE[-1])
    images = smooth_images(2, seed=2)
    np.testing.assert_array_equal(run(apply(module, *INTEGERIZE[1:]), images), run(other, images))


def test_locations_survive(calibration: str):
    module = quantized(float_network("families/timm_patch8.legacy17.onnx"), 1, 8, calibration)
    lost = [
        str(op)
        for op in module.walk()
        if isinstance(op.location, UnknownLoc) and not isinstance(op, ModuleOp | FuncOp | ReturnOp)
    ]
    assert not lost


def test_weights_are_left_real_in_the_head_only(calibration: str):
    module = apply(float_network("families/timm_patch8.legacy17.onnx"), BinarizeWeightsPass())
    real = [
        op
        for op in module.walk()
        if isinstance(op, vit.LinearOp) and isinstance(op.weight.owner, vit.ParameterOp)
    ]
    assert [op.result.name_hint for op in real] == ["head"]
