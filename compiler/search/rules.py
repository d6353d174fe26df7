"""What was decided about groups of activations, as rules of a recipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vaqf.compiler.recipe import Numbers, Part, Pattern, Rule
from vaqf.compiler.search.groups import Group, Kind, Members


def rules_for(
    members: Mapping[Group, Members], widths: Mapping[Group, int], others: int
) -> tuple[Rule, ...]:
    """
    The rules that give groups their widths.

    Args:
        members: All groups of a network.
        widths: Numbers of bits; one of a single block goes before one of all blocks.
        others: The width of groups of which nothing is said.

    Returns:
        Rules for all that has another width than `others`, or is inside of what has one: an
        attention is named with the linears inside of it, whose rules therefore come behind.
    """
    bits: dict[str, int] = {}
    kinds: dict[str, Kind] = {}
    for group, found in members.items():
        for layer in found.layers:
            kinds[layer] = group.kind
            bits[layer] = widths.get(group, bits.get(layer, others))
    attentions = [layer for layer, kind in kinds.items() if kind == Kind.ATTENTION]
    named = [layer for layer in attentions if bits[layer] != others]
    linears = [
        layer
        for layer in bits
        if layer not in attentions
        and (bits[layer] != others or any(layer.startswith(f"{each}.") for each in named))
    ]
    return (*_rules(named, bits), *_rules(linears, bits))


def _rules(layers: Iterable[str], bits: Mapping[str, int]) -> Iterable[Rule]:
    """One rule for each width."""
    of_width: dict[int, list[str]] = {}
    for layer in layers:
        of_width.setdefault(bits[layer], []).append(layer)
    for width, names in of_width.items():
        yield Rule(tuple(_patterns(names)), activation_bits=width)


def _patterns(names: Iterable[str]) -> Iterable[Pattern]:
    """Patterns for layers; those that differ in the number of a block alone have one."""
    numbers: dict[tuple[str, ...], list[int]] = {}
    for name in names:
        parts = name.split(".")
        block = next((part for part in parts[1:] if part.isascii() and part.isdigit()), None)
        if block is None:
            numbers.setdefault(tuple(parts), [])
            continue
        at = parts.index(block, 1)
        key = (*parts[:at], "", *parts[at + 1 :])
        numbers.setdefault(key, []).append(int(block))
    for key, blocks in numbers.items():
        pattern: list[Part] = [part or _runs(blocks) for part in key]
        yield Pattern(tuple(pattern))


def _runs(numbers: Iterable[int]) -> Numbers:
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return Numbers(tuple(runs))
