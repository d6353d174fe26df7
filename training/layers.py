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

from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.interpreters.arithmetic.integers import EXACT_IN_FLOAT32
from vaqf.interpreters.arithmetic.tables import gelu_table
from vaqf.passes.activation_formats import WIDE_BITS
from vaqf.passes.shifts import Epilogue, Group
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


class Requantized(nn.Module):
    """
    A layer whose integer form multiplies, adds and shifts right by an amount that layers share.
    """

    shift: int | None = None
    """Set before the network is evaluated in integers."""

    output: tuple[Quantizer, ...] = ()
    """What rounds its result; a tuple, so that it is known but not a part."""

    @property
    def group(self) -> Group:
        """Which layers share a shift, as the pass that makes them integer says."""
        raise NotImplementedError

    @property
    def epilogue(self) -> Epilogue:
        """The largest factor and offset, in steps of the result."""
        raise NotImplementedError


class Linear(Requantized):
    """A linear layer, or a patch embedding: then it takes images, colours x height x width."""

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None,
        format: WeightFormat,
        input: Quantizer,
        settings: Settings,
        patch: Sequence[int] | None = None,
    ):
        """
        Args:
            weight: Output x input channels.
            bias: One for each output channel.
            format: What the weight becomes.
            input: What rounds the values that it takes.
            settings: Shared by all layers.
            patch: Height and width of a patch, if the layer takes images.
        """
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.bias = None if bias is None else nn.Parameter(bias.clone())
        self.format, self.settings = format, settings
        self.patch = None if patch is None else tuple(patch)
        self.input = (input,)

    def forward(self, values: Tensor) -> Tensor:
        """Batch x tokens x output channels."""
        if self.patch is not None:
            values = extract_patches(values, self.patch)
        if self.settings.is_exact:
            return self._exact(values)
        return functional.linear(values, self.format(self.weight), self.bias)

    def _exact(self, values: Tensor) -> Tensor:
        (input,), (output,) = self.input, self.output
        weight, scale = self.format.integers(self.weight)
        bound = weight.shape[1] * max(map(abs, input.bounds)) << (self.format.bits - 1)
        # `float32` is exact while no sum leaves its 24 bits.
        exact = torch.float32 if bound < EXACT_IN_FLOAT32 else torch.float64
        sums = functional.linear(input.integers(values).to(exact), weight.to(exact))
        factor = input.step.double() * scale.flatten().double() / output.step.double()
        addend = 0.0 if self.bias is None else self.bias.double() / output.step.double()
        return integers.requantize(sums, factor, addend, expect_shift(self), output)

    @property
    def group(self) -> Group:
        (input,), (output,) = self.input, self.output
        widths = input.bits, output.bits
        return Group((self.format.bits, widths[0] == 1, widths[1] in (1, WIDE_BITS)), widths)

    @property
    def epilogue(self) -> Epilogue:
        (input,), (output,) = self.input, self.output
        scale, step = float(self.format.integers(self.weight)[1].amax()), float(output.step)
        offset = 0.0 if self.bias is None else float(self.bias.abs().amax())
        return Epilogue(float(input.step) * scale / step, offset / step)


def expect_shift(layer: Requantized) -> int:
    """The shift of a layer, which `Network.eval` sets."""
    assert layer.shift is not None
    return layer.shift


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


class LayerNorm(Requantized):
    """LayerNorm, in integers from a point in training on."""

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None,
        epsilon: float,
        input: Quantizer,
        settings: Settings,
    ):
        """
        Args:
            weight: Factor for each channel.
            bias: Offset for each channel.
            epsilon: Added to the variance.
            input: What rounds the tokens.
            settings: Shared by all layers.
        """
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.bias = None if bias is None else nn.Parameter(bias.clone())
        self.epsilon, self.settings = epsilon, settings
        self.input = (input,)

    def forward(self, tokens: Tensor) -> Tensor:
        """Same shape as `tokens`."""
        if self.settings.is_exact:
            return self._exact(tokens)
        channels = tokens.shape[-1:]
        if not self.settings.uses_integers:
            return functional.layer_norm(tokens, channels, self.weight, self.bias, self.epsilon)
        smooth = functional.layer_norm(tokens, channels, eps=self.epsilon)
        with torch.no_grad():
            exact = self._normalized(tokens) * 2.0**-self._widths.fraction_bits
        scaled = straight_through(exact, smooth) * self.weight
        return scaled if self.bias is None else scaled + self.bias

    @property
    def _widths(self) -> LayerNormWidths:
        return LayerNormWidths(len(self.weight), self.input[0].bits)

    def _normalized(self, tokens: Tensor) -> Tensor:
        (input,), widths = self.input, self._widths
        step = input.step
        epsilon = integers.layer_norm_epsilon(self.epsilon, widths.channels, step, widths.bits)
        return integers.normalized(input.integers(tokens), epsilon, widths.bits)

    def _exact(self, tokens: Tensor) -> Tensor:
        (output,) = self.output
        step, fraction = output.step.double(), self._widths.fraction_bits
        factor = self.weight.double() / step * 2.0**-fraction
        addend = 0.0 if self.bias is None else self.bias.double() / step
        sums = self._normalized(tokens)
        return integers.requantize(sums, factor, addend, expect_shift(self), output)

    @property
    def group(self) -> Group:
        (output,) = self.output
        return Group((self._widths, output.bits == 1), output.bits)

    @property
    def epilogue(self) -> Epilogue:
        (output,) = self.output
        step, factor = float(output.step), float(self.weight.abs().amax())
        offset = 0.0 if self.bias is None else float(self.bias.abs().amax())
        return Epilogue(factor / step / 2**self._widths.fraction_bits, offset / step)


class Gelu(nn.Module):
    """GELU, by its table from a point in training on."""

    output: tuple[Quantizer, ...] = ()
    """What rounds its result; a tuple, so that it is known but not a part."""

    def __init__(self, input: Quantizer, settings: Settings):
        super().__init__()
        self.settings = settings
        self.input = (input,)

    def forward(self, values: Tensor) -> Tensor:
        """Same shape as `values`."""
        (input,) = self.input
        if self.settings.is_exact:
            return self._exact(values)
        smooth = functional.gelu(values)
        # A table with an entry for every value is the function itself.
        if not self.settings.uses_integers or not integers.segment_bits(input.bits):
            return smooth
        with torch.no_grad():
            exact = integers.gelu(values, input.step, input.bits)
        return straight_through(exact, smooth)

    def _exact(self, values: Tensor) -> Tensor:
        (input,), (output,) = self.input, self.output
        table = gelu_table(float(input.step), input.bits, float(output.step), output.bits)
        entries = torch.from_numpy(table).double().to(values.device)
        found = integers.lookup(input.integers(values), entries, input.bits, output.bits)
        return found.float() * output.step


def split_heads(tokens: Tensor, heads: int) -> Tensor:
    """Batch x tokens x channels to batch x heads x tokens x channels of a head."""
    batch, count, channels = tokens.shape
    return tokens.reshape(batch, count, heads, channels // heads).transpose(1, 2)


class AttentionScores(nn.Module):
    """Every query times every key, head by head."""

    def __init__(
        self, heads: int, scale: float, query: Quantizer, key: Quantizer, settings: Settings
    ):
        """
        Args:
            heads: Number of heads.
            scale: Factor on the products of queries and keys.
            query: What rounds queries.
            key: What rounds keys.
            settings: Shared by all layers.
        """
        super().__init__()
        self.heads, self.scale, self.settings = heads, scale, settings
        self.formats = (query, key)

    @property
    def unit(self) -> Tensor:
        """The score that a product of 1 stands for, in a double."""
        query, key = self.formats
        return query.step.detach().double() * key.step.detach().double() * self.scale

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        """Batch x heads x query tokens x key tokens."""
        if self.settings.is_exact:
            of_query, of_key = self.formats
            products = self._products(of_query.integers(query), of_key.integers(key))
            return products * self.unit
        return self.scale * self._products(query, key)

    def _products(self, query: Tensor, key: Tensor) -> Tensor:
        return split_heads(query, self.heads) @ split_heads(key, self.heads).transpose(-2, -1)


class Softmax(Requantized):
    """Softmax of the scores of attention, in integers from a point in training on."""

    table: Tensor

    def __init__(self, scores: AttentionScores, bits: int, settings: Settings):
        """
        Args:
            scores: The layer before it.
            bits: Width of a probability.
            settings: Shared by all layers.
        """
        super().__init__()
        self.bits, self.settings = bits, settings
        self.scores = (scores,)
        self.register_buffer("table", integers.exponentials(), persistent=False)

    def forward(self, scores: Tensor) -> Tensor:
        """Same shape as `scores`; every row sums to about one."""
        if self.settings.is_exact:
            return self._exact(scores, self.shift)
        smooth = torch.softmax(scores.float(), dim=-1)
        if not self.settings.uses_integers:
            return smooth
        with torch.no_grad():
            exact = self._exact(scores, None)
        return straight_through(exact, smooth)

    @property
    def _factor(self) -> Tensor:
        (scores,) = self.scores
        query, key = scores.formats
        return integers.softmax_factor(query.step, key.step, scores.scale)

    def _exact(self, scores: Tensor, shift: int | None) -> Tensor:
        (layer,) = self.scores
        products = integers.round_half_up(scores.double() / layer.unit)
        result = integers.softmax(products, self._factor, self.table, self.bits, shift)
        return (result * 2.0**-self.bits).float()

    @property
    def group(self) -> Group:
        widths = tuple(each.bits for each in self.scores[0].formats)
        return Group((self.bits, 1 in widths), widths)

    @property
    def epilogue(self) -> Epilogue:
        return Epilogue(float(self._factor))


class AttentionValues(Requantized):
    """Values mixed by their probabilities, the heads side by side again."""

    def __init__(self, probabilities: Quantizer, value: Quantizer, settings: Settings):
        super().__init__()
        self.settings = settings
        self.formats = (probabilities, value)

    def forward(self, probabilities: Tensor, value: Tensor) -> Tensor:
        """Batch x query tokens x channels."""
        if not self.settings.is_exact:
            return self._mix(probabilities.to(value.dtype), value)
        (of_probabilities, of_value), (output,) = self.formats, self.output
        sums = self._mix(of_probabilities.integers(probabilities), of_value.integers(value))
        return integers.requantize(sums, self._factor, 0.0, expect_shift(self), output)

    def _mix(self, probabilities: Tensor, value: Tensor) -> Tensor:
        mixed = probabilities @ split_heads(value, probabilities.shape[1])
        return mixed.transpose(1, 2).flatten(2)

    @property
    def _factor(self) -> Tensor:
        (probabilities, value), (output,) = self.formats, self.output
        return probabilities.step.double() * value.step.double() / output.step.double()

    @property
    def group(self) -> Group:
        (probabilities, value), (output,) = self.formats, self.output
        widths = value.bits, output.bits
        return Group((probabilities.bits, 1 in widths), widths)

    @property
    def epilogue(self) -> Epilogue:
        return Epilogue(float(self._factor))


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


class MeanTokens(Requantized):
    """The mean of all tokens."""

    def __init__(self, tokens: int, input: Quantizer, settings: Settings):
        super().__init__()
        self.tokens, self.settings = tokens, settings
        self.input = (input,)

    def forward(self, tokens: Tensor) -> Tensor:
        """Batch x 1 x channels."""
        if not self.settings.is_exact:
            return tokens.mean(dim=1, keepdim=True)
        (input,), (output,) = self.input, self.output
        sums = input.integers(tokens).sum(dim=1, keepdim=True)
        return integers.requantize(sums, self._factor, 0.0, expect_shift(self), output)

    @property
    def _factor(self) -> Tensor:
        (input,), (output,) = self.input, self.output
        return input.step.double() / (self.tokens * output.step.double())

    @property
    def group(self) -> Group:
        (input,), (output,) = self.input, self.output
        widths = input.bits, output.bits
        return Group(widths, widths)

    @property
    def epilogue(self) -> Epilogue:
        return Epilogue(float(self._factor))


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
