"""The fastest accelerator for every width of activations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path

from vaqf.compiler.board import Board
from vaqf.compiler.pipeline import Options
from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.combination import Point
from vaqf.compiler.search.found import Found, fastest_within
from vaqf.compiler.search.lowered import float_model, of_weights, reference_for
from vaqf.compiler.search.processes import processes, without_collection
from vaqf.compiler.search.reference import Reference
from vaqf.passes.costs.resources import Resources

WIDTHS = range(16, 0, -1)
"""Of activations, the widest first."""

REFERENCES = {8: range(15, 7, -1), 7: range(7, 1, -1), 16: (16,), 1: (1,)}
"""The widths at which a model is lowered, and those that are computed from each."""

FEW_BITS = 8
"""The width from which on it is tried at each whether one frame at a time is faster than two."""

TOGETHER = 6
"""Widths that a process searches one after the other at most: each helps to find the next."""


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


@dataclass(frozen=True)
class Frontier:
    """The fastest accelerators for a model on a board."""

    found: tuple[Found, ...]
    """For every width, from the widest."""

    budget: Resources


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
    with processes() as pool:
        finder = _Finder(pool, model, options, budget, references, by_frames(frames), tell)
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

    counts: tuple[int, ...]
    """How many frames a call may compute."""

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
        lowering = {
            self.pool.submit(
                references_for, self.model, self.options, here, self._together(frames, here)
            ): here
            for here, others in wanted.items()
            if others and (frames, here) not in self.references
        }
        searching: list[Future[list[Found]]] = []

        def search(here: int) -> None:
            reference, every = self.references[frames, here], list(wanted[here].items())
            parts = -(-len(every) // TOGETHER)
            for number in range(parts):
                some = dict(every[number::parts])
                future = self.pool.submit(fastest_at, reference, here, some, self.budget, hint)
                searching.append(future)

        for here, others in wanted.items():
            if others and (frames, here) in self.references:
                search(here)
        for future in as_completed(lowering):
            here = lowering[future]
            for count, reference in future.result().items():
                self.references[count, here] = reference
            search(here)
        found: dict[int, Found] = {}
        for future in as_completed(searching):
            for each in future.result():
                found[each.bits] = each
                if is_done(each):
                    self.tell(each)
        return found

    def _together(self, frames: int, here: int) -> tuple[int, ...]:
        """Frames for which a width is lowered at once: what comes before these is done once."""
        others = (each for each in self.counts if each != frames)
        return (frames, *others) if here >= FEW_BITS else (frames,)


def references_for(
    model: Path, options: Options, bits: int, counts: Sequence[int]
) -> dict[int, Reference]:
    """The references for a width, by how many frames a call computes."""
    return {each: reference_for(model, replace(options, frames=each), bits) for each in counts}


def is_done(found: Found | None) -> bool:
    """Whether an accelerator is known."""
    return found is not None and found.point is not None
