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

from vaqf.compiler.evaluation.preprocessing import Preprocessing
from vaqf.compiler.images import Labelled, Pixels, spread

AHEAD = 4
"""Batches that are prepared before they are needed."""

KEPT_BYTES = 2 << 30
"""Decoded images are kept until they take so much memory."""


CPU = torch.device("cpu")


class Batch(NamedTuple):
    """Images and their classes."""

    images: Tensor
    """Batch x colours x height x width, as the model takes them."""
    labels: Tensor
    """Batch."""


class Loader:
    """Gives batches of images, in any order."""

    def __init__(
        self,
        images: Labelled,
        preprocessing: Preprocessing,
        *,
        threads: int = 1,
        device: torch.device = CPU,
    ):
        """
        Args:
            images: Where they are.
            preprocessing: What is done to them.
            threads: That read them.
            device: Where batches are wanted.
        """
        self._images, self._preprocessing, self._device = images, preprocessing, device
        self._pool = ThreadPoolExecutor(threads)
        colours, height, width = preprocessing.shape
        kept = min(len(images), KEPT_BYTES // (colours * height * width))
        # Memory is taken for what is written into it.
        self._kept = np.empty((kept, colours, height, width), np.uint8)
        self._is_kept = np.zeros(len(images), bool)
        shape = (colours, 1, 1)
        self._mean = torch.tensor(preprocessing.mean, device=device).reshape(shape)
        self._std = torch.tensor(preprocessing.std, device=device).reshape(shape)

    def __len__(self) -> int:
        """Number of images."""
        return len(self._images)

    def _load(self, index: int) -> Pixels:
        image = self._images.source.load(int(self._images.indices[index]))
        pixels = self._preprocessing.pixels(image)
        if index < len(self._kept):
            self._kept[index] = pixels
            self._is_kept[index] = True
        return pixels

    def _pixels(self, indices: NDArray[np.int64]) -> Pixels:
        if self._is_kept[indices].all():
            return self._kept[indices]
        return np.stack(
            [self._kept[each] if self._is_kept[each] else self._load(int(each)) for each in indices]
        )

    def _batch(self, indices: NDArray[np.int64]) -> Batch:
        """With the pixels as they are in files: a quarter of what the model takes is moved."""
        pixels, labels = self._pixels(indices), self._images.labels[indices]
        return Batch(torch.from_numpy(pixels), torch.from_numpy(labels))

    def _on_device(self, batch: Batch) -> Batch:
        pixels, labels = batch.images.to(self._device), batch.labels.to(self._device)
        return Batch((pixels.float() / 255 - self._mean) / self._std, labels)

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
                    yield self._on_device(waiting.popleft().result())
            while waiting:
                yield self._on_device(waiting.popleft().result())
        finally:
            for each in waiting:
                each.cancel()

    def in_order(self, size: int, count: int | None = None) -> Iterator[Batch]:
        """So many of the images, of all classes, or all of them, in their order."""
        indices = spread(len(self), len(self) if count is None else count)
        return self.batches([indices[at : at + size] for at in range(0, len(indices), size)])


def shuffled(count: int, size: int, seed: int, epoch: int) -> Sequence[NDArray[np.int64]]:
    """
    All images in another order in each epoch, in batches of equal size; the rest is left out.

    It depends on nothing else, so that a training that is resumed goes on as it would have.
    """
    order = np.random.default_rng((seed, epoch)).permutation(count)
    return [order[at : at + size] for at in range(0, count - size + 1, size)]
