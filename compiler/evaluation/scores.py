"""How often answers are right, and what is taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
"""Of the intervals."""

DEVIATIONS = 1.959963984540054
"""Of the normal distribution, which has `CONFIDENCE` within so many standard deviations."""

BEST = 5
"""The right class counts as found when it is among so many."""


@dataclass(frozen=True)
class Share:
    """How many of some images."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """From 0 to 1."""
        return self.count / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """
        The share of all images that there are, as far as these tell.

        It is Wilson's score interval ("Probable inference, the law of succession, and statistical
        inference", JASA 1927), which holds for shares near 0 and 1 too.
        """
        n, p, z = self.total, self.value, DEVIATIONS
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        # Where none or all are counted, an end is the share itself, but for rounding.
        return (
            0.0 if self.count == 0 else centre - half,
            1.0 if self.count == n else centre + half,
        )


def best_classes(scores: NDArray[np.floating], count: int = BEST) -> NDArray[np.int64]:
    """
    The classes with the highest scores, the highest first; of equal ones the lowest class.

    Args:
        scores: Images x classes.
        count: How many; as many as there are when those are fewer.

    Returns:
        Images x classes.
    """
    return np.argsort(-scores, axis=1, kind="stable")[:, :count].astype(np.int64)


@dataclass(frozen=True)
class Scores:
    """The answers of a network, and the right ones."""

    answers: NDArray[np.int64]
    """Images x the best classes."""

    labels: NDArray[np.int64]
    classes: Sequence[str]

    @property
    def top1(self) -> Share:
        """How often the best class is right."""
        return self._among(1)

    @property
    def top5(self) -> Share | None:
        """How often the right class is among the best; None when those are all."""
        return self._among(BEST) if len(self.classes) > BEST else None

    def _among(self, count: int) -> Share:
        found = (self.answers[:, :count] == self.labels[:, np.newaxis]).any(axis=1)
        return Share(int(found.sum()), len(self.labels))

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Right class x best class: how many images."""
        counts = np.zeros((len(self.classes), len(self.classes)), np.int64)
        np.add.at(counts, (self.labels, self.answers[:, 0]), 1)
        return counts

    def most_confused(self, count: int) -> list[tuple[str, str, int]]:
        """Right class, what it is taken for, and how often: those that happen most."""
        wrong = self.confusion
        np.fill_diagonal(wrong, 0)
        order = np.argsort(-wrong, axis=None, kind="stable")[:count]
        pairs = [divmod(int(each), len(self.classes)) for each in order]
        return [
            (self.classes[right], self.classes[taken], int(wrong[right, taken]))
            for right, taken in pairs
            if wrong[right, taken]
        ]

    def agreement(self, other: Scores) -> Share:
        """How often both networks have the same best class."""
        equal = self.answers[:, 0] == other.answers[:, 0]
        return Share(int(equal.sum()), len(equal))
