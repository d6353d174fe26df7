"""Batches of images, decoded by threads ahead of time."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vaqf.training.datasets import Labelled, Pixels, Preprocessing

AHEAD = 4
"""Batches that are prepared before they are needed."""

KEPT_BYTES = 2 << 30
"""Decoded images are kept until they take so much memory."""


class Batch(NamedTuple):
    """Images and their classes."""

    images: Tensor
    """Batch x colours x height x width, as the model takes them."""
    labels: Tensor
    """Batch."""

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(self.images.to(device), self.labels.to(device))


class Loader:
    """Gives batches of images, in any order."""

    def __init__(self, images: Labelled, preprocessing: Preprocessing, *, threads: int = 1):
        self._images, self._preprocessing = images, preprocessing
        self._pool = ThreadPoolExecutor(threads)
        self._kept: dict[int, Pixels] = {}
        shape = (preprocessing.colours, 1, 1)
        self._mean = torch.tensor(preprocessing.mean).reshape(shape)
        self._std = torch.tensor(preprocessing.std).reshape(shape)
        pixels = preprocessing.colours * preprocessing.height * preprocessing.width
        self._most_kept = KEPT_BYTES // pixels

    def __len__(self) -> int:
        """Number of images."""
        return len(self._images)

    def _pixels(self, index: int) -> Pixels:
        if index not in self._kept:
            image = self._images.source.load(int(self._images.indices[index]))
            pixels = self._preprocessing.pixels(image)
            if len(self._kept) >= self._most_kept:
                return pixels
            self._kept[index] = pixels
        return self._kept[index]

    def _batch(self, indices: NDArray[np.int64]) -> Batch:
        pixels = torch.from_numpy(np.stack([self._pixels(int(index)) for index in indices]))
        images = (pixels.float() / 255 - self._mean) / self._std
        return Batch(images, torch.from_numpy(self._images.labels[indices]))

    def batches(self, all_indices: Sequence[NDArray[np.int64]]) -> Iterator[Batch]:
        """
        Batches of those images.

        Raises:
            UserError: when a file is broken.
        """
        waiting: deque[Future[Batch]] = deque()
        try:
            for indices in all_indices:
                waiting.append(self._pool.submit(self._batch, indices))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()

    def in_order(self, size: int, count: int | None = None) -> Iterator[Batch]:
        """The first images, or all of them, as they come."""
        indices = np.arange(len(self) if count is None else min(count, len(self)))
        return self.batches([indices[at : at + size] for at in range(0, len(indices), size)])


def shuffled(count: int, size: int, seed: int, epoch: int) -> Sequence[NDArray[np.int64]]:
    """
    All images in another order in each epoch, in batches of equal size; the rest is left out.

    It depends on nothing else, so that a training that is resumed goes on as it would have.
    """
    order = np.random.default_rng((seed, epoch)).permutation(count)
    return [order[at : at + size] for at in range(0, count - size + 1, size)]
