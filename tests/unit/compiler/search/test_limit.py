"""What a budget could do at best, and where the cycles of an accelerator go."""

from dataclasses import replace

import pytest

from tests.unit.compiler.search.lowering import FAMILIES, MNIST, reference_of
from vaqf.compiler.search.fastest import Search
from vaqf.compiler.search.limit import MEMORY, TILES, limit_of, luts_of_product, products_of
from vaqf.compiler.search.workload import Attention, Call, Matmul
from vaqf.passes.costs.resources import Resources

ROOM = Resources(274_080, 548_160, 2_520, 1_824, 0)


def matmul(bits: int) -> Matmul:
    """An engine that is called for two layers, one of them twice."""
    calls = Call(2, (10, 20, 30, 0)), Call(1, (10, 30, 20, 0))
    return Matmul("binary_matmul", bits, 1, (), None, calls)


def test_products() -> None:
    assert products_of(matmul(8)) == 3 * 10 * 20 * 30
    attention = Attention("attention", 10, 12, 3, 8, 8, 8, 20, None, (Call(2, (0, 2)),))
    # Scores and values of two heads of 4 channels, twice.
    assert products_of(attention) == 2 * 2 * (2 * 4) * 10 * 10


def test_narrower_products_take_fewer_luts() -> None:
    assert 5 < luts_of_product(matmul(8)) < 8
    assert luts_of_product(matmul(4)) < 0.7 * luts_of_product(matmul(8))


@pytest.mark.parametrize("frames", [1, 2])
def test_all_cycles_are_told(frames: int) -> None:
    reference = reference_of(MNIST, 1, 8, frames)
    point = Search(reference, ROOM).fastest()
    assert point is not None
    limit = limit_of(reference, point, ROOM)
    assert limit.cycles < point.estimate.cycles_of_frame
    assert limit.reached == pytest.approx(limit.cycles / point.estimate.cycles_of_frame)
    assert 0 < limit.adders < 1
    assert limit.busy + sum(limit.idle.values()) == pytest.approx(1)
    assert all(share >= 0 for share in limit.idle.values())


def test_what_waits_is_named() -> None:
    """One frame alone waits for attention, LayerNorm and integer weights; of two, one goes on."""
    alone, together = (
        (limit_of(reference, point, ROOM))
        for frames in (1, 2)
        if (reference := reference_of(MNIST, 1, 8, frames))
        and (point := Search(reference, ROOM).fastest())
    )
    assert {"attention", "layer_norm", "integer_matmul", TILES} <= set(alone.idle)
    assert together.busy > alone.busy
    assert together.idle["attention"] < alone.idle["attention"]


def test_a_slow_memory_is_waited_for() -> None:
    reference = reference_of(MNIST, 1, 8, 2, memory_bits=4)
    point = Search(reference, ROOM).fastest()
    assert point is not None
    idle = limit_of(reference, point, ROOM).idle
    assert max(idle, key=lambda why: idle[why]) == MEMORY


def test_without_binary_weights() -> None:
    reference = reference_of(FAMILIES / "timm_fused.legacy17.onnx", 8, 8)
    point = Search(reference, ROOM).fastest()
    assert point is not None
    limit = limit_of(reference, point, ROOM)
    assert limit.adders == limit.busy == 0 and not limit.idle
    half = limit_of(reference, point, replace(ROOM, dsp=ROOM.dsp // 2))
    assert half.cycles == pytest.approx(2 * limit.cycles)
