"""The fastest accelerator within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf

import numpy as np

from vaqf.compiler.search import space
from vaqf.compiler.search.alternatives import Groups, Needed
from vaqf.compiler.search.candidates import Candidates
from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.combination import Combination, Point
from vaqf.compiler.search.reference import Reference
from vaqf.compiler.search.space import share_matrices, storage_of
from vaqf.passes.costs.resources import Resources


def share(used: Resources, available: Resources) -> float:
    """The largest share of what is available that is used of any resource."""
    pairs = zip(used.amounts, available.amounts, strict=True)
    return max(amount / max(there, 1) for amount, there in pairs)


@dataclass(frozen=True)
class Search:
    """
    The search among all accelerators for one model and width of activations.

    The lanes of words and of vector units concern all engines. For each of both, parameters of
    single engines are dropped that could not fit, or be as fast as what is known, if all other
    engines were at their best. What is left is combined.
    """

    reference: Reference
    budget: Resources

    known: Candidates | None = None
    """Those of another search with as many UltraRAMs, which save time."""

    def fastest(self, hint: Choice | None = None, most: float = inf) -> Point | None:
        """
        The fastest accelerator within the budget; of several, that which takes least of it.

        Args:
            hint: parameters that may be good, as those of a similar model: they save time.
            most: cycles of a call that are fast enough.
        """
        best = self._estimated(hint)
        if best is None:
            for lanes in space.USUAL_LANES:
                few = self.candidates.all(lanes, is_few=True)
                best = self._better(few, lanes, space.VECTOR_LANES[:1], most, best)
        for lanes in self.candidates.lanes:
            every = self.candidates.all(lanes, is_few=False)
            best = self._better(every, lanes, space.VECTOR_LANES, most, best)
        return best if best is None or best.estimate.cycles <= most else None

    def _estimated(self, hint: Choice | None) -> Point | None:
        """What a hint gives, with fewer tokens at once where it is too large."""
        if hint is None:
            return None
        outputs, inputs, most = hint.tiling.binary_matmul
        for tokens in range(most, 0, -1):
            tiling = replace(hint.tiling, binary_matmul=(outputs, inputs, tokens))
            if not share_matrices(
                storage_of(tiling.binary_matmul), storage_of(tiling.integer_matmul)
            ):
                continue
            choice = replace(hint, tiling=tiling)
            estimate = self.reference.estimate(choice)
            if estimate.resources.fits(self.budget):
                return Point(choice, estimate)
        return None

    def _better(
        self,
        tried: Groups,
        lanes: int,
        every: Sequence[int],
        most: float,
        best: Point | None,
    ) -> Point | None:
        """
        The best that is known, or a better one.

        Args:
            tried: parameters of engines.
            lanes: channels of a word.
            every: vector lanes that are tried.
            most: cycles that are fast enough.
            best: what is known.
        """
        most = most if best is None else min(most, best.estimate.cycles)
        each, needed = self.candidates, self._needed
        groups = needed.promising(tried, most)
        if groups is not None:
            groups = groups._replace(binary=each.with_matrices(groups.binary))
            groups = needed.promising(groups, most)
        if groups is not None:
            groups = groups._replace(attention=each.attention.exact_with(lanes, groups.attention))
            groups = needed.promising(groups, most)
        if groups is None:
            return best
        seen: set[tuple[int, ...]] = set()
        for vector_lanes in every:
            if (turns := turns_of(groups, lanes, vector_lanes)) in seen:
                continue
            seen.add(turns)
            if (found := self._exact(groups, vector_lanes, most)) is None:
                continue
            combination = Combination.of(found, self.candidates, self._needed, vector_lanes)
            if (point := combination.fastest(most)) is not None:
                best = point if best is None else min(best, point, key=self._rank)
                most = min(most, best.estimate.cycles)
        return best

    def _exact(self, groups: Groups, vector_lanes: int, most: float) -> Groups | None:
        """Those that may be fast enough with some vector lanes, with all that they take."""
        each, needed = self.candidates, self._needed
        found = groups._replace(
            binary=each.binary.with_vector_lanes(groups.binary, vector_lanes),
            integer=each.integer.with_vector_lanes(groups.integer, vector_lanes),
            norm=each.norm.sketches(groups.norm.tilings, vector_lanes),
        )
        if (found := needed.promising(found, most)) is None:
            return None
        binary = each.binary.exact(each.binary.in_forms(found.binary), vector_lanes)
        found = needed.promising(found._replace(binary=each.with_matrices(binary)), most)
        if found is None:
            return None
        found = found._replace(
            integer=each.integer.exact(found.integer, vector_lanes),
            norm=each.norm.exact(found.norm, vector_lanes),
        )
        if (found := needed.promising(found, most)) is None:
            return None
        return found._replace(binary=each.binary.exact(found.binary, vector_lanes))

    def _rank(self, point: Point) -> tuple[float, float]:
        return point.estimate.cycles, share(point.estimate.resources, self.budget)

    @cached_property
    def candidates(self) -> Candidates:
        """The parameters that are tried."""
        return self.known or Candidates.of(self.reference, self.budget.uram)

    def within(self, budget: Resources) -> Search:
        """The same search with another budget."""
        is_alike = budget.uram == self.budget.uram
        return Search(self.reference, budget, self.candidates if is_alike else None)

    @cached_property
    def _needed(self) -> Needed:
        reference = self.reference
        return Needed(
            np.array([slot.times for slot in reference.workload.slots], np.int64),
            reference.bandwidth,
            np.array(reference.rest.amounts, np.int64),
            reference.rest_cycles,
            np.array(self.budget.amounts, np.int64),
        )


def turns_of(groups: Groups, lanes: int, vector_lanes: int) -> tuple[int, ...]:
    """All that vector lanes matter for: in how many turns words and outputs pass through them."""
    outputs = {each.binary_matmul[0] for each in groups.binary.tilings}
    outputs |= {each.integer_matmul[0] for each in groups.integer.tilings}
    return tuple(ceil(each / vector_lanes) for each in (lanes, *sorted(outputs)))
