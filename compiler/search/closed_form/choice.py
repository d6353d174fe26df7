"""The parameters of an accelerator's engines, and what an engine takes with them."""

from __future__ import annotations

from dataclasses import dataclass

from vaqf.compiler.search.workload import (
    Engine,
    Matmul,
    Member,
)
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

    def matmul_tile(self, engine: Matmul) -> tuple[int, int, int]:
        """Output channels, input channels and tokens of one cycle."""
        sizes = self.tiling.binary_matmul if engine.weight_bits == 1 else self.tiling.integer_matmul
        outputs, inputs, tokens = sizes
        return outputs, inputs, tokens


@dataclass(frozen=True)
class Cost:
    """What an engine takes."""

    cycles: tuple[int, ...]
    """Of each of its calls."""

    resources: Resources

    def members(self, engine: Engine) -> dict[Member, int]:
        """Cycles of the engine's calls, by what they pass."""
        return {
            (engine.name, call.numbers): cycles
            for call, cycles in zip(engine.calls, self.cycles, strict=True)
        }
