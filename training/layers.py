"""
What the operations of the `vit` dialect are in torch, with gradients.

Every tensor has a batch in front of the shape that it has in the IR; that of what follows from
parameters alone is 1.
"""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from vaqf.training import integers
from vaqf.training.quantizer import Quantizer
from vaqf.training.rounding import straight_through
from vaqf.training.settings import Settings
from vaqf.training.weights import WeightFormat


class Constant(nn.Module):
    """A parameter that is added to activations, or put beside them."""

    def __init__(self, value: Tensor):
        super().__init__()
        self.value = nn.Parameter(value.clone())

    def forward(self) -> Tensor:
        """1 x the shape of the value."""
        return self.value[None]


class Linear(nn.Module):
    """A linear layer, or a patch embedding: then it takes images, colours x height x width."""

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None,
        format: WeightFormat,
        patch: Sequence[int] | None = None,
    ):
        """
        Args:
            weight: Output x input channels.
            bias: One for each output channel.
            format: What the weight becomes.
            patch: Height and width of a patch, if the layer takes images.
        """
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.bias = None if bias is None else nn.Parameter(bias.clone())
        self.format = format
        self.patch = None if patch is None else tuple(patch)

    def forward(self, values: Tensor) -> Tensor:
        """Batch x tokens x output channels."""
        if self.patch is not None:
            values = extract_patches(values, self.patch)
        return functional.linear(values, self.format(self.weight), self.bias)


def extract_patches(images: Tensor, patch: Sequence[int], *, colours_first: bool = True) -> Tensor:
    """
    Cut images into patches in row-major order.

    Args:
        images: Batch x colours x height x width.
        patch: Height and width of a patch.
        colours_first: Whether pixels are in the order colour, row, column; else the colour is last.

    Returns:
        Batch x patches x pixels of a patch.
    """
    batch, colours, rows, columns = images.shape
    height, width = patch
    grid = images.reshape(batch, colours, rows // height, height, columns // width, width)
    order = (0, 2, 4, 1, 3, 5) if colours_first else (0, 2, 4, 3, 5, 1)
    return grid.permute(order).reshape(batch, -1, colours * height * width)


class LayerNorm(nn.Module):
    """LayerNorm, in integers from a point in training on."""

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None,
        epsilon: float,
        input: Quantizer,
        settings: Settings,
    ):
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.bias = None if bias is None else nn.Parameter(bias.clone())
        self.epsilon, self.settings = epsilon, settings
        self._input = (input,)  # known, but not a part: it is saved once

    def forward(self, tokens: Tensor) -> Tensor:
        """Same shape as `tokens`."""
        smooth = functional.layer_norm(tokens, tokens.shape[-1:], eps=self.epsilon)
        if self.settings.uses_integers:
            (input,) = self._input
            with torch.no_grad():
                channels = tokens.shape[-1]
                epsilon = integers.layer_norm_epsilon(self.epsilon, channels, input.step, input.bits)
                exact = integers.normalized(input.integers(tokens), epsilon, input.bits)
                exact *= 2.0 ** -integers.LayerNormWidths(channels, input.bits).fraction_bits
            smooth = straight_through(exact, smooth)
        scaled = smooth * self.weight
        return scaled if self.bias is None else scaled + self.bias


class Gelu(nn.Module):
    """GELU, by its table from a point in training on."""

    def __init__(self, input: Quantizer, settings: Settings):
        super().__init__()
        self.settings = settings
        self._input = (input,)

    def forward(self, values: Tensor) -> Tensor:
        """Same shape as `values`."""
        smooth = functional.gelu(values)
        (input,) = self._input
        # A table with an entry for every value is the function itself.
        if not self.settings.uses_integers or not integers.segment_bits(input.bits):
            return smooth
        with torch.no_grad():
            exact = integers.gelu(values, input.step, input.bits)
        return straight_through(exact, smooth)


def split_heads(tokens: Tensor, heads: int) -> Tensor:
    """Batch x tokens x channels to batch x heads x tokens x channels of a head."""
    batch, count, channels = tokens.shape
    return tokens.reshape(batch, count, heads, channels // heads).transpose(1, 2)


class AttentionScores(nn.Module):
    """Every query times every key, head by head."""

    def __init__(self, heads: int, scale: float):
        super().__init__()
        self.heads, self.scale = heads, scale

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        """Batch x heads x query tokens x key tokens."""
        key = split_heads(key, self.heads).transpose(-2, -1)
        return self.scale * (split_heads(query, self.heads) @ key)


class Softmax(nn.Module):
    """Softmax of the scores of attention, in integers from a point in training on."""

    table: Tensor

    def __init__(
        self, query: Quantizer, key: Quantizer, bits: int, scale: float, settings: Settings
    ):
        """
        Args:
            query: What rounds queries.
            key: What rounds keys.
            bits: Width of a probability.
            scale: Factor on the products of queries and keys.
            settings: Shared by all layers.
        """
        super().__init__()
        self.bits, self.scale, self.settings = bits, scale, settings
        self._formats = (query, key)
        self.register_buffer("table", integers.exponentials(), persistent=False)

    def forward(self, scores: Tensor) -> Tensor:
        """Same shape as `scores`; every row sums to about one."""
        smooth = torch.softmax(scores.float(), dim=-1)
        if not self.settings.uses_integers:
            return smooth
        query, key = self._formats
        with torch.no_grad():
            unit = query.step.double() * key.step.double() * self.scale
            products = integers.round_half_up(scores.double() / unit)
            factor = integers.softmax_factor(query.step, key.step, self.scale)
            exact = integers.softmax(products, factor, self.table, self.bits)
            exact *= 2.0**-self.bits
        return straight_through(exact, smooth)


class AttentionValues(nn.Module):
    """Values mixed by their probabilities, the heads side by side again."""

    def forward(self, probabilities: Tensor, value: Tensor) -> Tensor:
        """Batch x query tokens x channels."""
        mixed = probabilities.to(value.dtype) @ split_heads(value, probabilities.shape[1])
        return mixed.transpose(1, 2).flatten(2)


class Add(nn.Module):
    """A sum, such as a residual connection."""

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Same shape as both."""
        return left + right


class Concatenate(nn.Module):
    """Tokens one after the other."""

    def forward(self, *tokens: Tensor) -> Tensor:
        """All of them; what is the same for all images is repeated."""
        batch = max(len(each) for each in tokens)
        return torch.cat([each.expand(batch, -1, -1) for each in tokens], dim=1)


class MeanTokens(nn.Module):
    """The mean of all tokens."""

    def forward(self, tokens: Tensor) -> Tensor:
        """Batch x 1 x channels."""
        return tokens.mean(dim=1, keepdim=True)


class Reshape(nn.Module):
    """Another shape."""

    def __init__(self, shape: Sequence[int]):
        super().__init__()
        self.shape = tuple(shape)

    def forward(self, values: Tensor) -> Tensor:
        """Batch x the shape."""
        return values.reshape(len(values), *self.shape)


class Transpose(nn.Module):
    """Dimensions in another order."""

    def __init__(self, permutation: Sequence[int]):
        super().__init__()
        self.permutation = tuple(each + 1 for each in permutation)

    def forward(self, values: Tensor) -> Tensor:
        """The same values."""
        return values.permute(0, *self.permutation)


class Rows(nn.Module):
    """Some consecutive rows, such as one token."""

    def __init__(self, first: int, rows: int):
        super().__init__()
        self.first, self.rows = first, rows

    def forward(self, values: Tensor) -> Tensor:
        """Batch x rows x the other dimensions."""
        return values[:, self.first : self.first + self.rows]


class Patches(nn.Module):
    """The patches of an image."""

    def __init__(self, patch: Sequence[int], *, colours_first: bool):
        super().__init__()
        self.patch, self.colours_first = tuple(patch), colours_first

    def forward(self, images: Tensor) -> Tensor:
        """Batch x patches x pixels of a patch."""
        return extract_patches(images, self.patch, colours_first=self.colours_first)
