"""What a training shows while it goes on: on a terminal a bar that moves, and a line an epoch."""

from __future__ import annotations

import sys
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from vaqf.compiler.errors import expect_no_interrupt
from vaqf.training.history import Row, line


class Terminal:
    """Progress on the standard error. Use it as a context manager around the training."""

    def __init__(self, epochs: int):
        self._epochs = epochs
        self._console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[metrics]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def note(self, text: str) -> None:
        """Tell something."""
        self._console.print(text, soft_wrap=True)

    def begin(self, row: Row, batches: int, done: int) -> None:
        """An epoch begins, or goes on."""
        name = f"epoch {row['epoch']}/{self._epochs} {row['phase']}"
        self._task = self._bar.add_task(name, total=batches, completed=done, metrics="")

    def step(self, loss: float, accuracy: float, rate: float) -> None:
        """A batch is done."""
        expect_no_interrupt()
        if self._task is not None:
            metrics = f"loss {loss:.4f}  {accuracy:5.1f} %  rate {rate:.1e}"
            self._bar.update(self._task, advance=1, metrics=metrics)

    def end(self, row: Row) -> None:
        """An epoch is done."""
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        self.note(line(row, self._epochs))
