"""Tests of delta debugging."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from vaqf.compiler.bisection.minimal import minimal


@given(st.integers(0, 40), st.sets(st.integers(0, 39)))
def test_only_what_is_needed_is_kept(count: int, needed: set[int]) -> None:
    needed = {each for each in needed if each < count}
    assert minimal(range(count), lambda kept: needed <= set(kept)) == sorted(needed)


@given(st.lists(st.integers(-5, 5), max_size=20), st.integers(1, 20))
def test_nothing_can_be_left_out(numbers: list[int], least: int) -> None:
    def holds(kept: Sequence[int]) -> bool:
        return sum(kept) >= least

    if holds(numbers):
        found = minimal(numbers, holds)
        assert holds(found)
        assert not any(holds(found[:index] + found[index + 1 :]) for index in range(len(found)))


def test_parts_are_tried_before_single_ones() -> None:
    tried = list[int]()

    def holds(kept: Sequence[int]) -> bool:
        tried.append(len(kept))
        return 3 in kept

    assert minimal(range(1024), holds) == [3]
    assert len(tried) < 50
