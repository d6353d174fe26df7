"""Matrices of activations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, lcm

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.workload import (
    Matmul,
    Matrix,
    Workload,
)
from vaqf.passes.costs.memories import (
    in_ultra_rams,
    matrix_storage,
)
from vaqf.passes.costs.resources import Resources


def matrices(workload: Workload, choice: Choice) -> Resources:
    """What all matrices of activations take, some of them in UltraRAMs."""
    split = Split.of(workload, choice)
    if not choice.uram:
        alike = workload.matrices_alike
        return sum((split.matrix(each) * count for each, count in alike), Resources())
    usual = [split.matrix(each) for each in workload.matrices]
    ultra = [split.matrix(each, ultra=True) for each in workload.matrices]
    pairs = list(zip(usual, ultra, strict=True))
    chosen = in_ultra_rams(pairs, choice.uram)
    return sum((pair[in_ultra] for pair, in_ultra in zip(pairs, chosen, strict=True)), Resources())


@dataclass(frozen=True)
class Split:
    """How matrices of activations are split over memories."""

    lanes: int
    channel_slots: int
    token_slots: int

    banks: Mapping[str, int]
    """Tokens that each engine for linear layers reads in a cycle."""

    @staticmethod
    def of(workload: Workload, choice: Choice) -> Split:
        """That of an accelerator."""
        one, other = choice.tiling.binary_matmul, choice.tiling.integer_matmul
        tokens = lcm(one[2], other[2])
        return Split(
            choice.tiling.lanes,
            lcm(one[0], other[0]),
            ceil(workload.tokens / tokens) * tokens,
            {
                each.name: choice.matmul_tile(each)[2]
                for each in workload.engines
                if isinstance(each, Matmul)
            },
        )

    def matrix(self, record: Matrix, *, ultra: bool = False) -> Resources:
        """What a matrix of activations takes."""
        return matrix_storage(
            record.channels,
            record.bits,
            lanes=self.lanes,
            channel_slots=self.channel_slots,
            token_slots=self.token_slots,
            banks=lcm(*(self.banks[name] for name in record.readers)),
            ultra=ultra,
        )
