"""What a user asks of `vaqf bisect`, and the pass that is the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xdsl.passes import ModulePass

from vaqf.compiler.bisection.failure import Criterion, Failure
from vaqf.compiler.bisection.search import Divergence
from vaqf.compiler.model_resolution import ModelSearch
from vaqf.compiler.module_file import is_model
from vaqf.compiler.plugins import PLUGIN_FLAG
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class Execution:
    """How the results of modules are compared."""

    input: Path
    """Arrays to execute with."""

    tolerance: float
    """The largest absolute difference that is accepted."""

    reference: Path | None = None
    """What computes the right values; None for the module itself, before all passes."""

    is_linear: bool = False
    """Whether to execute after each pass from the first on."""


def inputs_file_of(reproducer: Path) -> Path:
    """Where the inputs go of a reproducer that was made small."""
    return reproducer.with_suffix(".inputs.npz")


@dataclass(frozen=True)
class Question:
    """What a user asks."""

    file: Path
    """The module to start with."""

    passes: Sequence[ModulePass]
    """The pipeline; at least one pass."""

    criteria: frozenset[Criterion] = frozenset(Criterion)
    """What counts as broken."""

    execution: Execution | None = None
    """How results are compared; None when nothing is executed."""

    model: Path | None = None
    """The model file, where it is not what the IR says."""

    output: Path | None = None
    """Where the reproducer goes."""

    is_reduced: bool = False
    """Whether the reproducer is made small."""

    plugins: Sequence[str] = ()
    """Files that define some of the passes."""

    @property
    def plugin_flags(self) -> list[str]:
        """What a command needs to know the passes."""
        return [f"{PLUGIN_FLAG}={each}" for each in self.plugins]

    def searching(self, file: Path) -> ModelSearch:
        """Where models are that a file refers to."""
        return ModelSearch(ir_file=file, override=file if is_model(file) else self.model)

    def expect_place_for_output(self) -> None:
        """
        Check that what is written has a place, which is not that of what is read.

        Raises:
            UserError: naming the file.
        """
        read = [self.file, self.model]
        if self.execution is not None:
            read += [self.execution.input, self.execution.reference]
        known = {each.resolve() for each in read if each is not None}
        written = [] if self.output is None else [self.output]
        if self.is_reduced:
            written += [inputs_file_of(each) for each in written]
        for each in written:
            if each.resolve() in known:
                raise UserError(f"{each}: is read, and would be written over")
            if not each.parent.is_dir():
                raise UserError(f"{each}: there is no such folder")


@dataclass(frozen=True)
class Culprit:
    """The pass that breaks the module."""

    index: int
    """Its number, from 0."""

    criterion: Criterion
    """How it does."""

    found: Failure | Divergence
    """What was seen."""
