"""The fastest accelerator within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.search import space
from vaqf.compiler.search.closed_form import Choice, cost, matrix, products
from vaqf.compiler.search.reference import Estimate, Reference
from vaqf.compiler.search.workload import Attention, Engine, Matmul, Norm
from vaqf.dialects.accel.tiles import BINARY_FORMS
from vaqf.passes.costs.resources import Resources
from vaqf.passes.tile_engines import TileEnginesPass

Amounts = NDArray[np.int64]
"""Cycles, and behind them resources of every kind, in the last dimension."""

NEVER = np.iinfo(np.int64).max
"""Cycles of what does not fit."""


@dataclass(frozen=True)
class Point:
    """An accelerator: its parameters, and what it takes."""

    choice: Choice
    estimate: Estimate


@dataclass(frozen=True)
class Alternatives:
    """What some engines take, with each of the parameters that concern them."""

    tilings: Sequence[TileEnginesPass]
    """Only the parameters that concern these engines mean something."""

    amounts: Amounts

    def undominated(self) -> Alternatives:
        """Those of which no other one takes less of something and no more of anything."""
        if not self.tilings:
            return self
        kept: list[int] = []
        for index in np.lexsort(self.amounts.T[::-1]):
            if not np.any(np.all(self.amounts[kept] <= self.amounts[index], axis=1)):
                kept.append(int(index))
        kept.sort()
        return Alternatives([self.tilings[index] for index in kept], self.amounts[kept])


def as_amounts(estimate: Estimate) -> tuple[int, ...]:
    """Cycles and resources as numbers."""
    return estimate.cycles, *estimate.resources.amounts


def is_binary(engine: Engine) -> bool:
    """Whether an engine multiplies with weights of one bit."""
    return isinstance(engine, Matmul) and engine.weight_bits == 1


def is_integer(engine: Engine) -> bool:
    """Whether an engine multiplies with wider weights."""
    return isinstance(engine, Matmul) and engine.weight_bits != 1


def share(used: Resources, available: Resources) -> float:
    """The largest share of what is available that is used of any resource."""
    pairs = zip(used.amounts, available.amounts, strict=True)
    return max(amount / max(there, 1) for amount, there in pairs)


@dataclass(frozen=True)
class Search:
    """The search among all accelerators for one model and width of activations."""

    reference: Reference
    budget: Resources

    def fastest(self) -> Point | None:
        """The fastest accelerator within the budget; of several, that which takes least of it."""
        found = [self._fastest(lanes) for lanes in space.VECTOR_LANES]
        return min(
            (point for point in found if point is not None),
            key=lambda point: (point.estimate.cycles, share(point.estimate.resources, self.budget)),
            default=None,
        )

    def _fastest(self, lanes: int) -> Point | None:
        binary = self._alternatives(lanes, is_binary, self._binary_matmuls)
        integer = self._alternatives(lanes, is_integer, space.integer_matmuls())
        others = self._others(lanes)
        if not all(each.tilings for each in (binary, integer, others)):
            return None
        first, second, matmuls = self._together(binary, integer)
        room = np.array(self.budget.amounts)
        rest = np.array(as_amounts(Estimate(self.reference.rest_cycles, self.reference.rest)))
        # What does not fit by itself fits with nothing.
        alone = rest + others.amounts.min(axis=0)
        fitting = np.flatnonzero(np.all(matmuls[:, 1:] + alone[1:] <= room, axis=1))
        totals = matmuls[fitting, None] + others.amounts[None] + rest
        cycles = np.where(np.all(totals[..., 1:] <= room, axis=-1), totals[..., 0], NEVER)
        if not cycles.size or cycles.min() == NEVER:
            return None
        shares = (totals[..., 1:] / np.maximum(room, 1)).max(axis=-1)
        least = int(np.where(cycles == cycles.min(), shares, np.inf).argmin())
        pair, other = divmod(least, len(others.tilings))
        matmul = binary.tilings[int(first[fitting[pair]])]
        tiling = replace(
            others.tilings[other],
            binary_matmul=matmul.binary_matmul,
            binary_form=matmul.binary_form,
            integer_matmul=integer.tilings[int(second[fitting[pair]])].integer_matmul,
        )
        count, *resources = (int(each) for each in totals[pair, other])
        return Point(self._choice(tiling, lanes), Estimate(count, Resources(*resources)))

    def _choice(self, tiling: TileEnginesPass, lanes: int) -> Choice:
        return Choice(tiling, lanes, self.reference.word_bits)

    def _alternatives(
        self, lanes: int, wanted: Callable[[Engine], bool], tilings: Iterable[TileEnginesPass]
    ) -> Alternatives:
        """
        What some engines take with each tiling with which they fit into the budget; with one tiling
        when there are no such engines.
        """
        engines = [each for each in self.reference.workload.engines if wanted(each)]
        listed: list[TileEnginesPass] = []
        rows: list[tuple[int, ...]] = []
        for tiling in tilings if engines else [TileEnginesPass()]:
            choice = self._choice(tiling, lanes)
            if not self._products(engines, tiling).fits(self.budget):
                continue
            cycles, total = 0, Resources()
            for engine in engines:
                costs = cost(engine, choice)
                cycles += costs.frame(engine.calls)
                total += costs.resources + self.reference.control[engine.name]
            if total.fits(self.budget):
                listed.append(tiling)
                rows.append(as_amounts(Estimate(cycles, total)))
        return Alternatives(listed, np.array(rows))

    @cached_property
    def _attentions(self) -> Alternatives:
        """Attention, to which vector lanes make no difference."""
        return self._alternatives(
            1, lambda engine: isinstance(engine, Attention), space.attentions()
        ).undominated()

    def _others(self, lanes: int) -> Alternatives:
        """Attention and LayerNorm, which share nothing with other engines."""
        attention = self._attentions
        norm = self._alternatives(lanes, lambda engine: isinstance(engine, Norm), space.norms())
        if not attention.tilings or not norm.tilings:
            return Alternatives((), attention.amounts)
        norm = norm.undominated()
        tilings = [
            replace(each, norm_tokens=other.norm_tokens)
            for each in attention.tilings
            for other in norm.tilings
        ]
        both = attention.amounts[:, None] + norm.amounts[None]
        return Alternatives(tilings, both.reshape(-1, both.shape[-1])).undominated()

    def _together(
        self, binary: Alternatives, integer: Alternatives
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], Amounts]:
        """
        Both kinds of engines for linear layers, where they can share matrices of activations, with
        these: the numbers of the alternatives of each kind, and what they take together.
        """
        first: list[NDArray[np.intp]] = []
        second: list[NDArray[np.intp]] = []
        rows: list[Amounts] = []
        of_integer = _by_storage([each.integer_matmul for each in integer.tilings])
        of_binary = _by_storage([each.binary_matmul for each in binary.tilings])
        for its, theirs in of_integer.items():
            for own, mine in of_binary.items():
                if (stored := self._matrices.get((own, its))) is not None:
                    pairs = np.meshgrid(mine, theirs, indexing="ij")
                    first.append(pairs[0].ravel())
                    second.append(pairs[1].ravel())
                    rows.append(binary.amounts[first[-1]] + integer.amounts[second[-1]] + stored)
        return np.concatenate(first), np.concatenate(second), np.concatenate(rows)

    @cached_property
    def _binary_matmuls(self) -> list[TileEnginesPass]:
        """Sizes of the engine with binary weights, with those forms that no other one is below."""
        engines = [each for each in self.reference.workload.engines if is_binary(each)]
        found: list[TileEnginesPass] = []
        for size in space.binary_sizes():
            tilings = [
                TileEnginesPass(binary_matmul=size, binary_form=form) for form in BINARY_FORMS
            ]
            rows = [as_amounts(Estimate(0, self._products(engines, each))) for each in tilings]
            found += Alternatives(tilings, np.array(rows)).undominated().tilings
        return found

    def _products(self, engines: Iterable[Engine], tiling: TileEnginesPass) -> Resources:
        choice, total = self._choice(tiling, 1), Resources()
        for each in engines:
            if isinstance(each, Matmul):
                total += products(each, choice)
        return total

    @cached_property
    def _matrices(self) -> dict[tuple[space.Storage, space.Storage], Amounts]:
        """What matrices take, by the engines' tiles; only where engines can share them."""
        found: dict[tuple[space.Storage, space.Storage], Amounts] = {}
        for own, its in space.storages():
            (outputs, tokens), (other_outputs, other_tokens) = own, its
            tiling = TileEnginesPass(
                binary_matmul=(outputs, 1, tokens), integer_matmul=(other_outputs, 1, other_tokens)
            )
            total = Resources()
            for each in self.reference.workload.matrices:
                total += matrix(each, self.reference.workload, self._choice(tiling, 1))
            found[own, its] = np.array(as_amounts(Estimate(0, total)))
        return found


def _by_storage(sizes: Sequence[tuple[int, ...]]) -> dict[space.Storage, list[int]]:
    """The numbers of sizes that store matrices alike."""
    found: dict[space.Storage, list[int]] = {}
    for number, (outputs, _, tokens) in enumerate(sizes):
        found.setdefault((outputs, tokens), []).append(number)
    return found
