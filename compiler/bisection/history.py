"""A pipeline that ran once, with the module between all of its passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.bisection.failure import Failure, failure_of


@dataclass(frozen=True)
class History:
    """What the passes made of a module, until one of them failed."""

    passes: tuple[ModulePass, ...]
    """All of the pipeline."""

    modules: tuple[ModuleOp, ...]
    """The module before the first pass, and after each pass that did not fail."""

    failure: Failure | None
    """How the pass after the last of `modules` failed; None when none did."""

    @staticmethod
    def of(
        module: ModuleOp,
        passes: Sequence[ModulePass],
        context: Context,
        on_pass: Callable[[int], None] = lambda _: None,
    ) -> History:
        """
        Run passes until one fails.

        Args:
            module: before the first of them; it is not changed.
            passes: what to run.
            context: what they know.
            on_pass: called with the number of each pass before it runs, from 0.
        """
        modules, failure = [module], None
        for index, each in enumerate(passes):
            on_pass(index)
            changed = modules[-1].clone()
            failure = failure_of(each, context, changed)
            if failure is not None:
                break
            modules.append(changed)
        return History(tuple(passes), tuple(modules), failure)
