"""Finding the first pass after which a module computes something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vaqf.compiler.bisection.difference import (
    Difference,
    Inputs,
    Outputs,
    Refusal,
    tried_outputs_of,
)
from vaqf.compiler.bisection.history import History
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class Expectation:
    """What modules are to compute."""

    inputs: Inputs
    """What they are given."""

    outputs: Outputs
    """What they should give."""

    samples: int
    """How many of them `outputs` holds."""

    tolerance: float
    """The largest absolute difference that is accepted."""


@dataclass(frozen=True)
class Divergence:
    """A pass that takes a module out of its tolerance."""

    index: int
    """The number of the pass, from 0."""

    before: Difference
    """From what is expected, without the pass."""

    after: Difference
    """From what is expected, with the pass."""

    alone: Difference
    """What the pass changes."""


OnMeasured = Callable[[int, Difference], None]
"""Called with the number of passes that ran before a module was executed, and what it showed."""


@dataclass
class DivergenceSearch:
    """Executes the modules of a history, each at most once."""

    history: History

    expected: Expectation

    on_measured: OnMeasured = lambda count, difference: None

    _outputs: dict[int, Outputs | Refusal] = field(
        default_factory=lambda: dict[int, Outputs | Refusal]()
    )

    def after(self, count: int) -> Difference:
        """The difference after so many passes."""
        is_new = count not in self._outputs
        if is_new:
            module = self.history.modules[count]
            self._outputs[count] = tried_outputs_of(module, self.expected.inputs)
        expected = self.expected
        found = Difference.between(expected.outputs, self._outputs[count], expected.samples)
        if is_new:
            self.on_measured(count, found)
        return found

    def first(self, *, is_linear: bool = False) -> Divergence | None:
        """
        A pass before which the difference is accepted, and after which it is not.

        Args:
            is_linear: execute after every pass from the first on. Otherwise executions are few: by
                bisection, which finds a difference that is still there at the end.

        Raises:
            UserError: when the module before the first pass is out of tolerance already.
        """
        if self._is_wrong(0):
            raise UserError(
                f"the input differs from the reference before any pass: {self.after(0)}, "
                f"accepted is {self.expected.tolerance:.4g}"
            )
        last = len(self.history.modules) - 1
        if is_linear:
            wrong = next((count for count in range(1, last + 1) if self._is_wrong(count)), None)
        else:
            wrong = self._bisected(last) if last > 0 and self._is_wrong(last) else None
        return None if wrong is None else self._divergence(wrong)

    def _is_wrong(self, count: int) -> bool:
        return self.after(count).error > self.expected.tolerance

    def _bisected(self, wrong: int) -> int:
        right = 0
        while wrong - right > 1:
            middle = (right + wrong) // 2
            if self._is_wrong(middle):
                wrong = middle
            else:
                right = middle
        return wrong

    def _divergence(self, count: int) -> Divergence:
        before = self._outputs[count - 1]
        assert not isinstance(before, Refusal), "what cannot be executed is out of tolerance"
        alone = Difference.between(before, self._outputs[count], self.expected.samples)
        return Divergence(count - 1, self.after(count - 1), self.after(count), alone)
