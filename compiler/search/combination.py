"""The fastest accelerator of some alternatives for each kind of engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.search.alternatives import Alternatives, Amounts, Costs, Counts, Groups, Needed
from vaqf.compiler.search.candidates import Candidates
from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.reference import Estimate
from vaqf.compiler.search.space import storage_of
from vaqf.passes.costs.resources import Resources

NEVER = np.iinfo(np.int64).max
"""Cycles of what does not fit."""

COMPARED = 1 << 16
"""Accelerators that are compared at once."""


@dataclass(frozen=True)
class Point:
    """An accelerator: its parameters, and what it takes."""

    choice: Choice
    estimate: Estimate


@dataclass(frozen=True)
class Combination:
    """Each binary engine with each integer engine, and with all other engines in each way."""

    binary: Alternatives
    integer: Alternatives

    attention: Alternatives
    norm: Alternatives

    once: Costs
    """What is done once."""

    candidates: Candidates
    needed: Needed
    vector_lanes: int

    @staticmethod
    def of(
        groups: Groups, candidates: Candidates, needed: Needed, vector_lanes: int
    ) -> Combination:
        """That of all kinds."""
        binary, integer, attention, norm, once = groups
        return Combination(
            binary,
            integer,
            attention.undominated(),
            norm.undominated(),
            once,
            candidates,
            needed,
            vector_lanes,
        )

    @cached_property
    def others(self) -> Costs:
        """Attention, LayerNorm, and what is done once."""
        return self.attention.combined(self.norm).combined(self.once)

    def fastest(self, most: float) -> Point | None:
        """
        That which takes fewest cycles; of several, that which takes least of the budget.

        Args:
            most: cycles that are fast enough.
        """
        binary, integer, others = self.binary, self.integer, self.others
        room, rest = self.needed.room, self.needed.rest
        with_first, with_second = self._beside(binary, others), self._beside(integer, others)
        of_others = self.needed.rest_cycles + self._alone(others)
        every = with_first.min(axis=1)[:, None] + with_second.min(axis=1) + of_others.min()
        first, second = np.nonzero(every <= most)
        amounts = binary.amounts[first] + integer.amounts[second]
        amounts += self._stored(first, second)
        # What does not fit by itself fits with nothing.
        alone = rest + others.amounts.min(axis=0)
        fitting = np.flatnonzero(np.all(amounts + alone <= room, axis=1))
        first, second, amounts = first[fitting], second[fitting], amounts[fitting]
        least = every[first, second]
        best: tuple[float, float, int, int] = most, inf, 0, 0
        order = np.argsort(least, kind="stable")
        size = max(1, COMPARED // len(others.amounts))
        for pairs in np.split(order, range(size, len(order), size)):
            if not len(pairs) or least[pairs[0]] > best[0]:
                break
            cycles = with_first[first[pairs]] + with_second[second[pairs]] + of_others
            # All of a pair's combinations are slower than what is known.
            pairs = pairs[(possible := cycles.min(axis=1) <= best[0])]
            cycles = cycles[possible]
            totals = amounts[pairs, None] + others.amounts + rest
            cycles = np.where(np.all(totals <= room, axis=-1), cycles, NEVER)
            if not cycles.size or cycles.min() == NEVER:
                continue
            shares = (totals / np.maximum(room, 1)).max(axis=-1)
            found = int(np.where(cycles == cycles.min(), shares, np.inf).argmin())
            pair, other = divmod(found, len(others.amounts))
            candidate = (
                int(cycles[pair, other]),
                float(shares[pair, other]),
                int(pairs[pair]),
                other,
            )
            best = min(best, candidate)
        count, smallest, pair, other = best
        if smallest == inf:
            return None
        matmul = binary.tilings[int(first[pair])]
        attention, norm = divmod(other, len(self.norm.tilings))
        tiling = replace(
            self.attention.tilings[attention],
            norm_tokens=self.norm.tilings[norm].norm_tokens,
            binary_matmul=matmul.binary_matmul,
            binary_form=matmul.binary_form,
            integer_matmul=integer.tilings[int(second[pair])].integer_matmul,
        )
        resources = Resources(*map(int, amounts[pair] + others.amounts[other] + rest))
        estimate = Estimate(int(count), resources, self.candidates.reference.workload.frames)
        return Point(self.candidates.once.choice(tiling, self.vector_lanes), estimate)

    def _beside(self, some: Costs, others: Costs) -> Counts:
        """
        Cycles of the slots in which calls of some engines are, with each of their parameters and
        each of those of other engines.
        """
        total = np.zeros((len(some.amounts), len(others.amounts)), np.int64)
        for slot in np.flatnonzero(some.slots).tolist():
            cycles = np.maximum(some.cycles[:, slot, None], others.cycles[:, slot])
            moving = self.needed.bandwidth.cycles(some.words[:, slot, None] + others.words[:, slot])
            total += self.needed.times[slot] * np.maximum(cycles, moving)
        return total

    def _alone(self, others: Costs) -> Counts:
        """Cycles of the slots in which no engine for linear layers is."""
        alone = ~(self.binary.slots | self.integer.slots)
        moving = self.needed.bandwidth.cycles(others.words[:, alone])
        return np.maximum(others.cycles[:, alone], moving) @ self.needed.times[alone]

    def _stored(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> Amounts:
        """
        What matrices of activations take with pairs of engines for linear layers, which are given
        by their numbers; more than there is of anything where they cannot share them.
        """
        storages = [storage_of(each.binary_matmul) for each in self.binary.tilings]
        others = [storage_of(each.integer_matmul) for each in self.integer.tilings]
        own, its = list(dict.fromkeys(storages)), list(dict.fromkeys(others))
        of_first = np.array([own.index(each) for each in storages])[first]
        of_second = np.array([its.index(each) for each in others])[second]
        pairs, places = np.unique(of_first * len(its) + of_second, return_inverse=True)
        lanes = self.binary.tilings[0].lanes
        rows: list[Amounts] = []
        for pair in map(int, pairs):
            one, other = divmod(pair, len(its))
            rows.append(self.candidates.matrices(lanes, own[one], its[other]))
        return np.array(rows, np.int64).reshape(len(pairs), self.needed.room.size)[places]
