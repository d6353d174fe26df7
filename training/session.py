"""All of `vaqf train`: from a model and images to a trained model in a folder."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import torch

from vaqf.compiler.arrays import LABELS, write_arrays
from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.evaluation.preprocessing import MEAN_PROPERTY, STD_PROPERTY
from vaqf.compiler.images import read_dataset, spread
from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx import ModelFile
from vaqf.training.agreement import Agreement, agreement
from vaqf.training.batches import Batch, Loader
from vaqf.training.distributed import Processes, processes
from vaqf.training.export import Rounded, export
from vaqf.training.history import Logs
from vaqf.training.network import Network
from vaqf.training.sources import Value, start_from
from vaqf.training.terminal import Terminal
from vaqf.training.trainer import CHECKPOINT, Measured, Plan, Trainer

START = "start.onnx"
"""The model as training found it, where it was made for the training."""

FLOAT, TRAINED, WEIGHTS = "float.onnx", "trained.onnx", "trained_weights.onnx"
"""What has learned in float, what came out in the end, and the latter without its activations."""

SAMPLES = 1000
"""Images for validation that are written, at most; of all classes."""

CALIBRATION_SAMPLES = 64
"""Images for training that are written, at most; of all classes."""


@dataclass(frozen=True)
class Request:
    """What a user asks for."""

    model: str
    """As `start_from` takes it."""
    data: Path
    folder: Path
    plan: Plan
    arguments: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Of the model, if it is made."""
    pretrained: bool = False
    pixels: tuple[Sequence[float], Sequence[float]] | None = None
    """Mean and deviation of each colour; None for those of the model."""
    device: str | None = None
    threads: int = 1
    """Of each process, to read images."""
    resume: bool = False
    checkpoint_seconds: float = 300.0
    checked_images: int = 64
    """Images on which the trained network is compared with its IR."""


@dataclass(frozen=True)
class Outcome:
    """What became of it."""

    precision: str
    before: Measured
    """In float."""
    after: Measured
    """In the integers of the accelerator."""
    agreement: Agreement
    """With the IR in integers."""
    files: Sequence[Path]

    @property
    def lines(self) -> Sequence[str]:
        """For the user."""
        return [
            f"{name:<16} {each.accuracy:6.2f} % of {each.images} images for validation"
            for name, each in (("float", self.before), (self.precision, self.after))
        ] + [
            f"{'IR in integers':<16} {self.agreement}",
            "wrote " + ", ".join(map(str, self.files)),
        ]


def train(request: Request) -> Outcome | None:
    """
    Train a model; None for a process that is not the first.

    Raises:
        UserError, ReportError: for what the user gave.
        OSError: when a file cannot be read or written.
    """
    with processes(request.device) as joined:
        checkpoint = request.folder / CHECKPOINT
        if checkpoint.exists() and not request.resume:
            raise UserError(f"{checkpoint}: is there already; --resume goes on with it")
        data = read_dataset(request.data)
        if not joined.is_first:
            joined.wait()  # until the first has written the model
        start = start_from(
            request.model,
            request.arguments,
            len(data.classes),
            request.folder / START,
            pretrained=request.pretrained,
            seed=request.plan.seed,
            is_first=joined.is_first,
            resume=request.resume,
        )
        if joined.is_first:
            joined.wait()
        trainer = Trainer(
            ModelFile.open(start.file),
            data,
            request.pixels or start.pixels,
            request.plan,
            request.folder,
            joined,
            threads=request.threads,
            checkpoint_seconds=request.checkpoint_seconds,
        )
        if request.resume:
            trainer.resume()
        request.folder.mkdir(parents=True, exist_ok=True)
        logs = Logs(request.folder)
        if joined.is_first and trainer.state.history:
            # They may be older than the checkpoint.
            logs.write(trainer.state.history)
        with Terminal(request.plan.schedule.epochs) as terminal:
            if joined.is_first:
                for note in logs.missing:
                    terminal.note(note)
            with _telling_what_is_left(checkpoint):
                trainer.train(terminal, logs)
        logs.close()
        with _telling_what_is_left(checkpoint):
            return _finish(request, trainer, joined)


@contextmanager
def _telling_what_is_left(checkpoint: Path) -> Generator[None]:
    """Say of a file that cannot be written, as when the disk is full, that nothing is lost."""
    try:
        yield
    except OSError as error:
        if not checkpoint.exists():
            raise
        raise UserError(
            f"{error.filename or checkpoint.parent}: cannot be written: {error.strerror}; "
            f"{checkpoint.name} is complete, --resume goes on with it"
        ) from None


def _finish(request: Request, trainer: Trainer, joined: Processes) -> Outcome | None:
    """Measure what was trained, and write it."""
    teacher = trainer.state.teacher or trainer.network
    before = trainer.measure(teacher)
    in_float = _bytes(export(teacher, Rounded.NOTHING), trainer)
    trainer.finish()
    after = trainer.measure(trainer.network)
    if not joined.is_first:
        return None
    folder, network = request.folder, trainer.network
    trained, weights = folder / TRAINED, folder / WEIGHTS
    write_atomically(folder / FLOAT, in_float)
    write_atomically(trained, _bytes(export(network), trainer))
    write_atomically(weights, _bytes(export(network, Rounded.WEIGHTS), trainer))
    samples = _some(trainer.validation, SAMPLES)
    _write_samples(folder / "validation.npz", network, samples, labels=True)
    calibration = _some(trainer.training, CALIBRATION_SAMPLES)
    _write_samples(folder / "calibration.npz", network, calibration, labels=False)
    some = spread(len(samples.images), request.checked_images)
    checked = agreement(network, trained, samples.images[some])
    outcome = Outcome(
        str(request.plan.precision), before, after, checked, [folder / FLOAT, trained, weights]
    )
    write_atomically(folder / "report.json", json.dumps(_report(request, outcome), indent=2) + "\n")
    return outcome


def _bytes(model: onnx.ModelProto, trainer: Trainer) -> bytes:
    """The file of a model, which says how pixels are normalized."""
    for name, numbers in zip((MEAN_PROPERTY, STD_PROPERTY), trainer.pixels, strict=True):
        model.metadata_props.add(key=name, value=" ".join(map(str, numbers)))
    return model.SerializeToString()


def _some(images: Loader, count: int) -> Batch:
    """So many images, as one batch."""
    batches = list(images.in_order(64, count))
    return Batch(
        torch.cat([each.images for each in batches]).cpu(),
        torch.cat([each.labels for each in batches]).cpu(),
    )


def _write_samples(path: Path, network: Network, batch: Batch, *, labels: bool) -> None:
    arrays = {network.input_name: batch.images.numpy().astype(np.float32)}
    write_arrays(path, {**arrays, LABELS: batch.labels.numpy()} if labels else arrays)


def _report(request: Request, outcome: Outcome) -> Mapping[str, object]:
    """The outcome for programs."""
    return {
        "model": request.model,
        "precision": outcome.precision,
        "seed": request.plan.seed,
        "epochs": request.plan.schedule.epochs,
        "images": outcome.after.images,
        "float_accuracy": outcome.before.accuracy,
        "trained_accuracy": outcome.after.accuracy,
        "compared_with_ir": outcome.agreement.images,
        "same_class_as_ir": outcome.agreement.same_class,
        "largest_difference_to_ir": outcome.agreement.largest_difference,
    }
