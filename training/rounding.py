"""
Rounding with useful gradients.

Rounding is a staircase, whose derivative is zero almost everywhere. The functions here compute what
`docs/numerics.md` says, but pass gradients straight through where a value is not clamped
(Bengio et al., 2013), and give the step of a format the gradient of LSQ (Esser et al., "Learned
step size quantization", ICLR 2020).
"""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import FunctionCtx

SIGN_REACH = 2.0
"""Magnitude, in steps, beyond which a value that becomes a sign gets no gradient."""


class _Context(FunctionCtx):
    """What a function keeps for its gradient."""

    saved_tensors: tuple[Tensor, Tensor]
    bounds: tuple[int, int]


class _Round(Function):
    @staticmethod
    def forward(ctx: FunctionCtx, values: Tensor, step: Tensor, bounds: tuple[int, int]) -> Tensor:
        steps = values * (1 / step)  # several times as fast as a division
        integers = (steps + 0.5).floor_().clamp_(*bounds)
        ctx.save_for_backward(steps, integers)
        cast(_Context, ctx).bounds = bounds
        return integers * step

    @staticmethod
    def backward(ctx: FunctionCtx, *gradients: Tensor) -> tuple[Tensor, Tensor, None]:
        context = cast(_Context, ctx)
        (gradient,), (steps, integers) = gradients, context.saved_tensors
        # Zero outside of the bounds, in one pass.
        passed: Tensor = torch.ops.aten.hardtanh_backward(gradient, steps, *context.bounds)
        # Of an inner value the rounding error, of a clamped one the integer that it became.
        of_step = torch.dot(gradient.flatten(), integers.flatten())
        of_step -= torch.dot(passed.flatten(), steps.flatten())
        return passed, of_step, None


class _RoundMeasured(Function):
    @staticmethod
    def forward(ctx: FunctionCtx, values: Tensor, step: Tensor, bounds: tuple[int, int]) -> Tensor:
        return (values * (1 / step)).add_(0.5).floor_().clamp_(*bounds).mul_(step)

    @staticmethod
    def backward(ctx: FunctionCtx, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = gradients
        return gradient, None, None


class _Sign(Function):
    @staticmethod
    def forward(ctx: FunctionCtx, values: Tensor, step: Tensor) -> Tensor:
        signs = torch.where(values >= 0, 1.0, -1.0)
        ctx.save_for_backward(values.abs() <= SIGN_REACH * step, signs)
        return signs * step

    @staticmethod
    def backward(ctx: FunctionCtx, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        (gradient,), (inside, signs) = gradients, cast(_Context, ctx).saved_tensors
        return gradient * inside, (gradient * signs).sum()


def round_to_steps(values: Tensor, step: Tensor, bounds: tuple[int, int]) -> Tensor:
    """
    `clamp(floor(value / step + 1/2)) * step`.

    Args:
        values: Any shape.
        step: A positive number. One with a gradient is learned; another is wide enough for all
            values, so that all of them pass their gradient.
        bounds: The smallest and the largest integer.
    """
    function = _Round if step.requires_grad else _RoundMeasured
    return cast(Tensor, function.apply(values, step, bounds))


def round_to_sign(values: Tensor, step: Tensor) -> Tensor:
    """`+step` where a value is not negative, else `-step`."""
    return cast(Tensor, _Sign.apply(values, step))


def straight_through(exact: Tensor, smooth: Tensor) -> Tensor:
    """The value of `exact` with the gradient of `smooth`."""
    return smooth + (exact.to(smooth.dtype) - smooth).detach()
