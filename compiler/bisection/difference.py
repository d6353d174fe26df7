"""What modules compute, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.bisection.failure import told
from vaqf.compiler.model_resolution import open_parameters
from vaqf.interpreters.execute import OnValue, execute, network_inputs

Inputs = Mapping[str, NDArray[np.float32]]
"""Arrays by the names of inputs."""

Outputs = Mapping[str, NDArray[np.number]]
"""Arrays by the names of outputs, samples along the first axis."""


@dataclass(frozen=True)
class Refusal:
    """Why a module cannot be executed."""

    message: str


def outputs_of(module: ModuleOp, inputs: Inputs, on_value: OnValue | None = None) -> Outputs:
    """
    Execute a module.

    Args:
        module: of any level.
        inputs: real values for at least its inputs.
        on_value: called after each operation.

    Raises:
        UserError: when it cannot be executed.
    """
    names = [each.name for each in network_inputs(module)]
    given = {name: inputs[name] for name in names if name in inputs}
    return execute(module, given, open_parameters(module), on_value=on_value)


def tried_outputs_of(module: ModuleOp, inputs: Inputs) -> Outputs | Refusal:
    """As `outputs_of`, for a module that a pass may have broken in whatever way."""
    try:
        return outputs_of(module, inputs)
    except Exception as error:
        return Refusal(told(error))


@dataclass(frozen=True)
class Difference:
    """How far values are from those that are expected."""

    error: float
    """The largest absolute difference; infinite for what cannot be compared."""

    relative: float
    """`error` as a part of the largest value that is expected of that output."""

    where: str
    """Of which output, or why it cannot be compared."""

    sample: int = 0
    """Of which sample."""

    refusal: str | None = None
    """Why the values could not be computed; None when they were."""

    def __str__(self) -> str:
        if self.error == inf:
            return self.where
        if self.error == 0:
            return "no difference"
        return f"max error {self.error:.4g} in {self.where}, sample {self.sample}"

    @staticmethod
    def between(expected: Outputs, actual: Outputs | Refusal, samples: int = 1) -> Difference:
        """
        The largest difference of two results.

        Args:
            expected: the right one.
            actual: the other one. An output may have axes of length 1 that the right one has not.
            samples: how many each output holds.
        """
        if isinstance(actual, Refusal):
            why = f"cannot be executed: {actual.message}"
            return Difference(inf, inf, why, refusal=actual.message)
        if set(expected) != set(actual):
            return _incomparable(f"outputs are {_listed(actual)}, expected {_listed(expected)}")
        found = [_of_output(name, expected[name], actual[name], samples) for name in expected]
        return max(found, key=lambda each: each.error, default=Difference(0, 0, "no output"))


def _incomparable(why: str) -> Difference:
    return Difference(inf, inf, why)


def _listed(outputs: Outputs) -> str:
    return ", ".join(f"'{name}'" for name in outputs) or "none"


def _of_output(
    name: str, expected: NDArray[np.number], actual: NDArray[np.number], samples: int
) -> Difference:
    if expected.size != actual.size:
        return _incomparable(f"'{name}' has shape {actual.shape}, expected {expected.shape}")
    if expected.size == 0:
        return Difference(0, 0, f"'{name}'")
    right, wrong = expected.astype(np.float64).ravel(), actual.astype(np.float64).ravel()
    same = (right == wrong) | (np.isnan(right) & np.isnan(wrong))
    with np.errstate(invalid="ignore"):
        errors = np.where(same, 0, np.abs(right - wrong))
    errors = np.where(np.isnan(errors), inf, errors)
    worst = int(errors.argmax())
    sample = worst // (expected.size // samples)
    error = float(errors[worst])
    peak = float(np.abs(right).max(where=np.isfinite(right), initial=0))
    if error == inf:
        return Difference(inf, inf, f"'{name}' is {wrong[worst]}, expected {right[worst]}", sample)
    relative = 0 if error == 0 else inf if peak == 0 else error / peak
    return Difference(error, relative, f"'{name}'", sample)
