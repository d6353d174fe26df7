"""What engines take with each of several parameters, and which of these are worth trying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.search.workload import Member, Slot
from vaqf.passes.bandwidth import Bandwidth
from vaqf.passes.tile_engines import TileEnginesPass

Amounts = NDArray[np.int64]
"""Resources of every kind in the last dimension."""

Counts = NDArray[np.int64]
"""Numbers of alternatives, with a column for each call that they decide."""

ROUNDS = 2
"""How often alternatives are dropped: each time the others' best is a little less good."""


@dataclass(frozen=True)
class Alternatives:
    """What some engines take, with each of the parameters that concern them."""

    tilings: Sequence[TileEnginesPass]
    """Only the parameters that concern these engines mean something."""

    members: tuple[Member, ...]
    """The calls of these engines."""

    cycles: Counts
    """Of each call."""

    words: Counts
    """That each call moves from and to the memory outside of the device."""

    amounts: Amounts

    def undominated(self) -> Alternatives:
        """Those of which no other one takes less of something and no more of anything."""
        if not self.tilings:
            return self
        rows = np.concatenate([self.cycles, self.words, self.amounts], axis=1)
        kept: list[int] = []
        for index in np.lexsort(rows.T[::-1]):
            if not np.any(np.all(rows[kept] <= rows[index], axis=1)):
                kept.append(int(index))
        kept.sort()
        return self.only(kept)

    def combined(self, other: Alternatives) -> Alternatives:
        """
        Each of these with each of other engines, which decide nothing in common but LayerNorm's
        tokens, which are the other's.
        """
        pairs = list(product(range(len(self.tilings)), range(len(other.tilings))))
        first, second = (np.array(each) for each in zip(*pairs, strict=True))
        return Alternatives(
            [
                replace(self.tilings[one], norm_tokens=other.tilings[each].norm_tokens)
                for one, each in pairs
            ],
            (*self.members, *other.members),
            np.concatenate([self.cycles[first], other.cycles[second]], axis=1),
            np.concatenate([self.words[first], other.words[second]], axis=1),
            self.amounts[first] + other.amounts[second],
        )

    def where(self, wanted: Callable[[TileEnginesPass], bool]) -> Alternatives:
        """Those with wanted parameters."""
        return self.only([number for number, each in enumerate(self.tilings) if wanted(each)])

    def only(self, numbers: Sequence[int]) -> Alternatives:
        """Some of them."""
        if [*numbers] == [*range(len(self.tilings))]:
            return self
        return Alternatives(
            [self.tilings[number] for number in numbers],
            self.members,
            self.cycles[numbers],
            self.words[numbers],
            self.amounts[numbers],
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

    slots: tuple[Slot, ...]
    bandwidth: Bandwidth

    rest: Amounts
    """What is taken beside all alternatives."""

    rest_cycles: int
    room: Amounts

    known_places: dict[tuple[Member, ...], Counts] = field(
        default_factory=dict[tuple[Member, ...], Counts]
    )
    """For each slot, the columns of the calls in it of some engines."""

    @cached_property
    def _times(self) -> Counts:
        return np.array([slot.times for slot in self.slots], np.int64)

    def _places(self, members: tuple[Member, ...]) -> Counts:
        """As many for each slot: one past the last column stands for none."""
        if members not in self.known_places:
            columns = {member: number for number, member in enumerate(members)}
            own = [
                [columns[member] for member in slot.members if member in columns]
                for slot in self.slots
            ]
            most = max(1, *map(len, own))
            padded = [each + [len(columns)] * (most - len(each)) for each in own]
            self.known_places[members] = np.array(padded, np.int64)
        return self.known_places[members]

    def _by_slot(self, group: Alternatives) -> tuple[Counts, Counts]:
        """The longest call in each slot, and the words of all in it, with each alternative."""
        places, none = self._places(group.members), np.zeros((len(group.tilings), 1), np.int64)
        cycles = np.concatenate([group.cycles, none], axis=1)[:, places]
        words = np.concatenate([group.words, none], axis=1)[:, places]
        return cycles.max(axis=2), words.sum(axis=2)

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
        slots = [self._by_slot(each) for each in kept]
        longest = [cycles.min(axis=0) for cycles, _ in slots]
        moved = [words.min(axis=0) for _, words in slots]
        least = [each.amounts.min(axis=0) for each in kept]
        for number in [*range(len(kept))] * ROUNDS:
            others = [each for each in range(len(kept)) if each != number]
            amounts = self.rest + sum(least[each] for each in others)
            own_cycles, own_words = slots[number]
            cycles = np.maximum(own_cycles, np.max([longest[each] for each in others], axis=0))
            words = own_words + sum(moved[each] for each in others)
            cycles = np.maximum(cycles, self.bandwidth.cycles(words)) @ self._times
            good = np.all(kept[number].amounts + amounts <= self.room, axis=1)
            good &= cycles + self.rest_cycles <= most
            if not good.any():
                return None
            if not good.all():
                kept[number] = kept[number].only(np.flatnonzero(good).tolist())
                own_cycles, own_words = own_cycles[good], own_words[good]
                slots[number] = own_cycles, own_words
                longest[number], moved[number] = own_cycles.min(axis=0), own_words.min(axis=0)
                least[number] = kept[number].amounts.min(axis=0)
        return Groups(*kept)
