"""The whole of `vaqf bisect`: run, compare, find the pass, write what reproduces it."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.arrays import read_samples
from vaqf.compiler.bisection.difference import Difference, Inputs, outputs_of
from vaqf.compiler.bisection.failure import Criterion
from vaqf.compiler.bisection.history import History
from vaqf.compiler.bisection.question import Culprit, Execution, Question
from vaqf.compiler.bisection.reproduction import Reproduction, Tell
from vaqf.compiler.bisection.search import Divergence, DivergenceSearch, Expectation
from vaqf.compiler.context import full_context
from vaqf.compiler.model_resolution import searching_models
from vaqf.compiler.module_file import read_module
from vaqf.interpreters.execute import network_inputs
from vaqf.interpreters.samples import Samples


@dataclass(frozen=True)
class Verdict:
    """The answer."""

    culprit: Culprit | None
    """None when nothing breaks."""

    notes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """More to tell, each with a title."""


def bisect(question: Question, tell: Tell) -> Verdict:
    """
    Find the first pass that breaks a module, and write a reproducer.

    Raises:
        UserError: when the module is broken before all passes, or what is needed cannot be read.
    """
    module = read_module(question.file)
    with searching_models(question.searching(question.file)):
        return _Bisection(question, module, full_context(), tell).verdict()


@dataclass(frozen=True)
class _Bisection:
    question: Question

    module: ModuleOp

    context: Context

    tell: Tell

    def verdict(self) -> Verdict:
        """The answer; the reproducer is written."""
        execution = self.question.execution
        expected = None if execution is None else self._expected(execution)
        history = History.of(self.module, self.question.passes, self.context)
        self.tell(f"ran {len(history.modules) - 1} of {len(history.passes)} passes")
        search, divergence = None, None
        if execution is not None and expected is not None:
            search = DivergenceSearch(history, expected, self._measured)
            divergence = search.first(is_linear=execution.is_linear)
        culprit = self._culprit(history, divergence)
        if culprit is None:
            return Verdict(None, self._nothing(history, search))
        if self.question.output is None:
            return Verdict(culprit)
        inputs: Inputs = {} if expected is None else expected.inputs
        before = history.modules[culprit.index]
        reproduction = Reproduction(self.question, culprit, self.context, self.tell)
        return Verdict(culprit, reproduction.write(before, inputs, self.question.output))

    def _culprit(self, history: History, divergence: Divergence | None) -> Culprit | None:
        if divergence is not None:
            return Culprit(divergence.index, Criterion.DIFFERS, divergence)
        failure = history.failure
        if failure is None or failure.criterion not in self.question.criteria:
            return None
        return Culprit(len(history.modules) - 1, failure.criterion, failure)

    def _expected(self, execution: Execution) -> Expectation:
        """What the modules are to compute, as the reference does."""
        question, reference = self.question, execution.reference
        inputs = network_inputs(self.module)
        arrays = read_samples(execution.input, [each.name for each in inputs]).inputs
        samples = sum(1 for _ in Samples.of(inputs, arrays))
        if reference is None:
            outputs = outputs_of(self.module, arrays)
        else:
            with searching_models(question.searching(reference)):
                outputs = outputs_of(read_module(reference), arrays)
        self.tell(f"executed {reference or question.file}: the reference")
        return Expectation(arrays, outputs, samples, execution.tolerance)

    def _measured(self, count: int, difference: Difference) -> None:
        after = "before the first pass"
        if count > 0:
            after = f"after pass {count}, {self.question.passes[count - 1].name}"
        self.tell(f"executed {after}: {difference}")

    def _nothing(self, history: History, search: DivergenceSearch | None) -> list[tuple[str, str]]:
        """Why no pass is to blame."""
        notes = list[tuple[str, str]]()
        if history.failure is not None:
            failed = history.passes[len(history.modules) - 1].name
            notes.append((str(history.failure.criterion), history.failure.message))
            notes.append(("", f"what comes after {failed} has not run"))
        if search is not None:
            last = search.after(len(history.modules) - 1)
            notes.append(("at the end", f"{last}; accepted is {search.expected.tolerance:.4g}"))
        return notes
