"""The fastest accelerator for every width of activations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.board import Board
from vaqf.compiler.compilation import compile_file, run_stages
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pipeline import Level, Options, stages, until
from vaqf.compiler.search.fastest import Point, Search
from vaqf.compiler.search.reference import Reference
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.costs.resources import Resources

WIDTHS = range(16, 0, -1)
"""Of activations, the widest first."""

REFERENCES = {8: range(15, 7, -1), 7: range(7, 1, -1), 16: (16,), 1: (1,)}
"""The widths at which a model is lowered, and those that are computed from each."""

PROCESSES = 2
"""Processes that search at the same time: more would have too little to do."""

MUCH_MORE = 8
"""Times a budget that is enough for some accelerator."""

HARDLY_USED = 0.7
"""The share of a budget below which more of it is of no use."""


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


@lru_cache(maxsize=1)
def float_model(model: Path, options: Options) -> tuple[ModelFile, ModuleOp]:
    """A model before widths are chosen, which processes that are forked later have as well."""
    file = ModelFile.open(model)
    before = until(Level.VIT, stages(options))
    return file, compile_file(file, str(model), before, is_verified=False)


def reference_for(model: Path, options: Options, bits: int) -> Reference:
    """
    The reference for a width. Ranges of activations are assumed.

    Raises:
        UserError: when the model cannot be compiled.
    """
    file, module = float_model(model, options)
    every = stages(replace(options, activation_bits=bits, assume_ranges=True))
    names = [each.name for each in every]
    first = len(until(Level.VIT, every))
    lowered = module.clone()
    with searching_models(ModelSearch(override=file.path, opened={file.path: file})):
        run_stages(
            lowered,
            every[first : names.index(options.tiling.name)],
            lambda _: None,
            is_verified=False,
        )
    return Reference.of(lowered, options.word_bits)


def fastest_at(reference: Reference, here: int, bits: int, budget: Resources) -> Found:
    """The fastest accelerator for a width, given the reference for another one."""
    own = reference.at(here, bits)
    return Found(bits, own, Search(own, budget).fastest())


@dataclass(frozen=True)
class Frontier:
    """The fastest accelerators for a model on a board."""

    found: tuple[Found, ...]
    """For every width, from the widest."""

    budget: Resources

    def at(self, bits: int) -> Found:
        """What was found for a width."""
        return next(each for each in self.found if each.bits == bits)

    def binds(self, bits: int) -> str | None:
        """
        The kind of resource of which a tenth more makes the accelerator for a width fastest; None
        when more of none helps. Where no accelerator fits, the kind of which there is too little
        whatever there is of the others; None when that is true of none.
        """
        found, cycles = self.at(bits), dict[str, int]()
        if found.point is None:
            others = self.budget * MUCH_MORE
            for kind, amount in self.budget.named().items():
                if Search(found.reference, replace(others, **{kind: amount})).fastest() is None:
                    return kind
            return None
        for kind, amount in self.budget.named().items():
            more = replace(self.budget, **{kind: amount + max(amount // 10, 1)})
            if found.point.estimate.resources.named()[kind] < HARDLY_USED * amount:
                continue
            faster = Search(found.reference, more).fastest()
            if faster is not None and faster.estimate.cycles < found.point.estimate.cycles:
                cycles[kind] = faster.estimate.cycles
        return min(cycles, key=lambda kind: cycles[kind], default=None)


def frontier_of(
    model: Path,
    options: Options,
    budget: Resources,
    tell: Callable[[Found], None],
    widths: Sequence[int] = WIDTHS,
) -> Frontier:
    """
    Search every width, in several processes.

    Args:
        model: the ONNX file.
        options: what is decided already; the width of activations and the sizes are not.
        budget: what an accelerator can take.
        tell: called with what is found, in any order.
        widths: of activations.

    Raises:
        UserError: when the model cannot be compiled.
        ReportError: as well, with all reasons.
    """
    # Rules have widths of their own, which must not follow that of all others.
    references = {bits: (bits,) for bits in widths} if options.rules else REFERENCES
    float_model(model, options)
    found: list[Found] = []
    with ProcessPoolExecutor(max_workers=PROCESSES) as pool:
        lowering = {
            pool.submit(reference_for, model, options, here): here
            for here, others in references.items()
            if any(bits in widths for bits in others)
        }
        searching: list[Future[Found]] = []
        try:
            for future in as_completed(lowering):
                reference, here = future.result(), lowering[future]
                searching += [
                    pool.submit(fastest_at, reference, here, bits, budget)
                    for bits in references[here]
                    if bits in widths
                ]
            for future in as_completed(searching):
                found.append(future.result())
                tell(found[-1])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return Frontier(tuple(sorted(found, key=lambda each: -each.bits)), budget)
