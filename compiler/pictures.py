"""Pictures of what a search found, drawn with matplotlib (extra `vaqf[plot]`)."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from vaqf.compiler.search.answer import Answer, rate
from vaqf.dialects.diagnostics import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_LAYERS = 24
"""Bars of a picture; the fastest of more layers are summed up."""


def expect_matplotlib() -> None:
    """
    Check that pictures can be drawn.

    Raises:
        UserError: when matplotlib is not installed.
    """
    if find_spec("matplotlib") is None:
        raise UserError("pictures need matplotlib: pip install 'vaqf[plot]'")


def expect_place_for_picture(file: Path) -> None:
    """
    Check, before the work that it shows, that a picture can be drawn, and where it is wanted.

    Raises:
        UserError: when matplotlib is not installed, or there is no such folder.
    """
    expect_matplotlib()
    if not file.resolve().parent.is_dir():
        raise UserError(f"{file}: there is no such folder")


def frontier_picture(told: Answer) -> bytes:
    """Frames a second and shares of the budget by the width of activations, as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 7), layout="constrained")
    rates, shares = figure.subplots(2, 1, sharex=True)
    fitting = [(each.bits, each.point) for each in told.frontier.found if each.point is not None]
    widths = [bits for bits, _ in fitting]
    rates.plot(widths, [rate(told.board, point) for _, point in fitting], marker="o")
    rates.axhline(told.wanted_fps, linestyle="--", color="grey", label="wanted")
    if told.point is not None:
        rates.plot([told.chosen.bits], [told.fps], marker="*", markersize=18, label="chosen")
    rates.set_ylabel("frames a second")
    rates.set_title(f"{told.model.name} on {told.board.name} at {told.board.clock_mhz} MHz")
    rates.set_ylim(bottom=0)
    rates.legend()
    for kind, available in told.frontier.budget.named().items():
        if available:
            used = [point.estimate.resources.named()[kind] / available for _, point in fitting]
            shares.plot(widths, [100 * each for each in used], marker=".", label=kind)
    shares.set_xlabel("bits of activations")
    shares.set_ylabel("% of the budget")
    shares.set_ylim(0, 105)
    shares.legend()
    return as_png(figure)


def layers_picture(told: Answer) -> bytes:
    """Cycles of a call by layer, coloured by engine, as a PNG."""
    from matplotlib.figure import Figure

    layers = sorted(told.layers, key=lambda each: -each[3])
    shown, others = layers[:MOST_LAYERS], layers[MOST_LAYERS:]
    if others:
        shown.append(("all others", "several", 0, sum(cycles for *_, cycles in others)))
    figure = Figure(figsize=(10, 1.5 + 0.32 * len(shown)), layout="constrained")
    axes = figure.subplots()
    for number, engine in enumerate(dict.fromkeys(engine for _, engine, *_ in shown)):
        rows = [(place, cycles) for place, (_, its, _, cycles) in enumerate(shown) if its == engine]
        axes.barh(
            [place for place, _ in rows],
            [cycles for _, cycles in rows],
            color=f"C{number}",
            label=engine,
        )
    axes.set_yticks(range(len(shown)), [name or engine for name, engine, *_ in shown])
    axes.invert_yaxis()
    axes.set_xlabel(f"cycles of a call, of {told.chosen.frames} frames")
    axes.set_title(
        f"{told.model.name}: {told.chosen.bits}-bit activations, {told.fps:,.1f} frames/s"
    )
    axes.legend(loc="lower right")
    return as_png(figure)


def as_png(figure: Figure) -> bytes:
    """A figure as a file, the same bytes for the same figure."""
    out = BytesIO()
    figure.savefig(out, format="png", dpi=120, metadata={"Software": None})
    return out.getvalue()
