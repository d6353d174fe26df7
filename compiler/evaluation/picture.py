"""The confusion of classes as a picture, drawn with matplotlib (extra `vaqf[plot]`)."""

from __future__ import annotations

import numpy as np

from vaqf.compiler.evaluation.report import Evaluation
from vaqf.compiler.pictures import as_png

MOST_NAMES = 40
"""With more classes their names would overlap."""

MOST_NUMBERS = 20
"""With more classes numbers would not fit their squares."""


def confusion_picture(told: Evaluation) -> bytes:
    """
    Of each right class, the share of images that is taken for each class, as a PNG.

    Right answers are on the diagonal.
    """
    from matplotlib.figure import Figure

    scores = told.network.scores
    counts = scores.confusion
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    size = min(14.0, max(5.0, 2.5 + 0.35 * len(scores.classes)))
    figure = Figure(figsize=(size + 1, size), layout="constrained")
    axes = figure.subplots()
    picture = axes.imshow(100 * shares, cmap="Blues", vmin=0, vmax=100)
    figure.colorbar(picture, ax=axes, label="% of the images of a class", shrink=0.8)
    axes.set_xlabel("taken for")
    axes.set_ylabel("right class")
    if len(scores.classes) <= MOST_NAMES:
        places = range(len(scores.classes))
        axes.set_xticks(places, scores.classes, rotation=90)
        axes.set_yticks(places, scores.classes)
    if len(scores.classes) <= MOST_NUMBERS:
        for right, taken in zip(*np.nonzero(counts), strict=True):
            colour = "white" if shares[right, taken] > 0.5 else "black"
            axes.text(
                taken, right, str(counts[right, taken]), ha="center", va="center", color=colour
            )
    share = scores.top1
    low, high = (100 * each for each in share.interval)
    axes.set_title(
        f"{told.network.path.name}: top-1 {100 * share.value:.1f} % ({low:.1f} to {high:.1f}), "
        f"{share.total} images"
    )
    return as_png(figure)
