"""The widths that the rules of a recipe give to the layers of a network."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from vaqf.compiler.recipe import Pattern, RecipeError, Rule, parse_rules, print_pattern
from vaqf.dialects import vit
from vaqf.dialects.diagnostics import name_of_location
from vaqf.passes.layer_names import layer_of
from vaqf.passes.structure import network_of

PrecisionLayer = vit.LinearOp | vit.PatchEmbeddingOp | vit.AttentionValuesOp
"""An op that stands for a layer with a precision; the last for all of attention between linears."""

SOURCE = "precision"
"""What messages call the rules that a pass is given."""


@dataclass(frozen=True)
class Precision:
    """What rules say of a layer."""

    weight_bits: int | None = None
    """Width of its weight; None when no rule says it."""

    activation_bits: int | None = None
    """Width of the activations that it takes; None when no rule says it."""


NO_RULE = Precision()
"""Of a layer of which no rule says anything."""


def layer_name(op: Operation) -> str:
    """What reports call the layer of an op; empty when its location is unknown."""
    return layer_of(op.location) or (name_of_location(op.location) or "").strip("/")


def matches(pattern: Pattern, name: str) -> bool:
    """Whether a pattern names a layer, or something that it is inside of."""
    parts = name.split(".")
    return len(pattern.parts) <= len(parts) and all(
        re.fullmatch(re.escape(wanted).replace(r"\*", ".*"), part) is not None
        if isinstance(wanted, str)
        else part in wanted
        for wanted, part in zip(pattern.parts, parts, strict=False)
    )


def precision_layers(network: FuncOp) -> Mapping[PrecisionLayer, str]:
    """The layers of a network that have a precision, with their names."""
    return {op: layer_name(op) for op in network.body.block.ops if isinstance(op, PrecisionLayer)}


def _expect_layers(rule: Rule, layers: Mapping[PrecisionLayer, str]) -> None:
    """
    Check that every pattern of a rule names a layer, and that its precision applies to one.

    Raises:
        RecipeError: when one does not.
    """
    for pattern in rule.patterns:
        found = [op for op, name in layers.items() if name and matches(pattern, name)]
        text = print_pattern(pattern)
        if not found:
            names = sorted({name for name in layers.values() if name})
            nearest = get_close_matches(_example(text), names, n=1, cutoff=0.0)
            hint = f"the nearest is '{nearest[0]}'" if nearest else "the model names none"
            raise RecipeError(f"no layer is called '{text}', {hint}", pattern.span)
        _expect_members(pattern, [layers[op] for op in found])
        if rule.weight_bits is not None and all(
            isinstance(op, vit.AttentionValuesOp) for op in found
        ):
            raise RecipeError(f"'{text}' has no weights, expected no w", pattern.span)


def _expect_members(pattern: Pattern, names: Sequence[str]) -> None:
    """
    Check that there is a layer for each number of a pattern.

    Raises:
        RecipeError: when there is none for some.
    """
    for place, part in enumerate(pattern.parts):
        if isinstance(part, str) or not part.ranges:
            continue
        known = sorted({int(name.split(".")[place]) for name in names})
        for first, last in part.ranges:
            if sum(first <= each <= last for each in known) < last - first + 1:
                raise RecipeError(
                    f"'{print_pattern(pattern)}' names numbers that no layer has, there are those "
                    f"of {_listed(known)}",
                    pattern.span,
                )


def _listed(numbers: Sequence[int]) -> str:
    """Numbers that grow, with runs of them shortened."""
    runs: list[list[int]] = []
    for each in numbers:
        if runs and runs[-1][-1] == each - 1:
            runs[-1] = [runs[-1][0], each]
        else:
            runs.append([each])
    return ", ".join(" to ".join(map(str, run)) for run in runs)


def _example(pattern: str) -> str:
    """A name that a pattern could stand for, to compare with others."""
    return re.sub(r"[\[{]\*[\]}]|[\[{](\d+)[^\]}]*[\]}]", r".\1", pattern).replace("..", ".")


def precisions_of(network: FuncOp, rules: Sequence[Rule]) -> Mapping[PrecisionLayer, Precision]:
    """
    What rules say of each layer of a network that has a precision. Later rules win.

    Raises:
        RecipeError: when a pattern names no layer.
    """
    layers = precision_layers(network)
    for rule in rules:
        _expect_layers(rule, layers)

    def precision_of(name: str) -> Precision:
        weight_bits = activation_bits = None
        for rule in rules:
            if name and any(matches(pattern, name) for pattern in rule.patterns):
                weight_bits = rule.weight_bits or weight_bits
                activation_bits = rule.activation_bits or activation_bits
        return Precision(weight_bits, activation_bits)

    return {op: precision_of(name) for op, name in layers.items()}


def read_precisions(module: ModuleOp, text: str) -> Mapping[PrecisionLayer, Precision]:
    """
    What the rules that a pass is given say of layers; nothing when there are none.

    Raises:
        RecipeError: when they cannot be read, or name layers that there are not.
    """
    rules = parse_rules(text, SOURCE)
    return precisions_of(network_of(module), rules) if rules else {}
