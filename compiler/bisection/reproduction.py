"""A module and the pass that breaks it, in a file."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.arrays import write_arrays
from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.bisection.difference import Inputs
from vaqf.compiler.bisection.properties import DiffersAlike, FailsAlike, recorded
from vaqf.compiler.bisection.question import Culprit, Question, inputs_file_of
from vaqf.compiler.bisection.reduction import Candidate, Holds, Record, reduced
from vaqf.compiler.bisection.search import Divergence
from vaqf.compiler.compilation import print_ir
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.model_resolution import open_model, searching_models
from vaqf.compiler.reproducer import reproducer
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.model_reference import ModelReference
from vaqf.interpreters.execute import network_inputs
from vaqf.interpreters.samples import Samples

Tell = Callable[[str], None]
"""Told a line about what is done."""

Notes = list[tuple[str, str]]
"""What to tell, each with a title."""


WORTH_TELLING = 0.9
"""Share of the operations: what is hardly smaller than what was told last is not told."""


@dataclass(frozen=True)
class Reproduction:
    """Writes what a pass breaks, so that it can be seen again."""

    question: Question

    culprit: Culprit

    context: Context

    tell: Tell

    @property
    def running(self) -> ModulePass:
        """The pass."""
        return self.question.passes[self.culprit.index]

    def write(self, module: ModuleOp, inputs: Inputs, output: Path) -> Notes:
        """
        Write a reproducer, reduced if that is wanted.

        Args:
            module: before the pass.
            inputs: what it is executed with; nothing when it is not.
            output: where to.

        Returns:
            What was written, and how to use it.
        """
        found = self.culprit.found
        if isinstance(found, Divergence):
            return self._write_divergence(found, module, inputs, output)
        whole, holds = Candidate(module), FailsAlike(self.running, self.context, found)
        smallest = whole
        if self.question.is_reduced:
            smallest = self._reduced(whole, holds, lambda _: None)
        text = self._text(smallest.module, output)
        notes = [self._size(smallest, whole, output)]
        command = ["vaqf-opt", "--run-reproducer", str(output), *self.question.plugin_flags]
        notes.append(("again", shlex.join(command)))
        return [*notes, *self._written(text, output, holds, smallest.inputs)]

    def _write_divergence(
        self, found: Divergence, module: ModuleOp, inputs: Inputs, output: Path
    ) -> Notes:
        question, whole = self.question, Candidate(module, inputs)
        execution = question.execution
        assert execution is not None, "a divergence is measured"
        if not question.is_reduced:
            command = self._command(output, execution.input, execution.tolerance)
            if execution.reference is not None or self.culprit.index > 0:
                command += ["--reference", str(execution.reference or question.file)]
            text = self._text(module, output, command)
            write_atomically(output, text)
            return [self._size(whole, whole, output), ("again", shlex.join(command))]
        # What exceeds the tolerance in the end may be the sum of what many passes change.
        is_alone = found.alone.error > execution.tolerance
        tolerance = execution.tolerance if is_alone else found.alone.error / 2
        holds = DiffersAlike(self.running, self.context, found.alone, tolerance)
        sample = Candidate(module, _one_sample(module, inputs, found.alone.sample))
        smallest = self._reduced(sample, holds, recorded)
        inputs_file = inputs_file_of(output)
        command = self._command(output, inputs_file, tolerance)
        text = self._text(smallest.module, output, command)
        taken = {each.name: smallest.inputs[each.name] for each in network_inputs(smallest.module)}
        write_arrays(inputs_file, taken)
        return [
            self._size(smallest, whole, output),
            ("inputs", str(inputs_file)),
            ("again", shlex.join(command)),
            *self._written(text, output, holds, taken),
        ]

    def _command(self, output: Path, inputs: Path, tolerance: float) -> list[str]:
        """Shows a difference again."""
        accepted = ["--exact"] if tolerance == 0 else ["--tolerance", f"{tolerance:.6g}"]
        model = [] if self.question.model is None else ["--model", str(self.question.model)]
        known = self.question.plugin_flags
        return ["vaqf", "bisect", str(output), "--input", str(inputs), *accepted, *model, *known]

    def _text(self, module: ModuleOp, output: Path, command: Sequence[str] = ()) -> str:
        """A reproducer, with the command that shows it again unless running it does."""
        note = f"// {shlex.join(command)}\n" if command else ""
        moved = with_model_beside(module, output.parent)
        return reproducer(self.running, note + print_ir(moved, locations=True))

    def _written(self, text: str, output: Path, holds: Holds, inputs: Inputs) -> Notes:
        """Write a text; tells when the pass does not break what is read from it."""
        write_atomically(output, text)
        with searching_models(self.question.searching(output)):
            again = Candidate(parse_ir(self.context, text.encode(), str(output)), inputs)
            if holds(again):
                return []
        return [("warning", "what is read back from the text does not break in the same way")]

    def _size(self, smallest: Candidate, whole: Candidate, output: Path) -> tuple[str, str]:
        part = f"{smallest.size} of " if smallest.size < whole.size else ""
        return ("reproducer", f"{output}, {part}{whole.size} operations")

    def _reduced(self, whole: Candidate, holds: Holds, record: Record) -> Candidate:
        """A smaller candidate; when the user interrupts, the smallest so far."""
        smallest, told = whole, whole.size

        def tell(smaller: Candidate) -> None:
            nonlocal smallest, told
            smallest = smaller
            if smaller.size <= WORTH_TELLING * told:
                told = smaller.size
                self.tell(f"reduced to {told} operations")

        try:
            return reduced(whole, holds, record, tell)
        except KeyboardInterrupt:
            so_far = "what is left" if smallest.size < whole.size else "all, nothing was left out"
            self.tell(f"interrupted: the reproducer is {so_far} so far")
            return smallest


def _one_sample(module: ModuleOp, inputs: Inputs, number: int) -> Inputs:
    """The inputs of a module for one of several samples."""
    samples = Samples.of(network_inputs(module), inputs)
    arrays = zip(samples.inputs, samples.arrays, strict=True)
    return {each.name: array[number] for each, array in arrays}


def with_model_beside(module: ModuleOp, folder: Path) -> ModuleOp:
    """
    A module that finds its model file when its text is in another folder.

    A model that is not there now is not looked for: not every pass needs it.
    """
    moved = module.clone()
    try:
        model = open_model(moved)
    except UserError:
        return moved
    if model is not None:
        file = os.path.relpath(model.path.resolve(), folder.resolve())
        ModelReference(file, model.sha256).record_in(moved)
    return moved
