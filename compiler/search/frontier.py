"""The fastest accelerator for every width of activations."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import repeat
from math import inf
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.board import Board
from vaqf.compiler.compilation import compile_file, run_stages
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pipeline import Level, Options, Stage, passes_of, stages
from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.combination import Point
from vaqf.compiler.search.fastest import Search
from vaqf.compiler.search.limit import MEMORY
from vaqf.compiler.search.reference import Reference
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.costs.resources import Resources
from vaqf.passes.quantize_activations import QuantizeActivationsPass

WIDTHS = range(16, 0, -1)
"""Of activations, the widest first."""

REFERENCES = {8: range(15, 7, -1), 7: range(7, 1, -1), 16: (16,), 1: (1,)}
"""The widths at which a model is lowered, and those that are computed from each."""

FEW_BITS = 8
"""The width from which on it is tried at each whether one frame at a time is faster than two."""

PROCESSES = 2
"""
Processes that search at the same time: more would have too little to do. They collect no garbage:
what they make is small and needed, and looking for more of it would take a quarter of their time.
"""

SURE_SHARE = 0.995
"""The share of LUTs that is filled: how many rounding takes follows from measured ranges."""

MUCH_MORE = 8
"""Times a budget that is enough for some accelerator."""

TOGETHER = " + "
"""Between kinds of resources that bind together."""

HARDLY_USED = 0.9
"""The share of a budget below which a tenth more of it is of no use: as much is left over."""


def budget_of(board: Board) -> Resources:
    """What a design can use of a board."""
    there, usable = board.resources, board.usable
    return Resources(
        lut=int(there.lut * usable.lut),
        ff=int(there.ff * usable.ff),
        dsp=int(there.dsp * usable.dsp),
        bram18=int(2 * there.bram36 * usable.bram36),
        uram=int(there.uram * usable.uram),
    )


@dataclass(frozen=True)
class Found:
    """What was found for one width."""

    bits: int
    """Width of activations."""

    reference: Reference
    """From which accelerators of that width are computed."""

    point: Point | None
    """The fastest accelerator; None when none fits."""

    attention_bits: int | None = None
    """Width of queries, keys and values, where it is another one."""

    @property
    def name(self) -> str:
        """The widths, for people."""
        if self.attention_bits is None:
            return str(self.bits)
        return f"{self.bits}/{self.attention_bits}"

    @property
    def cycles(self) -> float:
        """Cycles of a frame; infinite when nothing fits."""
        return inf if self.point is None else self.point.estimate.cycles_of_frame

    @property
    def frames(self) -> int:
        """How many frames a call computes."""
        return self.reference.workload.frames


@lru_cache(maxsize=1)
def float_model(model: Path, options: Options) -> tuple[ModelFile, ModuleOp]:
    """
    A model before activations have widths, which processes that are forked later have as well.

    Args:
        model: the ONNX file.
        options: as `of_weights` leaves them.
    """
    file = ModelFile.open(model)
    before = before_widths(replace(options, assume_ranges=True))
    with searching_models(ModelSearch(override=file.path, opened={file.path: file})):
        return file, compile_file(file, str(model), before, is_verified=False)


@contextmanager
def without_collection() -> Generator[None]:
    """Let no garbage be collected meanwhile: looking for it takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def before_widths(options: Options) -> Sequence[Stage]:
    """What comes before activations have widths."""
    passes = passes_of(stages(options))
    names = [each.name for each in passes]
    return [Stage("float", Level.VIT, passes[: names.index(QuantizeActivationsPass.name)])]


def _after_widths(options: Options) -> Sequence[Stage]:
    """What follows, down to shared engines."""
    passes = passes_of(stages(replace(options, assume_ranges=True)))
    names = [each.name for each in passes]
    first, last = names.index(QuantizeActivationsPass.name), names.index(options.tiling.name)
    return [Stage("shared", Level.ACCEL, passes[first:last])]


def of_weights(options: Options) -> Options:
    """Options that differ only where weights, or what comes before them, do."""
    rules = tuple(each for each in options.rules if each.weight_bits is not None)
    return Options(weight_bits=options.weight_bits, calibration=options.calibration, rules=rules)


def reference_for(model: Path, options: Options, bits: int) -> Reference:
    """
    The reference for a width, and the frames of the options. Ranges of activations are assumed.

    Raises:
        UserError: when the model cannot be compiled.
    """
    of_model = replace(options, activation_bits=bits, word_bits=Options.word_bits, memory_bits=None)
    lowered = shared_engines(model, of_model)
    return Reference.of(lowered, options.word_bits, options.memory_bits)


@lru_cache(maxsize=4)
def shared_engines(model: Path, options: Options) -> ModuleOp:
    """A model down to shared engines, of which nothing depends on the board."""
    file, module = float_model(model, of_weights(options))
    lowered = module.clone()
    with searching_models(ModelSearch(override=file.path, opened={file.path: file})):
        run_stages(lowered, _after_widths(options), lambda _: None, is_verified=False)
    return lowered


def by_frames(frames: int | None) -> tuple[int, ...]:
    """
    How many frames a call may compute, in the order that is tried.

    Args:
        frames: what the user wants; None for either.
    """
    return (2, 1) if frames is None else (frames,)


def lowered_at(bits: int) -> int:
    """The width of the reference from which a width is computed."""
    return next(here for here, others in REFERENCES.items() if bits in others)


def fastest_at(
    reference: Reference,
    here: int,
    widths: Mapping[int, float],
    budget: Resources,
    hint: Choice | None = None,
) -> list[Found]:
    """
    The fastest accelerators for some widths, given the reference for another one.

    Args:
        reference: of the model.
        here: its width.
        widths: with cycles of a frame that are fast enough. What is good for one is for the next.
        budget: what an accelerator can take.
        hint: parameters that may be good for the first.
    """
    every: list[Found] = []
    for bits, most in widths.items():
        own = reference.at(here, bits)
        point = fastest_within(own, budget, most, hint)
        hint = hint if point is None else point.choice
        every.append(Found(bits, own, point))
    return every


def fastest_within(
    reference: Reference,
    budget: Resources,
    most: float = inf,
    hint: Choice | None = None,
) -> Point | None:
    """
    The fastest accelerator that surely fits; None when none does.

    Args:
        reference: of the model.
        budget: what an accelerator can take.
        most: cycles of a frame that are fast enough.
        hint: parameters that may be good.
    """
    return Search(reference, surely(budget)).fastest(hint, most * reference.workload.frames)


def surely(budget: Resources) -> Resources:
    """What of a budget is filled, so that measured ranges in place of assumed ones still fit."""
    return replace(budget, lut=int(budget.lut * SURE_SHARE), ff=int(budget.ff * SURE_SHARE))


@dataclass(frozen=True)
class Frontier:
    """The fastest accelerators for a model on a board."""

    found: tuple[Found, ...]
    """For every width, from the widest."""

    budget: Resources

    def binds(self, found: Found) -> str | None:
        """
        The kind of resource of which a tenth more makes an accelerator fastest, or `memory` where
        that is the rate of the memory outside of the device. Where more of one alone does not
        help, those of which more of all does, with `TOGETHER` between them; None without these.

        Where no accelerator fits, the kind of which there is too little whatever there is of the
        others; None when that is true of none.
        """
        if found.point is None:
            others = self.budget * MUCH_MORE
            for kind, amount in self.budget.named().items():
                if fastest_within(found.reference, replace(others, **{kind: amount})) is None:
                    return kind
            return None
        used = found.point.estimate.resources.named()
        more = {
            kind: (found.reference, replace(self.budget, **{kind: amount + max(amount // 10, 1)}))
            for kind, amount in self.budget.named().items()
            if used[kind] >= HARDLY_USED * amount
        }
        if (bits := found.reference.memory_bits) is not None:
            quicker = replace(found.reference, memory_bits=bits + max(bits // 10, 1))
            more[MEMORY] = quicker, self.budget
        before, point = found.cycles, found.point
        with ProcessPoolExecutor(PROCESSES, initializer=gc.disable) as pool:
            faster = pool.map(
                _faster_within,
                *zip(*more.values(), strict=True),
                repeat(before),
                repeat(point.choice),
            )
            cycles = dict(zip(more, faster, strict=True))
        if min(cycles.values()) < before:
            return min(cycles, key=lambda kind: cycles[kind])
        there = self.budget.named()
        short = {kind: there[kind] for kind in more if kind != MEMORY and there[kind]}
        roomier = {kind: amount + max(amount // 10, 1) for kind, amount in short.items()}
        budget = replace(self.budget, **roomier)
        together = _faster_within(found.reference, budget, before, point.choice)
        return TOGETHER.join(short) if together < before else None


def _faster_within(reference: Reference, budget: Resources, before: float, hint: Choice) -> float:
    """Cycles of a frame of an accelerator with a larger budget; as before where that is no use."""
    frames = reference.workload.frames
    point = fastest_within(reference, budget, (before * frames - 1) / frames, hint)
    return before if point is None else point.estimate.cycles_of_frame


def frontier_of(
    model: Path,
    options: Options,
    budget: Resources,
    tell: Callable[[Found], None],
    widths: Sequence[int] = WIDTHS,
    frames: int | None = None,
) -> Frontier:
    """
    Search every width, in several processes.

    Args:
        model: the ONNX file.
        options: what is decided already; the width of activations and the sizes are not.
        budget: what an accelerator can take.
        tell: called with what is found, as soon as it is known.
        widths: of activations.
        frames: how many a call computes; None for one or two, whichever is faster.

    Raises:
        UserError: when the model cannot be compiled.
        ReportError: as well, with all reasons.
    """
    # Rules have widths of their own, which must not follow that of all others.
    references = {bits: (bits,) for bits in widths} if options.rules else REFERENCES
    with without_collection():
        float_model(model, of_weights(options))
    with ProcessPoolExecutor(PROCESSES, initializer=gc.disable) as pool:
        finder = _Finder(pool, model, options, budget, references, tell)
        first, *others = by_frames(frames)
        try:
            found = finder.find(first, dict.fromkeys(widths, inf))
            for count in others:
                for tried in (of_many_bits, of_few_bits):
                    most = {bits: found[bits].cycles for bits in tried(found)}
                    hint = next((each.choice for each in points_of(found)), None)
                    for bits, other in finder.find(count, most, hint).items():
                        found[bits] = min(found[bits], other, key=lambda each: each.cycles)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for each in found.values():
        if not is_done(each):
            tell(each)
    return Frontier(tuple(sorted(found.values(), key=lambda each: -each.bits)), budget)


def points_of(found: Mapping[int, Found]) -> list[Point]:
    """The accelerators that are known, the widest first."""
    points = (found[bits].point for bits in sorted(found, reverse=True))
    return [point for point in points if point is not None]


def of_many_bits(found: Mapping[int, Found]) -> list[int]:
    """Widths at which one frame at a time can be faster: two of them need more memory."""
    return [bits for bits in found if bits >= FEW_BITS]


def of_few_bits(found: Mapping[int, Found]) -> list[int]:
    """
    Narrower widths at which one frame at a time can be faster: none when two are faster at the
    width before these, since what two of them need more becomes less with each bit.
    """
    narrow = [bits for bits in found if bits < FEW_BITS]
    before = min((bits for bits in found if bits >= FEW_BITS), default=None)
    if before is None or not is_done(found[before]) or found[before].frames == 1:
        return narrow
    return [bits for bits in narrow if not is_done(found[bits])]


@dataclass
class _Finder:
    """Searches with several processes."""

    pool: ProcessPoolExecutor
    model: Path
    options: Options
    budget: Resources
    widths_of: Mapping[int, Sequence[int]]
    """The widths that are computed from each reference."""

    tell: Callable[[Found], None]
    """Called with every accelerator that is found."""

    references: dict[tuple[int, int], Reference] = field(
        default_factory=dict[tuple[int, int], Reference]
    )
    """By frames and width."""

    def find(
        self, frames: int, widths: Mapping[int, float], hint: Choice | None = None
    ) -> dict[int, Found]:
        """
        The fastest accelerator for each of some widths.

        Args:
            frames: how many a call computes.
            widths: with cycles of a frame that are fast enough.
            hint: parameters that may be good.
        """
        wanted = {
            here: {bits: widths[bits] for bits in others if bits in widths}
            for here, others in self.widths_of.items()
        }
        options = replace(self.options, frames=frames)
        lowering = {
            self.pool.submit(reference_for, self.model, options, here): here
            for here, others in wanted.items()
            if others and (frames, here) not in self.references
        }
        searching: list[Future[list[Found]]] = []

        def search(here: int) -> None:
            reference, every = self.references[frames, here], list(wanted[here].items())
            for number in range(PROCESSES):
                if some := every[number::PROCESSES]:
                    future = self.pool.submit(
                        fastest_at, reference, here, dict(some), self.budget, hint
                    )
                    searching.append(future)

        for here, others in wanted.items():
            if others and (frames, here) in self.references:
                search(here)
        for future in as_completed(lowering):
            self.references[frames, lowering[future]] = future.result()
            search(lowering[future])
        found: dict[int, Found] = {}
        for future in as_completed(searching):
            for each in future.result():
                found[each.bits] = each
                if is_done(each):
                    self.tell(each)
        return found


def is_done(found: Found | None) -> bool:
    """Whether an accelerator is known."""
    return found is not None and found.point is not None
