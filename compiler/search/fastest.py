"""The fastest accelerator within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.search import space
from vaqf.compiler.search.closed_form import Choice, cost, matrix
from vaqf.compiler.search.reference import Estimate, Reference
from vaqf.compiler.search.workload import Attention, Engine, Matmul, Norm
from vaqf.passes.costs.resources import Resources
from vaqf.passes.tile_engines import TileEnginesPass

Amounts = NDArray[np.int64]
"""Cycles, and behind them resources of every kind, in the last dimension."""


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


@dataclass(frozen=True)
class Search:
    """The search among all accelerators for one model and width of activations."""

    reference: Reference

    def fastest(self, budget: Resources) -> Point | None:
        """The fastest accelerator within a budget; of several, that which takes least of it."""
        found = [self._fastest(lanes, budget) for lanes in space.VECTOR_LANES]
        return min(
            (point for point in found if point is not None),
            key=lambda point: (point.estimate.cycles, share(point.estimate.resources, budget)),
            default=None,
        )

    def _fastest(self, lanes: int, budget: Resources) -> Point | None:
        matmuls, others = self._matmuls(lanes), self._others(lanes)
        room = np.array(budget.amounts, dtype=np.int64)
        rest = np.array(as_amounts(self._rest), dtype=np.int64)
        # What does not fit by itself fits with nothing.
        alone = rest + others.amounts.min(axis=0)
        fitting = np.flatnonzero(np.all(matmuls.amounts[:, 1:] + alone[1:] <= room, axis=1))
        totals = matmuls.amounts[fitting, None] + others.amounts[None] + rest
        cycles = np.where(np.all(totals[..., 1:] <= room, axis=-1), totals[..., 0], NEVER)
        if not cycles.size or cycles.min() == NEVER:
            return None
        shares = (totals[..., 1:] / np.maximum(room, 1)).max(axis=-1)
        least = np.where(cycles == cycles.min(), shares, np.inf).argmin()
        first, second = divmod(int(least), len(others.tilings))
        best, other = matmuls.tilings[int(fitting[first])], others.tilings[second]
        tiling = replace(
            other,
            binary_matmul=best.binary_matmul,
            binary_form=best.binary_form,
            integer_matmul=best.integer_matmul,
        )
        count, *resources = (int(each) for each in totals[first, second])
        return Point(self._choice(tiling, lanes), Estimate(count, Resources(*resources)))

    @property
    def _rest(self) -> Estimate:
        return Estimate(self.reference.rest_cycles, self.reference.rest)

    def _choice(self, tiling: TileEnginesPass, lanes: int) -> Choice:
        return Choice(tiling, lanes, self.reference.word_bits)

    def _alternatives(
        self, lanes: int, wanted: Callable[[Engine], bool], tilings: Iterable[TileEnginesPass]
    ) -> Alternatives:
        """What some engines take with each tiling; with one when there are no such engines."""
        engines = [each for each in self.reference.workload.engines if wanted(each)]
        listed = list(tilings) if engines else [TileEnginesPass()]
        rows = [self._together(engines, self._choice(each, lanes)) for each in listed]
        return Alternatives(listed, np.array(rows, dtype=np.int64))

    def _together(self, engines: Iterable[Engine], choice: Choice) -> tuple[int, ...]:
        cycles, total = 0, Resources()
        for engine in engines:
            costs = cost(engine, choice)
            cycles += costs.frame(engine.calls)
            total += costs.resources + self.reference.control[engine.name]
        return as_amounts(Estimate(cycles, total))

    def _others(self, lanes: int) -> Alternatives:
        """Attention and LayerNorm."""
        attention = self._alternatives(
            lanes, lambda engine: isinstance(engine, Attention), space.attentions()
        ).undominated()
        norm = self._alternatives(
            lanes, lambda engine: isinstance(engine, Norm), space.norms()
        ).undominated()
        tilings = [
            replace(each, norm_tokens=other.norm_tokens)
            for each in attention.tilings
            for other in norm.tilings
        ]
        both = attention.amounts[:, None] + norm.amounts[None]
        return Alternatives(tilings, both.reshape(-1, both.shape[-1])).undominated()

    def _matmuls(self, lanes: int) -> Alternatives:
        """Linear layers, and the matrices of activations, whose memories depend on their tiles."""
        binary = self._alternatives(lanes, is_binary, space.binary_matmuls())
        integer = self._alternatives(lanes, is_integer, space.integer_matmuls())
        tilings: list[TileEnginesPass] = []
        rows: list[Amounts] = []
        for each, own in zip(binary.tilings, binary.amounts, strict=True):
            for other, its in zip(integer.tilings, integer.amounts, strict=True):
                tiling = replace(each, integer_matmul=other.integer_matmul)
                stored = self._matrices.get(space.matrix_key(tiling))
                if stored is not None:
                    tilings.append(tiling)
                    rows.append(own + its + stored)
        return Alternatives(tilings, np.array(rows))

    @cached_property
    def _matrices(self) -> dict[tuple[int, ...], Amounts]:
        """What matrices take, by all that it depends on; where engines can share them."""
        found: dict[tuple[int, ...], Amounts] = {}
        for tiling in space.matrix_tilings():
            total = Resources()
            for each in self.reference.workload.matrices:
                total += matrix(each, self.reference.workload, self._choice(tiling, 1))
            found[space.matrix_key(tiling)] = np.array(as_amounts(Estimate(0, total)))
        return found


NEVER = np.iinfo(np.int64).max
"""Cycles of what does not fit."""


def share(used: Resources, available: Resources) -> float:
    """The largest share of what is available that is used of any resource."""
    pairs = zip(used.amounts, available.amounts, strict=True)
    return max(amount / max(there, 1) for amount, there in pairs)
