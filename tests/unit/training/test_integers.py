"""The integer functions in torch against those of the interpreters, to the last bit."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import numpy as np
import pytest
import torch

from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.interpreters.arithmetic import layer_norm, softmax, tables
from vaqf.training import integers

SOURCE = np.random.default_rng(0)


@pytest.mark.parametrize(("channels", "bits"), [(5, 8), (64, 16), (768, 16)])
def test_layer_norm(channels: int, bits: int) -> None:
    half = 1 << (bits - 1)
    tokens = SOURCE.integers(-half, half, (40, channels))
    tokens[1:20] //= SOURCE.integers(1, half, (19, 1))
    tokens[0] = 0
    widths = LayerNormWidths(channels, bits)
    moments = layer_norm.moments(tokens)
    root = layer_norm.reciprocal_root(layer_norm.variance(moments, channels, 3), widths)
    expected = layer_norm.normalize(tokens, moments.sum, root, widths)
    found = integers.normalized(torch.from_numpy(tokens), 3, bits)
    np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize(("keys", "bits"), [(1, 8), (17, 6), (197, 10)])
def test_softmax(keys: int, bits: int) -> None:
    scores = SOURCE.integers(-(1 << 18), 1 << 18, (30, keys))
    scores[:10] >>= 8
    factor = 0.0043
    shift = int(integers.largest_shift(torch.tensor(factor)))
    multiplier = int(np.floor(factor * 2**shift + 0.5))
    assert 1 << 16 <= multiplier < 1 << 17
    expected = softmax.softmax(scores, tables.exponential_table(), multiplier, shift, bits)
    found = integers.softmax(
        torch.from_numpy(scores),
        torch.tensor(factor, dtype=torch.float64),
        integers.exponentials(),
        bits,
    )
    np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize(("bits", "output_bits"), [(1, 4), (8, 8), (10, 1), (12, 12), (16, 16)])
def test_gelu(bits: int, output_bits: int) -> None:
    table = tables.gelu_table(0.01, bits, 0.008, output_bits)
    half = 1 << (bits - 1)
    values = np.array([-1, 1]) if bits == 1 else np.arange(-half, half, max(1, half // 999))
    expected = tables.lookup(values, table, bits, output_bits)
    found = integers.lookup(
        torch.from_numpy(values), torch.from_numpy(table).double(), bits, output_bits
    )
    np.testing.assert_array_equal(found.numpy(), expected)


def test_the_interpolated_gelu_is_near_the_table() -> None:
    step = torch.tensor(0.001)
    values = torch.arange(-4000, 4000, 37) * step
    table = torch.from_numpy(tables.gelu_table(0.001, 13, 0.001, 13)).double()
    steps = torch.arange(-4000, 4000, 37)
    expected = integers.lookup(steps, table, 13, 13) * 0.001
    assert (integers.gelu(values, step, 13) - expected).abs().max().item() < 0.0011
