"""Finding the longest stretch of a sequence that repeats itself."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Repetition:
    """`count` equal pieces of `period` items each, from index `start` on."""

    start: int
    period: int
    count: int

    @property
    def length(self) -> int:
        """How many items the pieces have together."""
        return self.period * self.count


def longest_repetition(items: Sequence[Hashable]) -> Repetition | None:
    """
    The repetition that covers most items; of several such, the one with the shortest period, and of
    those the first. None when nothing repeats.

    Takes time quadratic in the number of items.
    """
    best: Repetition | None = None
    for period in range(1, len(items) // 2 + 1):
        matching = 0
        for index in range(len(items) - period):
            matching = matching + 1 if items[index] == items[index + period] else 0
            count = matching // period + 1
            if matching % period or count < 2 or (best and period * count <= best.length):
                continue
            best = Repetition(index + period + 1 - period * count, period, count)
    return best
