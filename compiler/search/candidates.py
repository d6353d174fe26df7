"""The parameters of each kind of engine that are tried for a model, and what they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil, lcm

import numpy as np

from vaqf.compiler.search import space
from vaqf.compiler.search.alternatives import Alternatives, Amounts, Counts, Groups
from vaqf.compiler.search.closed_form import (
    Choice,
    Sizes,
    are_many,
    attention_cycles,
    attention_storage,
    attention_units,
    calls_of,
    matmul_cycles,
    matmul_units,
    matrices,
    norm_cycles,
    products,
    resources_of,
    scaling_lane,
    scaling_lanes,
    table,
    tables,
)
from vaqf.compiler.search.reference import Reference
from vaqf.compiler.search.workload import (
    Attention,
    Engine,
    Loading,
    Matmul,
    Member,
    Norm,
    Patches,
    Pooling,
    Storing,
)
from vaqf.dialects.accel.tiles import BINARY_FORMS
from vaqf.passes.costs.resources import Resources
from vaqf.passes.parallel_access import PORTS, words_of
from vaqf.passes.tile_engines import TileEnginesPass

KINDS = len(Resources.kinds())

LUT, DSP = map(Resources.kinds().index, ("lut", "dsp"))
"""Columns of amounts."""

ONLY_BLOCK_RAMS = np.array([kind == "bram18" for kind in Resources.kinds()], np.int64)
"""A mask of the kinds."""

TOO_MUCH = np.full(KINDS, 1 << 40)
"""Of every kind, more than any device has."""

Key = tuple[object, ...]
"""All that something depends on."""


def smallest(lanes: int) -> TileEnginesPass:
    """Sizes of engines for linear layers that there are none of: they make nothing larger."""
    size = lanes, 1, 1
    return TileEnginesPass(lanes=lanes, binary_matmul=size, integer_matmul=size)


@dataclass(frozen=True)
class Kind:
    """
    Engines that have their parameters in common, for one model and board.

    Cycles are cheap to compute, and resources are not: `sketches` have what engines take at least,
    `exact` all of it.
    """

    reference: Reference

    uram: int
    """UltraRAMs that matrices of activations may take."""

    engines: Sequence[Engine]

    known: dict[Key, Resources] = field(default_factory=dict[Key, Resources])
    """Of parameters that were asked for."""

    def choice(self, tiling: TileEnginesPass, vector_lanes: int = 1) -> Choice:
        """Parameters of an accelerator on the board."""
        reference = self.reference
        return Choice(tiling, vector_lanes, reference.word_bits, self.uram, reference.memory_bits)

    def sketches(
        self, tilings: Sequence[TileEnginesPass], vector_lanes: int, amounts: Amounts | None = None
    ) -> Alternatives:
        """
        Parameters with the cycles of all calls.

        Args:
            tilings: of which those parameters matter that concern these engines; all have the same
                lanes.
            vector_lanes: of vector units.
            amounts: what is taken at least.
        """
        slots = self.reference.workload.slots
        cycles = np.zeros((len(tilings), len(slots)), np.int64)
        words, has_calls = np.zeros_like(cycles), np.zeros(len(slots), bool)
        spent = self.spent(tilings, self.choice(tilings[0], vector_lanes))
        for column, slot in enumerate(slots):
            for member in slot.members:
                if member in spent:
                    own, moved = spent[member]
                    cycles[:, column] = np.maximum(cycles[:, column], own)
                    words[:, column] += moved
                    has_calls[column] = True
        if amounts is None:
            amounts = np.zeros((len(tilings), KINDS), np.int64)
        return Alternatives(has_calls, cycles, words, amounts, tilings)

    def spent(
        self, tilings: Sequence[TileEnginesPass], choice: Choice
    ) -> Mapping[Member, tuple[Counts, Counts | int]]:
        """Cycles and words of each call, with each tiling, and with `choice` of all else."""
        return {
            (engine.name, call.numbers): (np.full(len(tilings), each.cycles), each.words)
            for engine in self.engines
            for call, each in zip(engine.calls, calls_of(engine, choice), strict=True)
        }

    def key(self, tiling: TileEnginesPass, vector_lanes: int) -> Key:
        """What of parameters makes a difference."""
        return tiling, vector_lanes

    def exact(self, sketched: Alternatives, vector_lanes: int) -> Alternatives:
        """Sketches with all that they take."""
        amounts = np.zeros((len(sketched.tilings), KINDS), np.int64)
        for row, tiling in enumerate(sketched.tilings):
            key = self.key(tiling, vector_lanes)
            if key not in self.known:
                choice, control = self.choice(tiling, vector_lanes), self.reference.control
                every = (resources_of(each, choice) + control[each.name] for each in self.engines)
                self.known[key] = sum(every, Resources())
            amounts[row] = self.known[key].amounts
        return replace(sketched, amounts=amounts)


@dataclass(frozen=True)
class LinearLayers(Kind):
    """Engines for linear layers with weights of the same kind."""

    engines: Sequence[Matmul]

    known_products: dict[Key, Resources] = field(default_factory=dict[Key, Resources])

    @property
    def is_binary(self) -> bool:
        """Whether weights have one bit."""
        return bool(self.engines) and self.engines[0].weight_bits == 1

    def _sizes(self, tilings: Sequence[TileEnginesPass]) -> Sizes:
        if self.is_binary:
            every = [each.binary_matmul for each in tilings]
        else:
            every = [each.integer_matmul for each in tilings]
        outputs, inputs, tokens = np.array(every, np.int64).T
        return Sizes(outputs, inputs, tokens)

    def spent(
        self, tilings: Sequence[TileEnginesPass], choice: Choice
    ) -> Mapping[Member, tuple[Counts, Counts | int]]:
        """Cycles and words of each call."""
        sizes = self._sizes(tilings)
        return {
            (each.name, numbers): both
            for each in self.engines
            for numbers, both in matmul_cycles(each, sizes, choice).items()
        }

    def with_vector_lanes(self, sketched: Alternatives, vector_lanes: int) -> Alternatives:
        """Sketches for some vector lanes, with what these take."""
        tilings, amounts = sketched.tilings, sketched.amounts.copy()
        sizes, choice = self._sizes(tilings), self.choice(tilings[0], vector_lanes)
        for each in self.engines:
            amounts[:, LUT] += scaling_lanes(each, sizes, choice) * scaling_lane(each).lut
        return self.sketches(tilings, vector_lanes, amounts)

    def exact(self, sketched: Alternatives, vector_lanes: int) -> Alternatives:
        """Sketches with all that they take."""
        tilings = sketched.tilings
        sizes, choice = self._sizes(tilings), self.choice(tilings[0], vector_lanes)
        amounts = np.array([self._units(each) for each in tilings], np.int64)
        for each in self.engines:
            lanes, copies = scaling_lanes(each, sizes, choice), tables(each, sizes, choice)
            amounts += np.multiply.outer(lanes, scaling_lane(each).amounts)
            amounts += np.multiply.outer(copies, table(each).amounts)
        return replace(sketched, amounts=amounts)

    def _units(self, tiling: TileEnginesPass) -> tuple[int, ...]:
        """What does not depend on vector lanes."""
        key = tiling.binary_matmul, tiling.integer_matmul, tiling.binary_form
        if key not in self.known:
            choice, control = self.choice(tiling), self.reference.control
            every = (matmul_units(each, choice) + control[each.name] for each in self.engines)
            self.known[key] = sum(every, Resources())
        return self.known[key].amounts

    def products(self, tiling: TileEnginesPass) -> Resources:
        """What multiplies and adds."""
        key = tiling.binary_matmul, tiling.integer_matmul, tiling.binary_form
        if key not in self.known_products:
            choice = self.choice(tiling)
            every = (products(each, choice) for each in self.engines)
            self.known_products[key] = sum(every, Resources())
        return self.known_products[key]


@dataclass(frozen=True)
class BinaryLayers(LinearLayers):
    """Engines for linear layers with weights of one bit."""

    known_luts: dict[int, float] = field(default_factory=dict[int, float])
    known_forms: dict[space.Size, tuple[str, ...]] = field(
        default_factory=dict[space.Size, tuple[str, ...]]
    )

    def all(self, lanes: int) -> tuple[Sequence[TileEnginesPass], Amounts]:
        """All sizes, in no form yet, and what they take at least."""
        tilings = space.binary_matmuls(space.results_of(self.engines), lanes)
        amounts = np.zeros((len(tilings), KINDS), np.int64)
        if self.engines:
            sizes = self._sizes(tilings)
            least = {each: self._least_luts(each) for each in space.divisors(lanes)}
            one = np.array([least[each] for each in sizes.inputs.tolist()])
            amounts[:, LUT] = one * sizes.outputs * sizes.inputs * sizes.tokens
        return tilings, amounts

    def _least_luts(self, inputs: int) -> float:
        """
        LUTs of a product at least, with so many input channels: those of the largest engine, which
        shares most.
        """
        if inputs not in self.known_luts:
            outputs, tokens = space.MOST_OUTPUTS, space.MOST_TOKENS
            size = outputs, inputs, tokens
            luts = min(
                self.products(TileEnginesPass(binary_matmul=size, binary_form=form)).lut
                for form in BINARY_FORMS
            )
            self.known_luts[inputs] = luts / (outputs * inputs * tokens)
        return self.known_luts[inputs]

    def in_forms(self, sketched: Alternatives) -> Alternatives:
        """Each size in those forms that no other form is below."""
        if not self.engines:
            return sketched
        numbers = [
            (number, form)
            for number, each in enumerate(sketched.tilings)
            for form in self._forms(each)
        ]
        tilings = [replace(sketched.tilings[each], binary_form=form) for each, form in numbers]
        return replace(sketched.only([number for number, _ in numbers]), tilings=tilings)

    def _forms(self, tiling: TileEnginesPass) -> tuple[str, ...]:
        _, inputs, tokens = tiling.binary_matmul
        size = tiling.binary_matmul[0], inputs, tokens
        if size not in self.known_forms:
            taken: dict[str, Resources] = {}
            for form in BINARY_FORMS:
                own = self.products(replace(tiling, binary_form=form))
                if not any(each.fits(own) for each in taken.values()):
                    kept = {name: each for name, each in taken.items() if not own.fits(each)}
                    taken = kept | {form: own}
            self.known_forms[size] = tuple(taken)
        return self.known_forms[size]


@dataclass(frozen=True)
class IntegerLayers(LinearLayers):
    """Engines for linear layers with wider weights."""

    def all(self, lanes: int) -> tuple[Sequence[TileEnginesPass], Amounts]:
        """All sizes, and what they take at least."""
        tilings = space.integer_matmuls(space.results_of(self.engines), lanes)
        amounts = [self.products(each).amounts for each in tilings]
        return tilings, np.array(amounts, np.int64)


@dataclass(frozen=True)
class Attentions(Kind):
    """Engines for attention."""

    engines: Sequence[Attention]

    known_bounds: dict[Key, Alternatives] = field(default_factory=dict[Key, Alternatives])

    def words(self, lanes: int) -> tuple[int, ...]:
        """Cycles that a head's part of a token takes, which is all that lanes matter for."""
        depths = [each.channels // each.heads for each in self.engines]
        return tuple(ceil(words_of(depth, lanes) / PORTS) for depth in depths)

    def all(self, lanes: int, *, is_few: bool) -> Alternatives:
        """
        All parameters. With the same keys, more queries are kept only where they are faster than
        all fewer ones, which take less.
        """
        key = is_few, self.words(lanes)
        if key not in self.known_bounds:
            every = list(space.attentions(self.engines, is_few=is_few))
            tilings = [
                TileEnginesPass(lanes=lanes, keys=keys, queries=queries) for keys, queries in every
            ]
            sketched = self.sketches(tilings, 1)
            fastest: dict[int, int] = {}
            kept: list[int] = []
            for number in sorted(range(len(every)), key=lambda each: every[each][1]):
                keys, cycles = every[number][0], int(sketched.cycles[number].sum())
                if cycles < fastest.get(keys, cycles + 1):
                    fastest[keys] = cycles
                    kept.append(number)
            sketched = sketched.only(sorted(kept))
            multipliers = {keys: self._multipliers(lanes, keys) for keys in fastest}
            sketched.amounts[:, DSP] = [multipliers[each.keys] for each in sketched.tilings]
            self.known_bounds[key] = sketched
        return self.known_bounds[key]

    def _multipliers(self, lanes: int, keys: int) -> int:
        """DSPs that so many keys take at least, whatever the queries."""
        tiling = TileEnginesPass(lanes=lanes, keys=keys, queries=space.FEW_QUERIES[0])
        packed = replace(tiling, pack_values=True)
        return min(self._units(each, self.words(lanes)).dsp for each in (tiling, packed))

    def spent(
        self, tilings: Sequence[TileEnginesPass], choice: Choice
    ) -> Mapping[Member, tuple[Counts, Counts | int]]:
        """Cycles and words of each call."""
        keys = np.array([each.keys for each in tilings], np.int64)
        queries = np.array([each.queries for each in tilings], np.int64)
        found: dict[Member, tuple[Counts, Counts | int]] = {}
        for engine in self.engines:
            cycles, moved = attention_cycles(engine, keys, queries, choice)
            for call in engine.calls:
                found[engine.name, call.numbers] = cycles[call.numbers[1] or engine.heads], moved
        return found

    def exact(self, sketched: Alternatives, vector_lanes: int) -> Alternatives:
        """Sketches with all that they take: vector lanes take nothing."""
        amounts = np.zeros((len(sketched.tilings), KINDS), np.int64)
        if sketched.tilings:
            words = self.words(sketched.tilings[0].lanes)
            for row, each in enumerate(sketched.tilings):
                amounts[row] = self._units(each, words).amounts
                amounts[row] += self._storage(each, words).amounts
        return replace(sketched, amounts=amounts)

    def _units(self, tiling: TileEnginesPass, words: tuple[int, ...]) -> Resources:
        """What computes: of queries, whether they are many is all that matters."""
        key = tiling.keys, tiling.pack_values, are_many(tiling.queries), words
        if key not in self.known:
            choice = self.choice(tiling)
            every = (attention_units(each, choice) for each in self.engines)
            self.known[key] = sum(every, Resources())
        return self.known[key]

    def _storage(self, tiling: TileEnginesPass, words: tuple[int, ...]) -> Resources:
        """What keeps queries, keys and values, with loops and indices."""
        key = tiling.keys, tiling.queries, words
        if key not in self.known:
            choice, control = self.choice(tiling), self.reference.control
            every = (attention_storage(each, choice) + control[each.name] for each in self.engines)
            self.known[key] = sum(every, Resources())
        return self.known[key]

    def exact_with(self, lanes: int, bounds: Alternatives) -> Alternatives:
        """Those of bounds with all that they take: packed values or not."""
        numbers = [*range(len(bounds.tilings))] * 2
        tilings = [
            replace(each, lanes=lanes, pack_values=pack)
            for pack in (False, True)
            for each in bounds.tilings
        ]
        return self.exact(replace(bounds.only(numbers), tilings=tilings), 1)


@dataclass(frozen=True)
class Norms(Kind):
    """Engines for LayerNorm."""

    engines: Sequence[Norm]

    def all(self, lanes: int, *, is_few: bool) -> list[TileEnginesPass]:
        """All parameters."""
        every = space.norms(self.engines, lanes, is_few=is_few)
        return [TileEnginesPass(lanes=lanes, norm_tokens=tokens) for tokens in every]

    def spent(
        self, tilings: Sequence[TileEnginesPass], choice: Choice
    ) -> Mapping[Member, tuple[Counts, Counts | int]]:
        """Cycles and words of each call."""
        tokens = np.array([each.norm_tokens for each in tilings], np.int64)
        found: dict[Member, tuple[Counts, Counts | int]] = {}
        for engine in self.engines:
            cycles, moved = norm_cycles(engine, tokens, choice)
            for call in engine.calls:
                found[engine.name, call.numbers] = cycles[call.numbers[0]], moved
        return found

    def key(self, tiling: TileEnginesPass, vector_lanes: int) -> Key:
        """Of vector lanes, the turns of a word are all that matters."""
        return tiling.norm_tokens, tiling.lanes, ceil(tiling.lanes / vector_lanes)


@dataclass(frozen=True)
class Candidates:
    """All kinds of engines of one model, beside so many UltraRAMs."""

    binary: BinaryLayers
    integer: IntegerLayers
    attention: Attentions
    norm: Norms

    once: Kind
    """What is done once, which has no parameters of its own."""

    reference: Reference

    known_groups: dict[Key, Groups] = field(default_factory=dict[Key, Groups])
    known_matrices: dict[Key, Amounts] = field(default_factory=dict[Key, Amounts])
    known_least: dict[Key, Amounts] = field(default_factory=dict[Key, Amounts])

    @staticmethod
    def of(reference: Reference, uram: int) -> Candidates:
        """Those of a model."""
        engines = reference.workload.engines
        linear = [each for each in engines if isinstance(each, Matmul)]
        attentions = [each for each in engines if isinstance(each, Attention)]
        norms = [each for each in engines if isinstance(each, Norm)]
        others = [
            each for each in engines if isinstance(each, Patches | Pooling | Loading | Storing)
        ]
        binary = [each for each in linear if each.weight_bits == 1]
        integer = [each for each in linear if each.weight_bits != 1]
        return Candidates(
            BinaryLayers(reference, uram, binary),
            IntegerLayers(reference, uram, integer),
            Attentions(reference, uram, attentions),
            Norms(reference, uram, norms),
            Kind(reference, uram, others),
            reference,
        )

    @cached_property
    def lanes(self) -> tuple[int, ...]:
        """Channels of a word that are tried, in their order."""
        channels = [each.channels for each in self.norm.engines]
        return space.lanes(channels)

    def all(self, lanes: int, *, is_few: bool) -> Groups:
        """
        Sketches of all engines, with the most vector lanes.

        Args:
            lanes: channels of a word.
            is_few: whether only the parameters that come first are wanted.
        """
        if (lanes, is_few) not in self.known_groups:
            self.known_groups[lanes, is_few] = self._all(lanes, is_few=is_few)
        return self.known_groups[lanes, is_few]

    def _all(self, lanes: int, *, is_few: bool) -> Groups:
        vector_lanes = max(space.VECTOR_LANES)
        sizes, least = self.binary.all(lanes)
        binary = self.binary.sketches(sizes, vector_lanes, least)
        sizes, least = self.integer.all(lanes)
        integer = self.integer.sketches(sizes, vector_lanes, least)
        if is_few:
            binary = binary.where(lambda each: space.comes_first(each.binary_matmul, lanes))
            integer = integer.where(lambda each: space.comes_first(each.integer_matmul, lanes))
        norms = self.norm.all(lanes, is_few=is_few)
        return Groups(
            binary,
            integer,
            self.attention.all(lanes, is_few=is_few),
            self.norm.sketches(norms, vector_lanes),
            self.once.exact(self.once.sketches([smallest(lanes)], 1), 1),
        )

    def with_matrices(self, binary: Alternatives) -> Alternatives:
        """Binary engines with what matrices of activations take at least beside them."""
        if not binary.tilings:
            return binary
        return replace(binary, amounts=binary.amounts + self.least_matrices(binary))

    def least_matrices(self, binary: Alternatives) -> Amounts:
        """
        Block RAMs that matrices of activations take at least, by the sizes of binary engines.

        More words of a token, as wider integer engines may need, do not make a memory smaller.
        """
        lanes = binary.tilings[0].lanes
        return np.array(
            [self._least(lanes, space.storage_of(each.binary_matmul)) for each in binary.tilings],
            np.int64,
        )

    def _least(self, lanes: int, own: space.Storage) -> Amounts:
        if (lanes, own) not in self.known_least:
            every = [
                self.matrices(lanes, own, (lanes, its))
                for its in range(1, space.MOST_INTEGER_TOKENS + 1)
            ]
            self.known_least[lanes, own] = np.min(every, axis=0) * ONLY_BLOCK_RAMS
        return self.known_least[lanes, own]

    def matrices(self, lanes: int, own: space.Storage, its: space.Storage) -> Amounts:
        """
        What matrices of activations take, by the sizes of both kinds of engines; more than there is
        of anything where they cannot share them.
        """
        if not space.share_matrices(own, its):
            return TOO_MUCH
        # Of outputs, what both engines divide is all that matters.
        key = lanes, lcm(own[0], its[0]), own[1], its[1]
        if key not in self.known_matrices:
            tiling = TileEnginesPass(
                lanes=lanes,
                binary_matmul=(own[0], 1, own[1]),
                integer_matmul=(its[0], 1, its[1]),
            )
            choice = self.once.choice(tiling)
            total = matrices(self.reference.workload, choice)
            self.known_matrices[key] = np.array(total.amounts)
        return self.known_matrices[key]
