"""How much a network loses when some of its activations get fewer bits, measured on samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log10

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, OpResult, SSAValue

from vaqf.compiler.model_resolution import open_parameters
from vaqf.compiler.search.groups import Group, groups_of
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.quant import IntType
from vaqf.interpreters.arithmetic.formats import dequantize, quantize
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.execute import interpreter_of
from vaqf.interpreters.samples import Input
from vaqf.interpreters.samples import Samples as Arguments
from vaqf.passes.calibration_data import Samples
from vaqf.passes.given_formats import given_roundings
from vaqf.passes.recorded_ranges import recorded_range
from vaqf.passes.scales import activation_scale
from vaqf.passes.structure import activations_of, network_of

Array = NDArray[np.number]

WIDTHS = (4, 7, 8)
"""
Widths that are measured: formats of up to 7 bits clip rare large values and those of 8 bits do not,
and within either kind a bit costs about the same everywhere.
"""

POWER_OF_A_BIT = 4.0
"""With one bit less an error is twice as large."""


@dataclass(frozen=True)
class Sensitivity:
    """The loss of each group at each width."""

    measured: Mapping[Group, Mapping[int, float]]
    """
    By the number of bits: power of the error of all results over the power of the results, when
    the activations of the group alone are rounded to so many bits, and no others.
    """

    def loss(self, group: Group, bits: int) -> float:
        """
        What it costs that the activations of a group have so many bits.

        Between widths that were measured it is interpolated, its logarithm linear in the width;
        beyond them a bit costs a factor of 4.
        """
        measured = self.measured[group]
        below = max((each for each in measured if each <= bits), default=None)
        above = min((each for each in measured if each >= bits), default=None)
        if below is None or above is None:
            nearest = max(measured) if above is None else min(measured)
            return float(measured[nearest] * POWER_OF_A_BIT ** (nearest - bits))
        if below == above or not measured[below] or not measured[above]:
            return measured[below]
        part = (bits - below) / (above - below)
        return float(measured[below] ** (1 - part) * measured[above] ** part)

    def change(self, group: Group, before: int, after: int) -> float:
        """What is lost when the activations of a group get `after` bits instead of `before`."""
        return self.loss(group, after) - self.loss(group, before)

    def decibels(self, group: Group, bits: int) -> float:
        """The ratio of signal to quantization noise; infinite where nothing is lost."""
        loss = self.loss(group, bits)
        return -10 * log10(loss) if loss else inf


def measure_sensitivity(
    module: ModuleOp,
    samples: Samples,
    groups: Sequence[Group] | None = None,
    widths: Sequence[int] = WIDTHS,
) -> Sensitivity:
    """
    Measure what rounding single groups of activations costs.

    Each sample passes the network once as it is. For each group and width only what depends on the
    rounded activations is computed again. Activations that the model itself rounds are left alone.

    Args:
        module: At the `vit` level, with recorded ranges, weights rounded or not.
        samples: For each input its value in every sample: a few are enough.
        groups: What to measure; None for all blocks of each kind together.
        widths: Numbers of bits to measure, 1 to 16, at least one.

    Raises:
        PassFailedException: when an activation was not calibrated.
        UserError: when the samples are not what the network takes.
    """
    network = network_of(module)
    members = groups_of(network)
    if groups is None:
        groups = [group for group in members if group.block is None]
    given = given_roundings(network)
    formats = {
        (group, bits): {
            value: IntType(bits, activation_scale(bits, recorded_range(network, value)))
            for value in members[group].values
            if value not in given
        }
        for group in groups
        for bits in widths
    }
    errors = dict.fromkeys(formats, 0.0)
    power = 0.0
    replay = Replay(network, interpreter_of(module, open_parameters(module)))
    for arguments in _arguments(network, samples):
        values = replay.run(arguments)
        reference = replay.results(values)
        power += sum(float(np.square(each).sum()) for each in reference)
        for key, rounded in formats.items():
            results = replay.results(replay.rerun(values, rounded))
            errors[key] += sum(
                float(np.square(found - expected).sum())
                for found, expected in zip(results, reference, strict=True)
            )
    return Sensitivity(
        {
            group: {bits: errors[group, bits] / (power or 1.0) for bits in sorted(widths)}
            for group in groups
        }
    )


def _arguments(network: FuncOp, samples: Samples) -> Iterator[tuple[Array, ...]]:
    types = network.function_type.inputs
    inputs = [Input.of(*each) for each in zip(input_names(network), types, strict=True)]
    return iter(Arguments.of(inputs, samples))


class Replay:
    """Runs a network, and runs again what depends on values that are changed."""

    def __init__(self, network: FuncOp, interpreter: Interpreter):
        self.network = network
        self.interpreter = interpreter
        activations = activations_of(network)
        self.constants: dict[SSAValue, Array] = {}
        self.ops: list[Operation] = []
        self.returned: tuple[SSAValue, ...] = ()
        for op in network.body.block.ops:
            if isinstance(op, ReturnOp):
                self.returned = tuple(op.arguments)
            elif activations.isdisjoint(op.results):
                self.constants |= self.outcome(op, self.constants)
            else:
                self.ops.append(op)

    def outcome(self, op: Operation, values: Mapping[SSAValue, Array]) -> dict[SSAValue, Array]:
        """What an op gives."""
        arguments = tuple(values[each] for each in op.operands)
        return dict(zip(op.results, self.interpreter.run_op(op, arguments), strict=True))

    def run(self, arguments: Sequence[Array]) -> dict[SSAValue, Array]:
        """All values of the network for one sample."""
        values = self.constants | dict(zip(self.network.args, arguments, strict=True))
        for op in self.ops:
            values |= self.outcome(op, values)
        return values

    def rerun(
        self, values: dict[SSAValue, Array], rounded: Mapping[SSAValue, IntType]
    ) -> dict[SSAValue, Array]:
        """All values, when some are rounded as soon as they are computed."""
        changed = {
            value: _round(values[value], format)
            for value, format in rounded.items()
            if not isinstance(value, OpResult)
        }
        for op in self.ops:
            if not changed.keys().isdisjoint(op.operands):
                now = {each: changed.get(each, values[each]) for each in op.operands}
                changed |= self.outcome(op, now)
            for result in op.results:
                if (format := rounded.get(result)) is not None:
                    changed[result] = _round(changed.get(result, values[result]), format)
        return values | changed

    def results(self, values: Mapping[SSAValue, Array]) -> list[Array]:
        """What the network returns."""
        return [values[each] for each in self.returned]


def _round(values: Array, format: IntType) -> Floats:
    scale = format.scale.data
    return dequantize(quantize(values.astype(np.float32), scale, format.bits.data), scale)
