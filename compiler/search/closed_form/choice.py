"""The parameters of an accelerator's engines, and what an engine takes with them."""

from __future__ import annotations

from dataclasses import dataclass

from vaqf.compiler.search.workload import (
    Engine,
    Matmul,
    Member,
    Spent,
)
from vaqf.passes.bandwidth import Bandwidth
from vaqf.passes.costs.resources import Resources
from vaqf.passes.tile_engines import TileEnginesPass


@dataclass(frozen=True)
class Choice:
    """The parameters of all engines."""

    tiling: TileEnginesPass
    """Sizes of the engines."""

    vector_lanes: int
    """Elements that vector units take in one cycle."""

    word_bits: int
    """Width of the ports."""

    uram: int = 0
    """UltraRAMs that matrices of activations may take."""

    memory_bits: int | None = None
    """Bits a cycle of all ports together; None for as many as they take."""

    @property
    def bandwidth(self) -> Bandwidth:
        """What the memory outside of the device gives."""
        return Bandwidth(self.word_bits, self.memory_bits)

    def matmul_tile(self, engine: Matmul) -> tuple[int, int, int]:
        """Output channels, input channels and tokens of one cycle."""
        sizes = self.tiling.binary_matmul if engine.weight_bits == 1 else self.tiling.integer_matmul
        outputs, inputs, tokens = sizes
        return outputs, inputs, tokens


@dataclass(frozen=True)
class Cost:
    """What an engine takes."""

    calls: tuple[Spent, ...]
    """Each of its calls, when no port has to wait for the memory outside of the device."""

    resources: Resources

    def members(self, engine: Engine) -> dict[Member, Spent]:
        """The engine's calls, by what they pass."""
        return {
            (engine.name, call.numbers): spent
            for call, spent in zip(engine.calls, self.calls, strict=True)
        }
