"""What the memory outside of the device gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Count = TypeVar("Count", int, NDArray[np.int64])
"""A number, or many at once."""


@dataclass(frozen=True)
class Bandwidth:
    """What all ports of an accelerator together can read and write."""

    word_bits: int
    """Width of a port, and of what it moves in a cycle."""

    memory_bits: int | None = None
    """Bits a cycle of all ports together; None for as many as they take."""

    def cycles(self, words: Count) -> Count:
        """Cycles that so many words take at least, whatever ports they go through."""
        if self.memory_bits is None:
            return words * 0
        return -(-words * self.word_bits // self.memory_bits)
