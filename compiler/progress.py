"""What a long command tells while it works: lines on the standard error."""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Self

from vaqf.compiler.compilation import Finished


class Progress:
    """
    Lines about what is done, and on a terminal something that moves while work goes on.

    Use it as a context manager around the work.
    """

    def __init__(self, notes: Sequence[str]):
        """
        Args:
            notes: lines to begin with, once something is done: a mistake that is found at once
                has the standard error for itself.
        """
        self._notes = list(notes)
        self._stack = ExitStack()
        self._print: Callable[[str], None] = partial(print, file=sys.stderr)

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            console = Console(stderr=True, markup=False, highlight=False, emoji=False)
            self._stack.enter_context(console.status("working"))
            # Lines are not broken at the edge of the terminal: one of them is to be copied.
            self._print = partial(console.print, soft_wrap=True)
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()
        self._print = partial(print, file=sys.stderr)

    def line(self, text: str) -> None:
        """Tell something."""
        for each in (*self._notes, text):
            self._print(each)
        self._notes.clear()

    def finished(self, stage: Finished) -> None:
        """Tell that a stage is done."""
        self.timed(stage.name, stage.seconds)

    def timed(self, name: str, seconds: float) -> None:
        """Tell how long something took."""
        self.line(f"{seconds:9.3f} s  {name}")
