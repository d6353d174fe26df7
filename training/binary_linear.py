"""Trainable linear layers with simulated binary weights and 8-bit activations."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

ACTIVATION_LIMIT = 127
"""Largest 8-bit code. -128 stays unused, so that the codes are symmetric around zero."""
WEIGHT_CLIP = 2.0
"""Magnitude, in multiples of its row's mean, beyond which a weight is not pushed any further."""


def binarize(weight: Tensor) -> Tensor:
    """Return `sign(w)` (zero counts as +1) times the mean magnitude of its row.

    The sign has no useful gradient, so the gradient passes straight through to the weight, except
    where the weight is already large: pushing it further would not change its sign any more.
    """
    scale = weight.abs().mean(dim=1, keepdim=True)
    binary = torch.where(weight >= 0, scale, -scale)
    limit = WEIGHT_CLIP * scale.detach()
    passed = weight.clamp(-limit, limit)
    return binary + (passed - passed.detach())


class Quantizer(nn.Module):
    """Simulates signed symmetric 8-bit activations with a learned step (LSQ).

    The step is learned as a logarithm, which keeps it positive and lets one learning rate fit
    every tensor, whatever its range. The first tensor it meets sets it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log_step = nn.Parameter(torch.zeros(()))
        self.started = False

    def forward(self, activation: Tensor) -> Tensor:
        """Return the activation rounded to the 255 levels it can take."""
        if not self.started:
            first_step = activation.detach().abs().amax() / ACTIVATION_LIMIT
            self.log_step.data.copy_(first_step.log())
            self.started = True
        step = self.log_step.exp()
        code = (activation / step).clamp(-ACTIVATION_LIMIT, ACTIVATION_LIMIT)
        # Rounded in value but not in gradient; for the product with the step, autograd then
        # finds the gradient that LSQ prescribes.
        rounded = code + (code.round() - code).detach()
        return rounded * step


class BinaryLinear(nn.Module):
    """A linear layer with binary weights, an 8-bit input, and an 8-bit output if asked for."""

    def __init__(self, linear: nn.Linear, output_parts: int) -> None:
        super().__init__()
        self.linear = linear
        self.input_quantizer = Quantizer()
        self.output_quantizers = nn.ModuleList(Quantizer() for _ in range(output_parts))

    def forward(self, activation: Tensor) -> Tensor:
        """Apply the layer; each equal part of the output is quantized with its own step."""
        output = functional.linear(
            self.input_quantizer(activation), binarize(self.linear.weight), self.linear.bias
        )
        if not self.output_quantizers:
            return output
        parts = output.chunk(len(self.output_quantizers), dim=-1)
        quantized = [
            quantizer(part) for quantizer, part in zip(self.output_quantizers, parts, strict=True)
        ]
        return torch.cat(quantized, dim=-1)

    def to_float(self) -> nn.Linear:
        """Return an ordinary linear layer with the values that the binary weights stand for."""
        linear = copy.deepcopy(self.linear)
        linear.weight = nn.Parameter(binarize(self.linear.weight).detach())
        return linear
