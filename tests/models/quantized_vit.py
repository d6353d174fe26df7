"""A small Vision Transformer that Brevitas rounds, as one would write it to train it."""

# Brevitas and torch are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false
# pyright: reportUnknownVariableType=false, reportUntypedBaseClass=false

from __future__ import annotations

import brevitas.nn as qnn
import torch
from brevitas.core.restrict_val import RestrictValueType
from brevitas.core.scaling import ScalingImplType
from brevitas.core.stats import StatsOp
from brevitas.inject.enum import ScalingPerOutputType
from brevitas.quant import (
    Int8ActPerTensorFloat,
    Int8WeightPerChannelFloat,
    SignedBinaryWeightPerTensorConst,
    Uint8ActPerTensorFloat,
)
from torch import nn

COLOURS, IMAGE, PATCH, CHANNELS, HIDDEN, HEADS, BLOCKS, CLASSES = 3, 16, 4, 24, 48, 2, 2, 10


class BinaryWeight(SignedBinaryWeightPerTensorConst):
    """Signs, and the mean magnitude of each output channel."""

    scaling_impl_type = ScalingImplType.STATS
    scaling_stats_op = StatsOp.AVE
    scaling_per_output_type = ScalingPerOutputType.CHANNEL
    restrict_scaling_type = RestrictValueType.FP


def linear(inputs: int, outputs: int, weight_bits: int) -> nn.Module:
    """A fully connected layer whose weight has 1 bit, or more, and a scale for each channel."""
    if weight_bits == 1:
        return qnn.QuantLinear(inputs, outputs, bias=True, weight_quant=BinaryWeight)
    return qnn.QuantLinear(
        inputs,
        outputs,
        bias=True,
        weight_quant=Int8WeightPerChannelFloat,
        weight_bit_width=weight_bits,
    )


def rounding(bits: int) -> nn.Module:
    """Rounds activations to signed integers, with one scale."""
    return qnn.QuantIdentity(act_quant=Int8ActPerTensorFloat, bit_width=bits)


class Attention(nn.Module):
    """Everything that it multiplies is rounded: queries, keys, values and probabilities."""

    def __init__(self, weight_bits: int, bits: int):
        super().__init__()
        self.qkv = linear(CHANNELS, 3 * CHANNELS, weight_bits)
        self.proj = linear(CHANNELS, CHANNELS, weight_bits)
        self.input, self.query, self.key = rounding(bits), rounding(bits), rounding(bits)
        self.value, self.mixed = rounding(bits), rounding(bits)
        self.probability = qnn.QuantIdentity(act_quant=Uint8ActPerTensorFloat, bit_width=8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, tokens, channels = x.shape
        qkv = self.qkv(self.input(x)).reshape(batch, tokens, 3, HEADS, channels // HEADS)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        scores = self.query(query) @ self.key(key).transpose(-2, -1)
        weights = self.probability((scores * (channels // HEADS) ** -0.5).softmax(dim=-1))
        mixed = (weights @ self.value(value)).transpose(1, 2).reshape(batch, tokens, channels)
        return self.proj(self.mixed(mixed))


class Block(nn.Module):
    """One block of the encoder."""

    def __init__(self, weight_bits: int, bits: int):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(CHANNELS), nn.LayerNorm(CHANNELS)
        self.attention = Attention(weight_bits, bits)
        self.input, self.hidden = rounding(bits), rounding(bits)
        self.fc1 = linear(CHANNELS, HIDDEN, weight_bits)
        self.fc2 = linear(HIDDEN, CHANNELS, weight_bits)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        hidden = nn.functional.gelu(self.fc1(self.input(self.norm2(x))))
        return x + self.fc2(self.hidden(hidden))


class QuantizedVit(nn.Module):
    """
    A Vision Transformer with weights of one width and activations of another.

    Patch embedding and head have 8 bits.
    """

    def __init__(self, weight_bits: int, bits: int):
        super().__init__()
        self.image, self.pooled = rounding(8), rounding(8)
        self.patches = qnn.QuantConv2d(
            COLOURS,
            CHANNELS,
            PATCH,
            stride=PATCH,
            bias=True,
            weight_quant=Int8WeightPerChannelFloat,
        )
        self.class_token = nn.Parameter(0.1 * torch.randn(1, 1, CHANNELS))
        self.position = nn.Parameter(0.1 * torch.randn(1, (IMAGE // PATCH) ** 2 + 1, CHANNELS))
        self.blocks = nn.ModuleList(Block(weight_bits, bits) for _ in range(BLOCKS))
        self.norm = nn.LayerNorm(CHANNELS)
        self.head = linear(CHANNELS, CLASSES, 8)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        x = self.patches(self.image(pixel_values)).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], dim=1) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(self.pooled(self.norm(x)[:, 0]))
