"""Training is the same whether it is stopped and resumed or not."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import csv
import errno
import os
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
import torch

import vaqf.training.checkpoint
from tests.models.fixtures import FOLDER
from vaqf.compiler.images import Dataset, read_dataset
from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx import ModelFile
from vaqf.training.augmentation import AUGMENTATIONS
from vaqf.training.distributed import Processes, processes
from vaqf.training.history import Logs, Row
from vaqf.training.precision import Precision
from vaqf.training.schedule import Schedule
from vaqf.training.trainer import CHECKPOINT, Plan, Trainer

torch.set_num_threads(1)

PLAN = Plan(Schedule(1, 1, 1, 1), Precision(activation_bits=4), batch_size=7)

SHARED = replace(PLAN, schedule=Schedule(1, 1, 0, 0), batch_size=8)
"""Without rounded activations, whose last bits another order of sums moves over an edge."""


class Stopped(Exception):
    """As if the process were killed."""


class Silence:
    """Shows nothing, and stops the training behind some batch."""

    def __init__(self, last: int | None = None):
        self.last, self.done = last, 0

    def begin(self, row: Row, batches: int, done: int) -> None:
        pass

    def step(self, loss: float, accuracy: float, rate: float) -> None:
        self.done += 1
        if self.done == self.last:
            raise Stopped

    def end(self, row: Row) -> None:
        pass


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    file = tmp_path_factory.mktemp("data") / "d.npz"
    images = np.random.default_rng(0).integers(0, 256, (35, 16, 16, 3), np.uint8)
    np.savez(file, images=images, labels=np.arange(35) % 7)
    return read_dataset(file)


def trainer(data: Dataset, folder: Path, plan: Plan = PLAN, seconds: float = 0.0) -> Trainer:
    folder.mkdir(exist_ok=True)
    model = ModelFile.open(FOLDER / "timm_fused.legacy17.onnx")
    return Trainer(model, data, None, plan, folder, Processes(), checkpoint_seconds=seconds)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / CHECKPOINT, weights_only=True)["network"]


def test_a_stopped_training_goes_on_to_the_same_weights(data: Dataset, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    trainer(data, whole).train(Silence(), Logs(whole))
    parts = tmp_path / "parts"
    # While weights become binary, and in integers.
    for number, last in enumerate((5, 8)):
        part = trainer(data, parts)
        if number:
            part.resume()
        with pytest.raises(Stopped):
            part.train(Silence(last), Logs(parts))
    final = trainer(data, parts)
    final.resume()
    final.train(Silence(), Logs(parts))
    expected, found = weights(whole), weights(parts)
    assert expected.keys() == found.keys()
    for name, each in expected.items():
        assert torch.equal(each, found[name]), name
    rows = [(folder / "history.csv").read_text().splitlines() for folder in (whole, parts)]
    # The last column is the time.
    assert [row.rpartition(",")[0] for row in rows[0]] == [
        row.rpartition(",")[0] for row in rows[1]
    ]
    assert [row.split(",")[1] for row in rows[0][1:]] == [
        "float",
        "binarize",
        "activations",
        "integers",
    ]


def test_a_checkpoint_of_another_training(data: Dataset, tmp_path: Path) -> None:
    plan = replace(PLAN, schedule=Schedule(1, 0, 0, 0))
    trainer(data, tmp_path, plan).train(Silence(), Logs(tmp_path))
    with pytest.raises(UserError, match="of another training: seed was 0, and is 1 now"):
        trainer(data, tmp_path, replace(plan, seed=1)).resume()
    with pytest.raises(UserError, match=r"of another training: the data is not the same$"):
        trainer(replace(data, digest="0" * 64), tmp_path, plan).resume()
    path = tmp_path / CHECKPOINT
    content = torch.load(path, weights_only=True)
    content["network"].popitem()
    torch.save(content, path)
    with pytest.raises(UserError, match="does not hold the state of this training"):
        trainer(data, tmp_path, plan).resume()
    torch.save(torch.zeros(3), path)
    with pytest.raises(UserError, match="is no checkpoint of vaqf train, or is damaged"):
        trainer(data, tmp_path, plan).resume()
    path.write_bytes(path.read_bytes()[:999])
    with pytest.raises(UserError, match="is no checkpoint of vaqf train, or is damaged"):
        trainer(data, tmp_path, plan).resume()


def test_a_full_disk_loses_no_checkpoint(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = trainer(data, tmp_path, seconds=1e9)
    with pytest.raises(Stopped):
        first.train(Silence(7), Logs(tmp_path))
    before = (tmp_path / CHECKPOINT).read_bytes()

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vaqf.training.checkpoint, "write_atomically", full)
    second = trainer(data, tmp_path)
    second.resume()
    with pytest.raises(UserError, match=r"No space left on device, the one before is still there"):
        second.train(Silence(), Logs(tmp_path))
    assert (tmp_path / CHECKPOINT).read_bytes() == before


@contextmanager
def joined_by_torchrun(rank: int, port: int) -> Generator[Processes]:
    """What `torchrun` starts: a process with its number in the environment."""
    places = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": 2, "MASTER_PORT": port}
    os.environ.update({name: str(value) for name, value in places.items()})
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    with processes("cpu") as joined:
        yield joined


def learn_in_process(rank: int, port: int, data: Dataset, folder: Path) -> None:
    with joined_by_torchrun(rank, port) as joined:
        model = ModelFile.open(FOLDER / "timm_fused.legacy17.onnx")
        part = Trainer(model, data, None, SHARED, folder, joined)
        part.train(Silence(), Logs(folder))


def exit_codes(
    work: Callable[[int, int, Dataset, Path], None], data: Dataset, folder: Path
) -> list[int | None]:
    """How two processes end that are given their number and a port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = get_context("fork")
    started = [context.Process(target=work, args=(rank, port, data, folder)) for rank in (0, 1)]
    for each in started:
        each.start()
    for each in started:
        each.join(60)
    return [each.exitcode for each in started]


def test_two_processes_learn_as_one(data: Dataset, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    trainer(data, one, SHARED).train(Silence(), Logs(one))
    two.mkdir()
    assert exit_codes(learn_in_process, data, two) == [0, 0]
    for name in ("loss", "validation_loss"):
        assert column(two, name) == pytest.approx(column(one, name), abs=1e-5)


def end_alone(rank: int, port: int, data: Dataset, folder: Path) -> None:
    """The first process ends as one that was killed does; the other one waits for it."""
    try:
        with joined_by_torchrun(rank, port) as joined:
            joined.wait()
            if joined.is_first:
                os._exit(9)
            joined.sums([0.0])
    except UserError as error:
        (folder / "told").write_text(str(error))
        raise SystemExit(2) from error


def test_a_process_that_ends_is_told_by_the_other(data: Dataset, tmp_path: Path) -> None:
    assert exit_codes(end_alone, data, tmp_path) == [9, 2]
    told = "another process of this training has ended early"
    assert (tmp_path / "told").read_text() == told


def column(folder: Path, name: str) -> list[float]:
    with (folder / "history.csv").open() as file:
        return [float(row[name]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("name", ["shapes", "photos", "strong"])
def test_an_image_is_changed_alike_in_any_process(name: str) -> None:
    change = AUGMENTATIONS[name]
    assert change is not None
    images = torch.rand(6, 3, 8, 8, generator=torch.Generator().manual_seed(0))

    def changed(rank: int, count: int) -> torch.Tensor:
        share = Processes(rank, count).share(6)
        own = images[share.start : share.stop]
        return change(own, torch.Generator().manual_seed(1), share)

    whole = changed(0, 1)
    assert not torch.equal(whole, images)
    assert torch.allclose(torch.cat([changed(0, 2), changed(1, 2)]), whole, atol=1e-6)
