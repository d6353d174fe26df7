"""Training, epoch by epoch, from float to integers."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import NamedTuple, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel

from vaqf.compiler.evaluation.preprocessing import Preprocessing
from vaqf.compiler.images import Dataset
from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx import ModelFile
from vaqf.training.augmentation import AUGMENTATIONS
from vaqf.training.batches import Batch, Loader, shuffled
from vaqf.training.checkpoint import DAMAGE, Checkpoint, Position, Tensors
from vaqf.training.distillation import Distillation
from vaqf.training.distributed import Processes
from vaqf.training.history import Logs, Row
from vaqf.training.network import Answer, Network
from vaqf.training.precision import Precision, rounded_network
from vaqf.training.schedule import Phase, Schedule
from vaqf.training.sources import usual_pixels

CHECKPOINT = "checkpoint.pt"
"""Name of the file in the folder of a training."""

CLIPPED_NORM = 1.0
"""Gradients of a batch are made no longer than this."""


SEEDS = 1 << 63
"""As many seeds torch knows; those of batches go round when they are more."""


@dataclass(frozen=True)
class Plan:
    """How a network is trained."""

    schedule: Schedule
    precision: Precision = field(default_factory=Precision)
    distillation: Distillation | None = field(default_factory=Distillation)
    """None for labels alone."""
    batch_size: int = 64
    """Of all processes together."""
    augmentation: str = "photos"
    """Its name in `AUGMENTATIONS`."""
    weight_decay: float = 0.05
    """Of matrices, in float."""
    seed: int = 0
    calibration_images: int = 256
    """From the start of the training images: what steps of formats are measured on."""
    mixed_precision: bool = False
    """Whether linear layers compute in `bfloat16`. Evaluation never does."""

    @property
    def described(self) -> Mapping[str, str]:
        """What must be the same when a training is resumed, as messages call it."""
        return {name.replace("_", " "): str(value) for name, value in vars(self).items()}


class Progress(Protocol):
    """Whom a trainer tells what it does."""

    def begin(self, row: Row, batches: int, done: int) -> None:
        """An epoch begins, or goes on: its number, phase and share of binary weights are known."""
        ...

    def step(self, loss: float, accuracy: float, rate: float) -> None:
        """A batch is done; loss and accuracy are those of the epoch so far."""
        ...

    def end(self, row: Row) -> None:
        """An epoch is done."""
        ...


class Measured(NamedTuple):
    """How well a network does on images."""

    loss: float
    right: int
    images: int

    @property
    def accuracy(self) -> float:
        """In percent."""
        return 100 * self.right / self.images


@contextmanager
def tensor_cores() -> Generator[None]:
    """
    Let GPUs multiply numbers rounded to the 10 bits of TF32, meanwhile. Evaluation must not: sums
    of products of integers would not be exact.
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


@dataclass
class _State:
    """What changes while a network is trained."""

    position: Position
    optimizer: torch.optim.AdamW
    teacher: Network | None = None
    history: list[Row] = field(default_factory=list[Row])
    saved: float = field(default_factory=time.monotonic)
    """When the last checkpoint was written."""


class Trainer:
    """Trains one network; everything that it does follows from the plan, the model and the data."""

    def __init__(
        self,
        model: ModelFile,
        data: Dataset,
        pixels: tuple[Sequence[float], Sequence[float]] | None,
        plan: Plan,
        folder: Path,
        processes: Processes,
        *,
        threads: int = 1,
        checkpoint_seconds: float = 300.0,
    ):
        """
        Args:
            model: In float; its weights are where training starts.
            data: Images and their classes.
            pixels: Mean and deviation of each colour of the pixels that the model expects, where
                they are 0 to 1; None for what is usual.
            plan: How to train.
            folder: Where files are written.
            processes: Those that share the work.
            threads: Of each process, to read images.
            checkpoint_seconds: At least so much time lies between checkpoints within an epoch.

        Raises:
            UserError, ReportError: when the model cannot be trained, or has another number of
                classes than the data.
        """
        self.model, self.plan, self.folder, self.processes = model, plan, folder, processes
        self.checkpoint_seconds = checkpoint_seconds
        self._rounded = rounded_network(model, plan.precision)
        self.network = self._new_network()
        data.expect_classes(self.network.classes, str(model.path))
        if plan.batch_size % processes.count:
            raise UserError(
                f"the batch has {plan.batch_size} images, "
                f"they do not divide among {processes.count} processes"
            )
        if len(data.training) < plan.batch_size:
            raise UserError(
                f"{data.name}: has {len(data.training)} images for training, "
                f"fewer than the batch of {plan.batch_size}"
            )
        colours, *_ = self.network.image_shape
        mean, std = usual_pixels(colours) if pixels is None else pixels
        if not len(mean) == len(std) == colours:
            raise UserError(
                f"the model takes {colours} colours, but there are {len(mean)} means and "
                f"{len(std)} deviations"
            )
        self.pixels = mean, std
        preprocessing = Preprocessing(self.network.image_shape, tuple(mean), tuple(std))
        device = processes.device
        self.training = Loader(data.training, preprocessing, threads=threads, device=device)
        self.validation = Loader(data.validation, preprocessing, threads=threads, device=device)
        self.batches = len(data.training) // plan.batch_size
        self.run = {
            "the model": model.sha256,
            "the data": data.digest,
            "preprocessing": str(preprocessing),
            **plan.described,
        }
        self.state = _State(Position(), self._new_optimizer(plan.weight_decay))

    def _new_network(self) -> Network:
        plan = self.plan
        network = Network(self.model, plan.precision, seed=plan.seed, rounded=self._rounded)
        return network.to(self.processes.device)

    def _new_optimizer(self, weight_decay: float) -> torch.optim.AdamW:
        matrices = [each for each in self.network.parameters() if each.ndim > 1]
        others = [each for each in self.network.parameters() if each.ndim <= 1]
        return torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": weight_decay},
                {"params": others, "weight_decay": 0.0},
            ],
            fused=self.processes.device.type == "cuda",
        )

    @property
    def _is_quantized(self) -> bool:
        return self.plan.schedule.phase(self.state.position.epoch) != Phase.FLOAT

    # Checkpoints

    def resume(self) -> None:
        """
        Go on where the checkpoint in the folder was written.

        Raises:
            UserError: when there is none, or it is damaged, or of another training.
        """
        path = self.folder / CHECKPOINT
        if not path.exists():
            raise UserError(f"{path}: no such checkpoint to resume from")
        found = Checkpoint.read(path, self.run)
        try:
            self._take(found)
        except DAMAGE as error:
            raise UserError(f"{path}: does not hold the state of this training") from error

    def _take(self, found: Checkpoint) -> None:
        state = self.state
        state.position, state.history = found.position, found.history
        if not self.processes.is_first:
            # The sums are those of the first process, which wrote the checkpoint.
            state.position.seen, state.position.loss, state.position.right = 0, 0.0, 0.0
        self.network.load_state_dict(dict(found.network))
        if found.teacher is not None:
            state.teacher = self._frozen(found.teacher)
        state.optimizer = self._new_optimizer(0.0 if self._is_quantized else self.plan.weight_decay)
        state.optimizer.load_state_dict(found.optimizer)
        self._set_phase()

    def _save(self) -> None:
        state = self.state
        state.saved = time.monotonic()
        if not self.processes.is_first:
            return
        teacher = None if state.teacher is None else state.teacher.state_dict()
        checkpoint = Checkpoint(
            self.run,
            state.position,
            cast(Tensors, self.network.state_dict()),
            cast("Tensors | None", teacher),
            cast("dict[str, object]", state.optimizer.state_dict()),
            state.history,
        )
        path = self.folder / CHECKPOINT
        try:
            checkpoint.write(path)
        except OSError as error:
            kept = ", the one before is still there for --resume" if path.exists() else ""
            raise UserError(
                f"{path}: the checkpoint cannot be written: {error.strerror}{kept}"
            ) from None

    # Phases

    def _frozen(self, weights: Tensors) -> Network:
        """A network in float that only teaches."""
        teacher = self._new_network()
        teacher.load_state_dict(dict(weights))
        return teacher.requires_grad_(False).eval()

    def _set_phase(self) -> None:
        """Round what the phase rounds."""
        state, settings = self.state, self.network.settings
        phase = self.plan.schedule.phase(state.position.epoch)
        settings.rounds_activations = phase in (Phase.ACTIVATIONS, Phase.INTEGERS)
        settings.uses_integers = phase == Phase.INTEGERS
        share = self.plan.schedule.binary_share(self._progress)
        settings.binary_share = 0.0 if phase == Phase.FLOAT else share
        for each in self.network.quantizers.values():
            if isinstance(each.log_step, nn.Parameter):
                each.log_step.requires_grad_(settings.rounds_activations)

    @property
    def _progress(self) -> float:
        """Epochs since the start."""
        return self.state.position.epoch + self.state.position.batch / self.batches

    @property
    def _progress_before(self) -> float:
        """The same when the last batch of the epoch began, or none has yet."""
        position = self.state.position
        return position.epoch + max(0, position.batch - 1) / self.batches

    def _begin_epoch(self) -> None:
        """Make a teacher of what has learned in float, and measure what the phase rounds."""
        state, schedule = self.state, self.plan.schedule
        epoch = state.position.epoch
        self._set_phase()
        if epoch == schedule.float_epochs:
            state.teacher = self._frozen(cast(Tensors, self.network.state_dict()))
            state.optimizer = self._new_optimizer(0.0)
        if self.network.settings.rounds_activations:
            before = schedule.phase(epoch - 1) if epoch else Phase.FLOAT
            is_first = before in (Phase.FLOAT, Phase.BINARIZE)
            self.measure_steps(only_measured=not is_first)

    def measure_steps(self, *, only_measured: bool = False) -> None:
        """Set the steps of formats from the first training images; perhaps not the learned ones."""
        size = self.plan.batch_size
        batches = self.training.in_order(size, self.plan.calibration_images)
        images = [each.images for each in batches]
        self.network.eval()
        self.network.choose_steps(images, only_measured=only_measured)
        self.network.train()

    # Epochs

    def train(self, progress: Progress, logs: Logs) -> None:
        """
        Train to the end of the plan.

        Raises:
            UserError: when an image is broken, or the loss is no number any more. The last
                checkpoint is still there then.
            OSError: when a file cannot be written. The last checkpoint is still there then.
        """
        trained = self._shared()
        while self.state.position.epoch < self.plan.schedule.epochs:
            if self.state.position.batch == 0:
                self._begin_epoch()
                trained = self._shared()
            row = self._epoch(trained, progress)
            self.state.history.append(row)
            self.state.position = Position(epoch=self.state.position.epoch + 1)
            self._save()
            if self.processes.is_first:
                logs.write(self.state.history)
                progress.end(row)

    def _shared(self) -> nn.Module:
        """The network, with gradients that are the mean of all processes if there are several."""
        # What has a gradient differs between phases, and is looked at once.
        return self.network if self.processes.count == 1 else DistributedDataParallel(self.network)

    def finish(self) -> None:
        """
        Let the network compute what the accelerator computes, in evaluation, whatever phases there
        were.
        """
        schedule, settings = self.plan.schedule, self.network.settings
        settings.binary_share = 1.0
        if not schedule.activations_epochs + schedule.integers_epochs:
            self.measure_steps()
        settings.rounds_activations = settings.uses_integers = True
        self.network.eval()

    def _epoch(self, trained: nn.Module, progress: Progress) -> Row:
        """Train from where the epoch is to its end, and measure."""
        plan, position = self.plan, self.state.position
        phase = plan.schedule.phase(position.epoch)
        row = Row(
            epoch=position.epoch + 1,
            phase=str(phase),
            binary_share=self.network.settings.binary_share,
            learning_rate=plan.schedule.learning_rate(self._progress_before),
            loss=0.0,
            accuracy=0.0,
            validation_loss=0.0,
            validation_accuracy=0.0,
            seconds=0.0,
        )
        if self.processes.is_first:
            progress.begin(row, self.batches, position.batch)
        began = time.monotonic() - position.seconds
        self.network.train()
        for batch in self._own_batches(position.epoch, position.batch):
            rate = self._learn(trained, batch)
            position.seconds = time.monotonic() - began
            loss, accuracy = position.loss / position.seen, 100 * position.right / position.seen
            if self.processes.is_first:
                progress.step(loss, accuracy, rate)
            row["learning_rate"] = rate
            if time.monotonic() - self.state.saved > self.checkpoint_seconds:
                self._save()
        loss, right, seen = self.processes.sums([position.loss, position.right, position.seen])
        if phase != Phase.FLOAT:
            self.network.settings.binary_share = plan.schedule.binary_share(self._progress)
        measured = self.measure(self.network)
        row["loss"], row["accuracy"] = loss / seen, 100 * right / seen
        row["validation_loss"], row["validation_accuracy"] = measured.loss, measured.accuracy
        row["binary_share"] = self.network.settings.binary_share
        row["seconds"] = time.monotonic() - began
        return row

    def _own_batches(self, epoch: int, first: int) -> Iterator[Batch]:
        """This process's share of the batches of an epoch, from the first that is not done."""
        plan = self.plan
        share = self.processes.share(plan.batch_size)
        order = shuffled(len(self.training), plan.batch_size, plan.seed, epoch)[first:]
        change = AUGMENTATIONS[plan.augmentation]
        own = self.training.batches([each[share.start : share.stop] for each in order])
        for number, batch in enumerate(own, first):
            if change is None:
                yield batch
                continue
            seed = (plan.seed << 40) + (epoch << 20) + number
            generator = torch.Generator().manual_seed(seed % SEEDS)
            yield Batch(change(batch.images, generator, share), batch.labels)

    def _learn(self, trained: nn.Module, batch: Batch) -> float:
        """Take one step; gives the learning rate."""
        plan, state = self.plan, self.state
        position = state.position
        rate = plan.schedule.learning_rate(self._progress)
        for group in state.optimizer.param_groups:
            group["lr"] = rate
        self.network.settings.binary_share = plan.schedule.binary_share(self._progress)
        kind = self.processes.device.type
        with tensor_cores():
            with torch.autocast(kind, torch.bfloat16, enabled=plan.mixed_precision):
                taught: Answer | None = None
                if state.teacher is not None and plan.distillation is not None:
                    with torch.no_grad():
                        taught = state.teacher(batch.images)
                answer = cast(Answer, trained(batch.images))
            distillation = plan.distillation or Distillation()
            loss = distillation.loss(answer, batch.labels, taught)
            state.optimizer.zero_grad()
            loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIPPED_NORM)
        state.optimizer.step()
        value, count = loss.item(), len(batch.labels)
        if not isfinite(value):
            raise UserError(
                f"the loss is {value} in epoch {position.epoch + 1}: try a lower learning rate"
            )
        position.batch += 1
        position.seen += count
        position.loss += value * count
        position.right += int((answer.logits.argmax(dim=1) == batch.labels).sum())
        return rate

    def measure(self, network: Network) -> Measured:
        """How well a network does on all images for validation."""
        network.eval()
        loss, right, count = 0.0, 0, 0
        for logits, labels in self._answers(network, self.validation):
            loss += functional.cross_entropy(logits, labels, reduction="sum").item()
            right += int((logits.argmax(dim=1) == labels).sum())
            count += len(labels)
        loss, all_right, all_count = self.processes.sums([loss, right, count])
        return Measured(loss / all_count, int(all_right), int(all_count))

    @torch.no_grad()
    def _answers(self, network: Network, images: Loader) -> Iterator[tuple[Tensor, Tensor]]:
        """Logits and labels of this process's share of images."""
        rank, count = self.processes.rank, self.processes.count
        for number, batch in enumerate(images.in_order(self.plan.batch_size)):
            if number % count == rank:
                yield network(batch.images).logits.float(), batch.labels
