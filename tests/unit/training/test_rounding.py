"""Rounding: its values, and the gradients that are passed through it."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import numpy as np
import pytest
import torch

from vaqf.interpreters.arithmetic.formats import dequantize, quantize
from vaqf.interpreters.arithmetic.weights import binarize, quantize_weight
from vaqf.training.rounding import round_to_sign, round_to_steps
from vaqf.training.settings import Settings
from vaqf.training.weights import BinaryWeight, IntegerWeight, TernaryWeight

VALUES = torch.tensor([-5.0, -1.3, -0.25, 0.0, 0.25, 0.9, 7.0])


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_values_are_those_of_the_interpreter(bits: int) -> None:
    step, half = torch.tensor(0.5), 1 << (bits - 1)
    rounded = round_to_steps(VALUES, step, (-half, half - 1))
    expected = dequantize(quantize(VALUES.numpy(), 0.5, bits), 0.5)
    np.testing.assert_array_equal(rounded.numpy(), expected)


def test_gradients_are_those_of_lsq() -> None:
    values = VALUES.clone().requires_grad_()
    step = torch.tensor(0.5, requires_grad=True)
    gradient = torch.arange(1.0, 8.0)
    round_to_steps(values, step, (-4, 3)).backward(gradient)
    assert values.grad is not None and step.grad is not None
    # -5 and 7 are outside of -2 to 1.5.
    assert values.grad.tolist() == [0, 2, 3, 4, 5, 6, 0]
    errors = [-4, -3 + 2.6, 0 + 0.5, 0, 1 - 0.5, 2 - 1.8, 3]
    assert step.grad.item() == pytest.approx(float(gradient @ torch.tensor(errors)))


def test_a_sign_has_a_gradient_near_zero_only() -> None:
    values = VALUES.clone().requires_grad_()
    step = torch.tensor(0.5, requires_grad=True)
    signs = round_to_sign(values, step)
    assert signs.tolist() == [-0.5, -0.5, -0.5, 0.5, 0.5, 0.5, 0.5]
    signs.sum().backward()
    assert values.grad is not None and step.grad is not None
    assert values.grad.tolist() == [0, 0, 1, 1, 1, 1, 0]
    assert step.grad.item() == 1


WEIGHT = torch.randn(5, 12, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("per_tensor", [False, True])
def test_binary_weights_are_those_of_the_interpreter(per_tensor: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    format = BinaryWeight(WEIGHT.shape, Settings(), generator, per_tensor=per_tensor)
    integers, scale = format.integers(WEIGHT)
    signs, expected = binarize(WEIGHT.numpy(), per_tensor=per_tensor)
    np.testing.assert_array_equal(integers.numpy(), signs)
    np.testing.assert_allclose(scale.flatten().numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("bits", [8, 16])
def test_integer_weights_are_those_of_the_interpreter(bits: int) -> None:
    integers, scale = IntegerWeight(bits, Settings()).integers(WEIGHT)
    expected, scales = quantize_weight(WEIGHT.numpy(), bits)
    np.testing.assert_array_equal(scale.flatten().numpy(), scales)
    np.testing.assert_array_equal(integers.numpy(), expected)


def test_ternary_weights_are_the_large_ones() -> None:
    format = TernaryWeight(WEIGHT.shape, Settings(), torch.Generator().manual_seed(0))
    integers, scale = format.integers(WEIGHT)
    row = WEIGHT[0].abs()
    kept = row > 0.7 * row.mean()
    assert 0 < int(kept.sum()) < len(row)
    assert torch.equal(integers[0], WEIGHT[0].sign() * kept)
    assert scale[0].item() == pytest.approx(float(row[kept].mean()))


def test_a_growing_share_of_weights_becomes_binary() -> None:
    settings = Settings()
    weight = torch.randn(64, 64, generator=torch.Generator().manual_seed(1))
    format = BinaryWeight(weight.shape, settings, torch.Generator().manual_seed(0))
    assert torch.equal(format(weight), weight)
    before = torch.zeros_like(weight, dtype=torch.bool)
    for share in (0.25, 0.5, 0.75, 1.0):
        settings.binary_share = share
        binary = format(weight) != weight
        assert binary.float().mean().item() == pytest.approx(share, abs=0.03)
        assert bool((binary | ~before).all()), "what is binary stays binary"
        before = binary


def test_a_weight_beyond_the_clip_is_not_pushed_on() -> None:
    weight = torch.tensor([[0.1, -0.2, 3.0, 0.1]], requires_grad=True)
    settings = Settings(binary_share=1.0)
    format = BinaryWeight(weight.shape, settings, torch.Generator().manual_seed(0))
    # The scale of all four has no gradient of this sum: its signs cancel.
    format(weight)[0, 1:3].sum().backward()
    assert weight.grad is not None
    assert weight.grad[0, 1].item() == 1 and weight.grad[0, 2].item() == 0
