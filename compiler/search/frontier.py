"""The fastest accelerator for every width of activations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from vaqf.compiler.board import Board
from vaqf.compiler.pipeline import Options
from vaqf.compiler.search.closed_form import Choice
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
    references: Sequence[Reference],
    here: int,
    widths: Mapping[int, float],
    budget: Resources,
) -> list[Found]:
    """
    The fastest accelerators for some widths, given references for another one.

    Args:
        references: of the model; they differ in how many frames a call computes.
        here: their width.
        widths: with cycles of a frame that are fast enough. What is good for one helps to find what
            is good for the next.
        budget: what an accelerator can take.
    """
    every: list[Found] = []
    hints: dict[int, Choice] = {}
    for bits, most in widths.items():
        fastest: Found | None = None
        for reference in references:
            own, frames = reference.at(here, bits), reference.workload.frames
            enough = most if fastest is None else min(most, fastest.cycles)
            hint = hints.get(frames, next(iter(hints.values()), None))
            found = Found(bits, own, fastest_within(own, budget, enough, hint))
            if found.point is not None:
                hints[frames] = found.point.choice
            if fastest is None or found.cycles < fastest.cycles:
                fastest = found
        if fastest is not None:
            every.append(fastest)
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
        finder = _Finder(pool, model, options, budget, references, tell)
        first, *others = by_frames(frames)
        try:
            found = finder.find(dict.fromkeys(widths, inf), (first,), (first, *others))
            if others and (narrow := of_few_bits(found)):
                most = {bits: found[bits].cycles for bits in narrow}
                for bits, other in finder.find(most, others, ()).items():
                    found[bits] = min(found[bits], other, key=lambda each: each.cycles)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for each in found.values():
        if not is_done(each):
            tell(each)
    return Frontier(tuple(sorted(found.values(), key=lambda each: -each.bits)), budget)


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

    def find(
        self, widths: Mapping[int, float], few: Sequence[int], many: Sequence[int]
    ) -> dict[int, Found]:
        """
        The fastest accelerator for each of some widths.

        Args:
            widths: with cycles of a frame that are fast enough.
            few: how many frames a call may compute at few bits.
            many: the same at many bits: two frames need more memory there, and may be slower.
        """
        lowering: dict[Future[list[Reference]], tuple[int, dict[int, float]]] = {}
        for here, others in self.widths_of.items():
            if wanted := {bits: widths[bits] for bits in others if bits in widths}:
                counts = many if here >= FEW_BITS else few
                future = self.pool.submit(references_for, self.model, self.options, here, counts)
                lowering[future] = here, wanted
        searching: list[Future[list[Found]]] = []
        for future in as_completed(lowering):
            here, wanted = lowering[future]
            every, parts = list(wanted.items()), -(-len(wanted) // TOGETHER)
            searching += [
                self.pool.submit(
                    fastest_at, future.result(), here, dict(every[number::parts]), self.budget
                )
                for number in range(parts)
            ]
        found: dict[int, Found] = {}
        for future in as_completed(searching):
            for each in future.result():
                found[each.bits] = each
                if is_done(each):
                    self.tell(each)
        return found


def references_for(
    model: Path, options: Options, bits: int, counts: Sequence[int]
) -> list[Reference]:
    """The references for a width, one for each number of frames that a call may compute."""
    return [reference_for(model, replace(options, frames=each), bits) for each in counts]


def is_done(found: Found | None) -> bool:
    """Whether an accelerator is known."""
    return found is not None and found.point is not None
