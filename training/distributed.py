"""Which part of the work a process does. `torchrun` starts the processes, torch joins them."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import distributed

from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class Processes:
    """The processes of a training."""

    rank: int = 0
    """Of this one."""

    count: int = 1

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    """What this one computes on."""

    @property
    def is_first(self) -> bool:
        """Whether this process writes files and tells what happens."""
        return self.rank == 0

    def share(self, size: int) -> slice:
        """The part of a batch of `size` images that this process takes."""
        return slice(size * self.rank // self.count, size * (self.rank + 1) // self.count, size)

    def sums(self, numbers: Sequence[float]) -> Sequence[float]:
        """Numbers added up over all processes."""
        if self.count == 1:
            return numbers
        total = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        distributed.all_reduce(total)
        return [float(each) for each in total]

    def wait(self) -> None:
        """Until all have come here."""
        if self.count > 1:
            distributed.barrier()


@contextmanager
def processes(device: str | None) -> Generator[Processes]:
    """
    Join the processes that `torchrun` has started; there is one without it.

    Args:
        device: What to compute on; None for a GPU where there is one.

    Raises:
        UserError: when there is no such device, or another of them has ended early; that one says
            why.
    """
    local = int(os.environ.get("LOCAL_RANK", "0"))
    name = device or ("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: torch finds no GPU here")
    chosen = torch.device(name, local) if name == "cuda" else torch.device(name)
    if "WORLD_SIZE" not in os.environ:
        yield Processes(device=chosen)
        return
    if chosen.type == "cuda":
        torch.cuda.set_device(chosen)
    backend = "nccl" if chosen.type == "cuda" else "gloo"
    distributed.init_process_group(backend)
    try:
        yield Processes(distributed.get_rank(), distributed.get_world_size(), chosen)
    except RuntimeError as error:
        # Gloo has no error of its own, and says where in its sources it gave up.
        if isinstance(error, distributed.DistError) or backend in str(error).lower():
            raise UserError("another process of this training has ended early") from error
        raise
    finally:
        distributed.destroy_process_group()
