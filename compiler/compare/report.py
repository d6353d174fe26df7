"""What is told of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from vaqf.compiler.compare.comparison import Compared, Comparison
from vaqf.compiler.compare.measures import Measure, WorstValue
from vaqf.compiler.project import Json

ROWS = 20
"""Layers in the table, unless all are wanted."""


def report(told: Comparison, *, verbose: bool = False) -> list[str]:
    """
    A comparison for people: the worst layers, and where it begins to differ.

    Args:
        told: the comparison.
        verbose: tell all layers, also those that are equal, the worst values of each, and what only
            one side has.
    """
    shown = told.worst_first
    if not verbose:
        shown = [each for each in shown if each.measure.differing][:ROWS]
    lines = _table(told, shown) if shown else []
    hidden = len(told.layers) - len(shown)
    if shown and hidden:
        lines.append(f"and {hidden} layers that are no worse; --verbose shows them")
    if lines:
        lines.append("")
    lines += [*_matched(told, verbose), *_verdict(told)]
    if verbose:
        for each in told.worst_first:
            if each.measure.worst:
                lines += ["", *_worst_values(each)]
    elif told.first_divergence is not None:
        lines += ["", *_worst_values(told.first_divergence)]
    return lines


def _table(told: Comparison, shown: Sequence[Compared]) -> list[str]:
    rows = [("", "layer", "shape", "max error", "relative", "SQNR dB", "cosine", "differ")]
    for each in shown:
        measure = each.measure
        rows.append(
            (
                "!" if told.criterion.is_beyond(measure) else "",
                each.layer.name,
                "x".join(map(str, each.layer.shape)),
                f"{measure.maximum:.3g}",
                f"{measure.relative:.3g}",
                f"{measure.sqnr:.1f}",
                f"{measure.cosine:.6f}",
                share(measure),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if number < 3 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def share(measure: Measure) -> str:
    """How many values differ."""
    if measure.differing in (0, measure.count):
        return "all" if measure.differing else "none"
    share = 100 * measure.differing / measure.count
    return f"{share:.0f} %" if share >= 10 else f"{share:.2g} %"


def _matched(told: Comparison, verbose: bool) -> list[str]:
    matching = told.matching
    kinds = (
        (matching.different, "have other shapes, or sums without a scale, on one side"),
        (matching.only_reference, "are only in A"),
        (matching.only_other, "are only in B"),
    )
    lines = [f"{len(told.layers)} layers compared, samples: {told.samples}"]
    for names, what in kinds:
        if names:
            lines.append(f"{len(names)} nodes {what}{': ' + ', '.join(names) if verbose else ''}")
    return lines


def _verdict(told: Comparison) -> list[str]:
    beyond = sum(told.criterion.is_beyond(each.measure) for each in told.layers)
    first = told.first_divergence
    if first is None:
        return [f"all are equal {told.criterion}"]
    return [
        f"{beyond} are not equal {told.criterion}",
        f"first divergence: {first.layer.name}",
    ]


def _worst_values(compared: Compared) -> list[str]:
    """The worst values of a layer, at most ten."""
    return [
        f"worst values of {compared.layer.name}:",
        *(f"  {_place(each)}: {each.other:.8g}, expected {each.reference:.8g}"
          for each in compared.measure.worst),
    ]  # fmt: skip


def _place(value: WorstValue) -> str:
    return f"sample {value.sample} {list(value.index)}"


def as_json(told: Comparison, names: tuple[str, str]) -> dict[str, Json]:
    """
    A comparison for programs.

    Args:
        told: the comparison.
        names: what the user called both sides.
    """
    first = told.first_divergence
    return {
        "reference": names[0],
        "other": names[1],
        "samples": told.samples,
        "tolerance": told.criterion.tolerance,
        "exact": told.criterion.exact,
        "equal": first is None,
        "first_divergence": first and first.layer.name,
        "layers": [_layer_as_json(told, each) for each in told.worst_first],
        "different": list(told.matching.different),
        "only_reference": list(told.matching.only_reference),
        "only_other": list(told.matching.only_other),
    }


def _layer_as_json(told: Comparison, compared: Compared) -> Json:
    measure = compared.measure
    return {
        "name": compared.layer.name,
        "position": next(place for place, each in enumerate(told.layers) if each is compared),
        "shape": list(compared.layer.shape),
        "beyond": told.criterion.is_beyond(measure),
        "max_error": _number(measure.maximum),
        "relative_error": _number(measure.relative),
        "sqnr_db": _number(measure.sqnr),
        "cosine": _number(measure.cosine),
        "values": measure.count,
        "differing": measure.differing,
        "worst": [
            {
                "sample": each.sample,
                "index": list(each.index),
                "reference": _number(each.reference),
                "other": _number(each.other),
            }
            for each in measure.worst
        ],
    }


def _number(value: float) -> float | None:
    """JSON has no infinities."""
    return value if isfinite(value) else None
