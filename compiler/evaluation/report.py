"""What is told of an evaluation, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vaqf.compiler.evaluation.scores import CONFIDENCE, Scores, Share
from vaqf.compiler.project import Json

MOST_CONFUSED = 5
"""Pairs of classes that are told."""


@dataclass(frozen=True)
class Evaluated:
    """A network and its answers."""

    path: Path
    how: str
    """What executed it."""

    scores: Scores


@dataclass(frozen=True)
class Evaluation:
    """All that was found out."""

    data: Path
    network: Evaluated
    reference: Evaluated | None
    """What it is compared with."""

    @property
    def agreement(self) -> Share | None:
        """How often the network and the reference have the same best class."""
        if self.reference is None:
            return None
        return self.network.scores.agreement(self.reference.scores)


def report(told: Evaluation) -> list[str]:
    """Lines for the user."""
    scores = told.network.scores
    images = len(scores.labels)
    lines = [
        f"{told.network.path}, by {told.network.how}, on {told.data}: {images} images of "
        f"{len(scores.classes)} classes",
        f"{'':24} {'%':>6}   {100 * CONFIDENCE:g} % interval    images",
        *_accuracy("", scores),
    ]
    if told.reference is not None and told.agreement is not None:
        lines += [
            *_accuracy("reference ", told.reference.scores),
            _line("same answer", told.agreement),
            f"reference: {told.reference.path}, by {told.reference.how}",
        ]
    pairs = scores.most_confused(MOST_CONFUSED)
    if pairs:
        listed = ", ".join(f"'{right}' taken for '{wrong}' {n} x" for right, wrong, n in pairs)
        lines.append(f"most confused: {listed}")
    return lines


def _accuracy(what: str, scores: Scores) -> Sequence[str]:
    lines = [_line(f"{what}top-1", scores.top1)]
    if scores.top5 is not None:
        lines.append(_line(f"{what}top-5", scores.top5))
    return lines


def _line(name: str, share: Share) -> str:
    low, high = share.interval
    return (
        f"{name:24} {100 * share.value:6.2f}   {100 * low:6.2f} to {100 * high:6.2f}    "
        f"{share.count} of {share.total}"
    )


def as_json(told: Evaluation) -> dict[str, Json]:
    """All of it as one JSON object."""
    scores = told.network.scores
    found: dict[str, Json] = {
        "data": str(told.data),
        "images": len(scores.labels),
        "classes": list(scores.classes),
        "confidence": CONFIDENCE,
        "network": _network_json(told.network),
        "reference": None if told.reference is None else _network_json(told.reference),
        "agreement": None if told.agreement is None else _share_json(told.agreement),
        "confusion": [[int(count) for count in row] for row in scores.confusion],
        "predictions": [int(each) for each in scores.answers[:, 0]],
    }
    return found


def _network_json(network: Evaluated) -> Json:
    top5 = network.scores.top5
    return {
        "file": str(network.path),
        "executed_by": network.how,
        "top1": _share_json(network.scores.top1),
        "top5": None if top5 is None else _share_json(top5),
    }


def _share_json(share: Share) -> Json:
    low, high = share.interval
    return {"count": share.count, "share": share.value, "interval": [low, high]}
