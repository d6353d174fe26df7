"""The fastest accelerator within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.search import space
from vaqf.compiler.search.closed_form import Choice, cost, matrices, products
from vaqf.compiler.search.reference import Estimate, Reference
from vaqf.compiler.search.workload import Attention, Engine, Matmul, Member, Norm, Spent
from vaqf.dialects.accel.tiles import BINARY_FORMS
from vaqf.passes.costs.resources import Resources
from vaqf.passes.tile_engines import TileEnginesPass

Amounts = NDArray[np.int64]
"""Resources of every kind in the last dimension."""

Counts = NDArray[np.int64]
"""Numbers of alternatives, with a column for each call that they decide."""

NEVER = np.iinfo(np.int64).max
"""Cycles of what does not fit."""

COMPARED = 1 << 12
"""Pairs of engines for linear layers that are compared at once with all others."""


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

    def only(self, numbers: Sequence[int]) -> Alternatives:
        """Some of them."""
        return Alternatives(
            [self.tilings[number] for number in numbers],
            self.members,
            self.cycles[numbers],
            self.words[numbers],
            self.amounts[numbers],
        )


def is_linear(engine: Engine) -> bool:
    """Whether an engine computes linear layers."""
    return isinstance(engine, Matmul)


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
        first, second, amounts = self._together(binary, integer)
        room = np.array(self.budget.amounts)
        rest = np.array(self.reference.rest.amounts)
        # What does not fit by itself fits with nothing.
        alone = rest + others.amounts.min(axis=0)
        fitting = np.flatnonzero(np.all(amounts + alone <= room, axis=1))
        first, second, amounts = first[fitting], second[fitting], amounts[fitting]
        with_first, with_second = self._cycles(binary, others), self._cycles(integer, others)
        of_others = self._fixed_cycles + self._cycles(others)
        least = with_first.min(axis=1)[first] + with_second.min(axis=1)[second] + of_others.min()
        best: tuple[int, float, int, int] | None = None
        order = np.argsort(least, kind="stable")
        for pairs in np.split(order, range(COMPARED, len(order), COMPARED)):
            if not len(pairs) or (best is not None and least[pairs[0]] > best[0]):
                break
            cycles = with_first[first[pairs]] + with_second[second[pairs]] + of_others
            if best is not None:
                # All of a pair's combinations are slower than what is known.
                pairs = pairs[(possible := cycles.min(axis=1) <= best[0])]
                cycles = cycles[possible]
            totals = amounts[pairs, None] + others.amounts + rest
            cycles = np.where(np.all(totals <= room, axis=-1), cycles, NEVER)
            if not cycles.size or cycles.min() == NEVER:
                continue
            shares = (totals / np.maximum(room, 1)).max(axis=-1)
            found = int(np.where(cycles == cycles.min(), shares, np.inf).argmin())
            pair, other = divmod(found, len(others.tilings))
            candidate = (
                int(cycles[pair, other]),
                float(shares[pair, other]),
                int(pairs[pair]),
                other,
            )
            best = candidate if best is None else min(best, candidate)
        if best is None:
            return None
        count, _, pair, other = best
        matmul = binary.tilings[int(first[pair])]
        tiling = replace(
            others.tilings[other],
            binary_matmul=matmul.binary_matmul,
            binary_form=matmul.binary_form,
            integer_matmul=integer.tilings[int(second[pair])].integer_matmul,
        )
        resources = Resources(*map(int, amounts[pair] + others.amounts[other] + rest))
        frames = self.reference.workload.frames
        return Point(self._choice(tiling, lanes), Estimate(count, resources, frames))

    def _cycles(self, some: Alternatives, others: Alternatives | None = None) -> Counts:
        """
        Cycles of the slots in which the calls of some engines are, with each of their alternatives,
        and with each of those of other engines whose calls may be in the same slots.

        Without others: of those slots in which no engine for linear layers is.
        """
        columns = {member: number for number, member in enumerate(some.members)}
        beside = {} if others is None else {member: n for n, member in enumerate(others.members)}
        shape = (len(some.tilings), 1 if others is None else len(others.tilings))
        total = np.zeros(shape, np.int64)
        for slot in self.reference.workload.slots:
            own = [member for member in slot.members if member in columns]
            if not own or (
                others is None and any(member in self._linear for member in slot.members)
            ):
                continue
            longest, moved = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
            for member in slot.members:
                if member in columns:
                    at = slice(None), columns[member], None
                    cycles, words = some.cycles[at], some.words[at]
                elif others is not None and member in beside:
                    at = None, slice(None), beside[member]
                    cycles, words = others.cycles[at], others.words[at]
                else:
                    fixed = self.reference.fixed[member]
                    cycles, words = np.array(fixed.cycles), np.array(fixed.words)
                longest, moved = np.maximum(longest, cycles), moved + words
            total += slot.times * np.maximum(longest, self.reference.bandwidth.cycles(moved))
        return total if others is not None else total[:, 0]

    @cached_property
    def _fixed_cycles(self) -> int:
        """Cycles that no parameter changes."""
        fixed = self.reference.fixed
        return self.reference.rest_cycles + sum(
            slot.times * slot.cycles(fixed, self.reference.bandwidth)
            for slot in self.reference.workload.slots
            if all(member in fixed for member in slot.members)
        )

    @cached_property
    def _linear(self) -> set[Member]:
        """The calls of engines for linear layers."""
        engines = filter(is_linear, self.reference.workload.engines)
        return {(each.name, call.numbers) for each in engines for call in each.calls}

    def _choice(self, tiling: TileEnginesPass, lanes: int) -> Choice:
        reference = self.reference
        return Choice(tiling, lanes, reference.word_bits, self.budget.uram, reference.memory_bits)

    def _alternatives(
        self, lanes: int, wanted: Callable[[Engine], bool], tilings: Iterable[TileEnginesPass]
    ) -> Alternatives:
        """
        What some engines take with each tiling with which they fit into the budget; with one tiling
        when there are no such engines.
        """
        engines = [each for each in self.reference.workload.engines if wanted(each)]
        listed: list[TileEnginesPass] = []
        spent: list[dict[Member, Spent]] = []
        amounts: list[tuple[int, ...]] = []
        for tiling in tilings if engines else [TileEnginesPass()]:
            choice = self._choice(tiling, lanes)
            if not self._products(engines, tiling).fits(self.budget):
                continue
            members, total = dict[Member, Spent](), Resources()
            for engine in engines:
                costs = cost(engine, choice)
                members |= costs.members(engine)
                total += costs.resources + self.reference.control[engine.name]
            if total.fits(self.budget):
                listed.append(tiling)
                spent.append(members)
                amounts.append(total.amounts)
        names = tuple(spent[0]) if spent else ()
        shape = len(listed), len(names)
        cycles = [[each[name].cycles for name in names] for each in spent]
        words = [[each[name].words for name in names] for each in spent]
        return Alternatives(
            listed,
            names,
            np.array(cycles, np.int64).reshape(shape),
            np.array(words, np.int64).reshape(shape),
            np.array(amounts),
        )

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
            return Alternatives((), (), attention.cycles, attention.words, attention.amounts)
        norm = norm.undominated()
        pairs = list(product(range(len(attention.tilings)), range(len(norm.tilings))))
        first, second = (np.array(each) for each in zip(*pairs, strict=True))
        return Alternatives(
            [
                replace(attention.tilings[one], norm_tokens=norm.tilings[other].norm_tokens)
                for one, other in pairs
            ],
            (*attention.members, *norm.members),
            np.concatenate([attention.cycles[first], norm.cycles[second]], axis=1),
            np.concatenate([attention.words[first], norm.words[second]], axis=1),
            attention.amounts[first] + norm.amounts[second],
        ).undominated()

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
        of_integer = _by_storage(integer, [each.integer_matmul for each in integer.tilings])
        of_binary = _by_storage(binary, [each.binary_matmul for each in binary.tilings])
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
            rows = np.array([self._products(engines, each).amounts for each in tilings])
            none = np.zeros((len(tilings), 0), np.int64)
            found += Alternatives(tilings, (), none, none, rows).undominated().tilings
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
            total = matrices(self.reference.workload, self._choice(tiling, 1))
            found[own, its] = np.array(total.amounts)
        return found


def _by_storage(
    some: Alternatives, sizes: Sequence[tuple[int, ...]]
) -> dict[space.Storage, list[int]]:
    """The numbers of sizes that store matrices alike, of those that are worth anything."""
    groups: dict[space.Storage, list[int]] = {}
    for number, (outputs, _, tokens) in enumerate(sizes):
        groups.setdefault((outputs, tokens), []).append(number)
    numbers = {id(tiling): number for number, tiling in enumerate(some.tilings)}
    return {
        storage: [numbers[id(each)] for each in some.only(members).undominated().tilings]
        for storage, members in groups.items()
    }
