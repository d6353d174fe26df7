"""What engines take with each of several parameters, and which of these are worth trying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vaqf.passes.bandwidth import Bandwidth
from vaqf.passes.tile_engines import TileEnginesPass

Amounts = NDArray[np.int64]
"""Resources of every kind in the last dimension."""

Counts = NDArray[np.int64]
"""Numbers of alternatives, with a column for each slot."""

ROUNDS = 2
"""How often alternatives are dropped: each time the others' best is a little less good."""


def undominated(*numbers: Counts) -> list[int]:
    """
    The rows of which no other one has something less and nothing more.

    Args:
        numbers: columns, in several parts.
    """
    rows = np.concatenate(numbers, axis=1)
    if not len(rows):
        return []
    rows = rows[:, np.any(rows != rows[0], axis=0)]
    kept: list[int] = []
    left = np.lexsort(rows.T[::-1]) if rows.size else np.zeros(1, np.int64)
    while left.size:
        # Nothing that is left is below the first in this order.
        kept.append(int(left[0]))
        left = left[np.any(rows[left] < rows[left[0]], axis=1)]
    return sorted(kept)


@dataclass(frozen=True)
class Costs:
    """
    What engines take with each of several parameters.

    Calls that run at the same time are a slot: the longest counts, or the memory for all of them.
    """

    slots: NDArray[np.bool_]
    """In which slots calls of these engines are."""

    cycles: Counts
    """Of the longest of their calls in each slot."""

    words: Counts
    """That they move in each slot from and to the memory outside of the device."""

    amounts: Amounts

    def combined(self, other: Costs) -> Costs:
        """What these take with each of their parameters and other engines with each of theirs."""
        first = np.repeat(np.arange(len(self.amounts)), len(other.amounts))
        second = np.tile(np.arange(len(other.amounts)), len(self.amounts))
        return Costs(
            self.slots | other.slots,
            np.maximum(self.cycles[first], other.cycles[second]),
            self.words[first] + other.words[second],
            self.amounts[first] + other.amounts[second],
        )


@dataclass(frozen=True)
class Alternatives(Costs):
    """Parameters of engines, each with what it takes."""

    tilings: Sequence[TileEnginesPass]
    """Of each, the parameters that concern these engines are decided."""

    def undominated(self) -> Alternatives:
        """Those of which no other one takes less of something and no more of anything."""
        return self.only(undominated(self.cycles, self.words, self.amounts))

    def where(self, wanted: Callable[[TileEnginesPass], bool]) -> Alternatives:
        """Those with wanted parameters."""
        return self.only([number for number, each in enumerate(self.tilings) if wanted(each)])

    def only(self, numbers: Sequence[int]) -> Alternatives:
        """Some of them."""
        if [*numbers] == [*range(len(self.tilings))]:
            return self
        return Alternatives(
            self.slots,
            self.cycles[numbers],
            self.words[numbers],
            self.amounts[numbers],
            [self.tilings[number] for number in numbers],
        )


class Groups(NamedTuple):
    """Alternatives for each kind of engine, of which an accelerator has one."""

    binary: Alternatives
    """Linear layers with weights of one bit."""

    integer: Alternatives
    """Linear layers with wider weights."""

    attention: Alternatives
    norm: Alternatives
    once: Alternatives
    """What is done once, which has no parameters of its own."""


@dataclass(frozen=True)
class Needed:
    """What any accelerator for a model has to do and to do without."""

    times: Counts
    """How often each slot is executed."""

    bandwidth: Bandwidth

    rest: Amounts
    """What is taken beside all alternatives."""

    rest_cycles: int
    room: Amounts

    def promising(self, groups: Groups, most: float) -> Groups | None:
        """
        Of each group, those that fit and are fast enough when all other groups are at their best
        in everything; None when none of some group are.

        Args:
            groups: what is left so far.
            most: cycles that are fast enough.
        """
        kept = list(groups)
        if not all(each.tilings for each in kept):
            return None
        longest = np.stack([each.cycles.min(axis=0) for each in kept])
        moved = np.stack([each.words.min(axis=0) for each in kept])
        least = np.stack([each.amounts.min(axis=0) for each in kept])
        # What is alone in its group is dropped only together with all of another group.
        numbers = [number for number, each in enumerate(kept) if len(each.tilings) > 1]
        for _ in range(ROUNDS):
            is_dropped = False
            for number in numbers or [0]:
                own, others = kept[number], np.arange(len(kept)) != number
                cycles = np.maximum(own.cycles, longest[others].max(axis=0))
                words = own.words + moved[others].sum(axis=0)
                cycles = np.maximum(cycles, self.bandwidth.cycles(words)) @ self.times
                good = np.all(own.amounts <= self.room - self.rest - least[others].sum(0), axis=1)
                good &= cycles <= most - self.rest_cycles
                if good.all():
                    continue
                if not good.any():
                    return None
                is_dropped = True
                kept[number] = own = own.only(np.flatnonzero(good).tolist())
                longest[number], moved[number] = own.cycles.min(axis=0), own.words.min(axis=0)
                least[number] = own.amounts.min(axis=0)
            if not is_dropped:
                break
        return Groups(*kept)
