"""Attention and linear layers with widths of their own: more bits where they matter most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, log10
from pathlib import Path

from vaqf.compiler.compilation import compile_file
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pipeline import Options
from vaqf.compiler.recipe import Rule
from vaqf.compiler.search.found import Found, fastest_within
from vaqf.compiler.search.groups import Group, Kind, Members, groups_of
from vaqf.compiler.search.lowered import before_widths, float_model, of_weights, reference_for
from vaqf.compiler.search.processes import processes
from vaqf.compiler.search.rules import rules_for
from vaqf.compiler.search.sensitivity import Sensitivity, measure_sensitivity
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.calibrate_activations import sample_shapes
from vaqf.passes.calibration_data import read_samples
from vaqf.passes.costs.resources import Resources
from vaqf.passes.structure import network_of

SAMPLES = 4
"""Samples of the calibration data on which noise is measured."""

WIDEST, NARROWEST = 15, 2
"""Of activations that are told apart: those of 16 bits and of one have another kind of storage."""

MORE, LESS = 3, 2
"""How many bits more or less than everywhere alike linear layers are tried with."""

ATTENTION = Group(Kind.ATTENTION)


@dataclass(frozen=True)
class Noise:
    """What rounding the activations of blocks costs, measured on samples."""

    sensitivity: Sensitivity

    members: Mapping[Group, Members]
    """The layers of each group."""

    @staticmethod
    def of(model: Path, options: Options, calibration: Path) -> Noise:
        """
        Measure it.

        Args:
            model: the ONNX file.
            options: of which weights are rounded.
            calibration: an `.npz` file of samples.

        Raises:
            UserError: when the model or the samples cannot be used.
        """
        file = ModelFile.open(model)
        stages = before_widths(replace(options, calibration=str(calibration), assume_ranges=False))
        with searching_models(ModelSearch(override=file.path, opened={file.path: file})):
            module = compile_file(file, str(model), stages, is_verified=False)
            network = network_of(module)
            every = read_samples(calibration, sample_shapes(network), 0)
            few = {name: samples[:SAMPLES] for name, samples in every.items()}
            return Noise(measure_sensitivity(module, few), groups_of(network))

    def power(self, linear: int, attention: int) -> float:
        """
        Power of the error of the results over their power; what single groups cost adds up.

        Args:
            linear: width of what linear layers take.
            attention: width of queries, keys and values.
        """
        return sum(
            self.sensitivity.loss(group, attention if group == ATTENTION else linear)
            for group in self.sensitivity.measured
        )

    def decibels(self, linear: int, attention: int) -> float:
        """The ratio of the results to that error."""
        power = self.power(linear, attention)
        return -10 * log10(power) if power else inf

    def rules(self, linear: int, attention: int) -> tuple[Rule, ...]:
        """The rules that give attention its width, where all else has another."""
        return rules_for(self.members, {ATTENTION: attention}, linear)


@dataclass(frozen=True)
class Mixed:
    """An accelerator whose attention has another width than its linear layers."""

    attention_bits: int
    rules: tuple[Rule, ...]

    found: Found
    """With the width of linear layers."""

    decibels: float
    """The ratio of results to the error of rounding activations."""


def mixed_precision(
    model: Path, options: Options, uniform: Found, noise: Noise, budget: Resources, cycles: float
) -> Mixed | None:
    """
    The accelerator with least noise that is fast enough; None when none has less than `uniform`.

    Args:
        model: the ONNX file.
        options: what is decided already, without rules.
        uniform: the accelerator whose attention has the width of its linear layers.
        noise: of the model.
        budget: what an accelerator can take.
        cycles: of a frame, at most.
    """
    bits = uniform.bits
    options = replace(options, frames=uniform.frames)
    tasks: list[tuple[int, dict[int, tuple[Rule, ...]]]] = []
    for linear in range(max(NARROWEST, bits - LESS), min(WIDEST, bits + MORE) + 1):
        worth = [
            attention
            for attention in range(NARROWEST, WIDEST + 1)
            if attention != linear and noise.power(linear, attention) < noise.power(bits, bits)
        ]
        if worth:
            tasks.append((linear, {each: noise.rules(linear, each) for each in worth}))
    float_model(model, of_weights(options))
    with processes() as pool:
        futures = [
            pool.submit(widest_attention, model, options, linear, rules, budget, cycles)
            for linear, rules in tasks
        ]
        found = [
            Mixed(
                attention,
                noise.rules(each.bits, attention),
                each,
                noise.decibels(each.bits, attention),
            )
            for future in futures
            if (result := future.result()) is not None
            for each, attention in (result,)
        ]
    return max(found, key=lambda each: each.decibels, default=None)


def widest_attention(
    model: Path,
    options: Options,
    linear: int,
    rules: Mapping[int, Sequence[Rule]],
    budget: Resources,
    cycles: float,
) -> tuple[Found, int] | None:
    """
    The widest attention with which an accelerator is fast enough, found by bisection.

    Args:
        model: the ONNX file.
        options: without rules, and the width of activations.
        linear: width of what linear layers take.
        rules: for each width of attention that is worth it.
        budget: what an accelerator can take.
        cycles: of a frame, at most.
    """
    best: tuple[Found, int] | None = None
    widths = sorted(rules)
    low, high = 0, len(widths) - 1
    while low <= high:
        middle = (low + high) // 2
        attention = widths[middle]
        ruled = replace(options, activation_bits=linear, rules=tuple(rules[attention]))
        reference = reference_for(model, ruled, linear)
        found = Found(linear, reference, fastest_within(reference, budget, cycles), attention)
        if found.cycles <= cycles:
            best, low = (found, attention), middle + 1
        else:
            high = middle - 1
    return best
