"""
Checkpoints: all that a training needs to go on as if it had never stopped.

There is no state of random numbers in them: the order of images, what augmentation does and which
weights become binary follow from the seed and the position alone.
"""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TypedDict, cast
from zipfile import BadZipFile

import torch
from torch import Tensor

from vaqf.compiler.atomic import write_atomically
from vaqf.dialects.diagnostics import UserError
from vaqf.training.history import Row

VERSION = 1
"""Of what is in the file."""

DAMAGE = (BadZipFile, EOFError, LookupError, RuntimeError, TypeError, ValueError)
"""What torch raises for a file, or for tensors, that it does not expect."""

Tensors = Mapping[str, Tensor]

OptimizerState = dict[str, object]


@dataclass
class Position:
    """How far a training has come."""

    epoch: int = 0
    batch: int = 0
    """Batches of the epoch that are done."""
    seen: int = 0
    """Images of the epoch that are done."""
    loss: float = 0.0
    """Sum of the losses of these."""
    right: float = 0.0
    """How many of these were recognized."""
    seconds: float = 0.0
    """Time that the epoch has taken."""


class _Content(TypedDict):
    version: int
    run: dict[str, str]
    position: dict[str, float]
    network: Tensors
    teacher: Tensors | None
    optimizer: OptimizerState
    history: list[Row]


DIGEST_LENGTH = 64
"""Characters of a SHA-256, by which models and data are known."""


@dataclass
class Checkpoint:
    """All that a training needs to go on."""

    run: Mapping[str, str]
    """What was trained, and how: the same for both parts of a training that is resumed."""
    position: Position
    network: Tensors
    teacher: Tensors | None
    optimizer: OptimizerState
    history: list[Row] = field(default_factory=list[Row])

    def write(self, path: Path) -> None:
        """
        Write it: the file is the old one or the whole new one, whatever happens on the way.

        Raises:
            OSError: when it cannot be written, as when the disk is full.
        """
        content: _Content = {
            "version": VERSION,
            "run": dict(self.run),
            "position": dict(vars(self.position)),
            "network": self.network,
            "teacher": self.teacher,
            "optimizer": self.optimizer,
            "history": self.history,
        }
        out = BytesIO()
        torch.save(content, out)
        write_atomically(path, out.getvalue())

    @staticmethod
    def read(path: Path, run: Mapping[str, str]) -> Checkpoint:
        """
        Read a checkpoint of a training.

        Raises:
            UserError: when it is damaged, or of another training: it names what is different.
            OSError: when it cannot be read.
        """
        try:
            loaded = torch.load(BytesIO(path.read_bytes()), map_location="cpu", weights_only=True)
            if not isinstance(loaded, dict):
                raise TypeError("no dictionary")
            content = cast(_Content, loaded)
            found, version = dict(content["run"]), content["version"]
        except (*DAMAGE, pickle.UnpicklingError):
            raise UserError(f"{path}: is no checkpoint of vaqf train, or is damaged") from None
        if version != VERSION:
            raise UserError(f"{path}: is a checkpoint of version {version}, expected {VERSION}")
        for name, value in run.items():
            if (before := found.get(name)) != value:
                # Nobody can read digests.
                change = f"was {before}, and is {value} now"
                if len(value) == DIGEST_LENGTH:
                    change = "is not the same"
                raise UserError(f"{path}: is of another training: {name} {change}")
        position = Position(**content["position"])  # pyright: ignore[reportArgumentType]
        return Checkpoint(
            found,
            position,
            content["network"],
            content["teacher"],
            content["optimizer"],
            content["history"],
        )
