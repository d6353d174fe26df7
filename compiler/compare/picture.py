"""A picture of a comparison, drawn with matplotlib (extra `vaqf[plot]`)."""

from __future__ import annotations

from math import isfinite

from vaqf.compiler.compare.comparison import Comparison
from vaqf.compiler.pictures import as_png

_MOST_NAMES = 60
"""Layers that are named below the picture."""


def comparison_picture(told: Comparison, names: tuple[str, str]) -> bytes:
    """
    Signal to noise and relative error of each layer, in the order of the program, as a PNG.

    Args:
        told: the comparison.
        names: what the user called both sides.
    """
    from matplotlib.figure import Figure

    count = len(told.layers)
    places = range(count)
    figure = Figure(figsize=(max(8, min(0.25 * count, 40)), 9), layout="constrained")
    noise, error = figure.subplots(2, 1, sharex=True)
    ratios = [each.measure.sqnr for each in told.layers]
    finite = [place for place in places if isfinite(ratios[place])]
    noise.plot(finite, [ratios[place] for place in finite], marker="o", markersize=3)
    noise.set_ylabel("SQNR in dB (none where equal)")
    noise.set_title(f"{names[1]} against {names[0]}")
    errors = [each.measure.relative for each in told.layers]
    drawn = [place for place in places if isfinite(errors[place]) and errors[place] > 0]
    error.plot(drawn, [errors[place] for place in drawn], marker="o", markersize=3)
    if drawn:
        error.set_yscale("log")
    if not told.criterion.exact and told.criterion.tolerance > 0:
        error.axhline(told.criterion.tolerance, linestyle="--", color="grey", label="tolerance")
        error.legend()
    error.set_ylabel("largest error, relative")
    first = told.first_divergence
    if first is not None:
        place = next(place for place, each in enumerate(told.layers) if each is first)
        for axes in (noise, error):
            axes.axvline(place, color="C3", linewidth=1)
    step = -(-count // _MOST_NAMES)
    error.set_xticks(
        places[::step], [each.layer.name for each in told.layers[::step]], rotation=90, fontsize=6
    )
    return as_png(figure)
