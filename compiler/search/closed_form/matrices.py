"""Matrices of activations."""

from __future__ import annotations

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
    if not choice.uram:
        alike = workload.matrices_alike
        return sum((matrix(each, workload, choice) * count for each, count in alike), Resources())
    usual = [matrix(each, workload, choice) for each in workload.matrices]
    ultra = [matrix(each, workload, choice, ultra=True) for each in workload.matrices]
    pairs = list(zip(usual, ultra, strict=True))
    chosen = in_ultra_rams(pairs, choice.uram)
    return sum((pair[in_ultra] for pair, in_ultra in zip(pairs, chosen, strict=True)), Resources())


def matrix(record: Matrix, workload: Workload, choice: Choice, *, ultra: bool = False) -> Resources:
    """What a matrix of activations takes."""
    tiles = {
        each.name: choice.matmul_tile(each) for each in workload.engines if isinstance(each, Matmul)
    }
    banks = lcm(*(tiles[name][2] for name in record.readers)) if record.readers else 1
    every = lcm(
        *(
            tokens
            for *_, tokens in (
                choice.tiling.binary_matmul,
                choice.tiling.integer_matmul,
            )
        )
    )
    return matrix_storage(
        record.channels,
        record.bits,
        lanes=choice.tiling.lanes,
        channel_slots=lcm(choice.tiling.binary_matmul[0], choice.tiling.integer_matmul[0]),
        token_slots=ceil(workload.tokens / every) * every,
        banks=banks,
        ultra=ultra,
    )
