"""What is told of each epoch: a line, a CSV file, TensorBoard, and a picture of learning curves."""

# The signatures of torch and matplotlib are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypedDict, cast

from vaqf.compiler.atomic import write_atomically


class Row(TypedDict):
    """What is told of an epoch; accuracies are in percent."""

    epoch: int
    phase: str
    binary_share: float
    learning_rate: float
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


class _Writer(Protocol):
    """What is used of TensorBoard's `SummaryWriter`."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None: ...

    def close(self) -> None: ...


METRICS = {
    "loss": "loss/training",
    "validation_loss": "loss/validation",
    "accuracy": "accuracy/training",
    "validation_accuracy": "accuracy/validation",
    "learning_rate": "learning_rate",
    "binary_share": "binary_share",
}
"""What TensorBoard is told, and how it is called there."""


def line(row: Row, epochs: int) -> str:
    """An epoch in one line."""
    return (
        f"epoch {row['epoch']:3}/{epochs}  {row['phase']:<11}  loss {row['loss']:.4f}  "
        f"training {row['accuracy']:5.1f} %  validation {row['validation_accuracy']:5.1f} %  "
        f"binary {100 * row['binary_share']:3.0f} %  {row['seconds']:6.1f} s"
    )


class Logs:
    """The files about epochs in the folder of a training. They are written anew each time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._tensorboard: _Writer | None = None

    @property
    def missing(self) -> Sequence[str]:
        """What is not installed, and so not written."""
        wanted = {
            "tensorboard": "no TensorBoard log: pip install tensorboard",
            "matplotlib": "no learning curve: pip install 'vaqf[plot]'",
        }
        return [text for name, text in wanted.items() if find_spec(name) is None]

    def write(self, history: Sequence[Row]) -> None:
        """
        Tell all epochs so far.

        Raises:
            OSError: when a file cannot be written.
        """
        text = StringIO()
        writer = csv.DictWriter(text, list(Row.__annotations__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(history)
        write_atomically(self.folder / "history.csv", text.getvalue())
        if find_spec("tensorboard") is not None:
            self._tell_tensorboard(history)
        if find_spec("matplotlib") is not None:
            write_atomically(self.folder / "curve.png", curve(history))

    def _tell_tensorboard(self, history: Sequence[Row]) -> None:
        told = history[-1:]
        if self._tensorboard is None:
            # Events of an earlier part of the training are replaced: it may have been cut off.
            directory = self.folder / "tensorboard"
            for each in directory.glob("events.out.tfevents.*"):
                each.unlink()
            module = import_module("torch.utils.tensorboard")
            self._tensorboard, told = cast(_Writer, module.SummaryWriter(str(directory))), history
        for row in told:
            for name, tag in METRICS.items():
                self._tensorboard.add_scalar(tag, cast(float, row[name]), row["epoch"])

    def close(self) -> None:
        """All of it is on disk afterwards."""
        if self._tensorboard is not None:
            self._tensorboard.close()


def curve(history: Sequence[Row]) -> bytes:
    """Loss and accuracy by epoch, with the phases, as a PNG."""
    from matplotlib.figure import Figure

    from vaqf.compiler.pictures import as_png

    figure = Figure(figsize=(8, 7), layout="constrained")
    losses, accuracies = figure.subplots(2, 1, sharex=True)
    epochs = [row["epoch"] for row in history]
    losses.plot(epochs, [row["loss"] for row in history], label="training")
    losses.plot(epochs, [row["validation_loss"] for row in history], label="validation")
    losses.set_ylabel("loss")
    accuracies.plot(epochs, [row["accuracy"] for row in history], label="training")
    accuracies.plot(epochs, [row["validation_accuracy"] for row in history], label="validation")
    accuracies.set_ylabel("% recognized")
    accuracies.set_xlabel("epoch")
    for before, row in pairwise(history):
        if before["phase"] != row["phase"]:
            for axes in (losses, accuracies):
                axes.axvline(before["epoch"] + 0.5, color="grey", linewidth=1)
            accuracies.annotate(
                row["phase"], (before["epoch"] + 0.6, 0.02), xycoords=("data", "axes fraction")
            )
    for axes in (losses, accuracies):
        axes.legend()
        axes.grid(alpha=0.3)
    return as_png(figure)
