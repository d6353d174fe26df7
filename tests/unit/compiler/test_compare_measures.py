"""How far apart two tensors are."""

from math import inf, log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import ArrayLike, NDArray

from vaqf.compiler.compare.comparison import Criterion
from vaqf.compiler.compare.measures import WORST_VALUES, Measure
from vaqf.dialects.diagnostics import UserError

Floats = NDArray[np.float32]


def measure(reference: ArrayLike, other: ArrayLike) -> Measure:
    found = Measure()
    found.add(0, np.array(reference, np.float32), np.array(other, np.float32))
    return found


def test_a_difference_is_measured_against_the_largest_magnitude() -> None:
    found = measure([[3.0, -4.0], [0.0, 1.0]], [[3.0, -4.0], [0.5, 1.0]])
    assert (found.maximum, found.magnitude, found.relative) == (0.5, 4.0, 0.125)
    assert (found.differing, found.count) == (1, 4)
    assert found.sqnr == pytest.approx(10 * log10(26 / 0.25))
    assert found.cosine == pytest.approx(26 / (26 * 26.25) ** 0.5)
    (worst,) = found.worst
    assert (worst.sample, worst.index, worst.reference, worst.other) == (0, (1, 0), 0.0, 0.5)


def test_equal_tensors() -> None:
    found = measure([1.0, -2.0], [1.0, -2.0])
    assert (found.maximum, found.relative, found.sqnr, found.differing) == (0, 0, inf, 0)
    assert found.cosine == pytest.approx(1) and not found.worst


def test_a_reference_of_zeros() -> None:
    assert measure([0.0], [0.0]).relative == 0
    assert measure([0.0], [0.0]).cosine == 1
    found = measure([0.0, 0.0], [0.0, 1.0])
    assert (found.relative, found.sqnr, found.cosine) == (inf, -inf, 0)


def test_numbers_that_are_not_finite() -> None:
    same = measure([np.nan, np.inf, 1.0], [np.nan, np.inf, 1.0])
    assert (same.maximum, same.differing, same.sqnr) == (0, 0, inf)
    for other in (np.nan, np.inf, -np.inf):
        found = measure([1.0, 2.0], [1.0, other])
        assert (found.maximum, found.relative, found.sqnr) == (inf, inf, -inf)
        assert found.worst[0].index == (1,)


def test_signs_of_zero_are_a_bit_without_an_error() -> None:
    found = measure([0.0, 1.0], [-0.0, 1.0])
    assert (found.differing, found.maximum) == (1, 0)
    assert Criterion(0.0).is_beyond(found) is False
    assert Criterion(exact=True).is_beyond(found) is True


def test_integers() -> None:
    found = Measure()
    found.add(0, np.array([7, -8]), np.array([7, -7]))
    assert (found.differing, found.maximum, found.relative) == (1, 1, 0.125)


def test_samples_add_up() -> None:
    reference, other = np.arange(12, dtype=np.float32), np.arange(12, dtype=np.float32) * 1.5
    together, apart = measure(reference, other), Measure()
    apart.add(0, reference[:6], other[:6])
    apart.add(1, reference[6:], other[6:])
    assert apart.sqnr == pytest.approx(together.sqnr)
    assert apart.cosine == pytest.approx(together.cosine)
    assert (apart.count, apart.maximum, apart.magnitude) == (12, 5.5, 11)
    assert [(each.sample, each.index) for each in apart.worst[:2]] == [(1, (5,)), (1, (4,))]


def test_few_values_are_kept() -> None:
    found = Measure()
    for sample in range(3):
        found.add(sample, np.zeros(50, np.float32), np.arange(50, dtype=np.float32) + sample)
    assert len(found.worst) == WORST_VALUES
    assert [each.error for each in found.worst[:4]] == [51, 50, 50, 49]


FINITE = arrays(np.float32, 7, elements=st.floats(-1e6, 1e6, width=32))


@given(FINITE, FINITE)
def test_bounds(reference: Floats, other: Floats) -> None:
    found = measure(reference, other)
    assert -1.0001 <= found.cosine <= 1.0001
    assert (found.maximum == 0) == (found.relative == 0)
    assert found.differing >= np.count_nonzero(reference != other)
    assert found.maximum == np.abs(reference.astype(np.float64) - other).max()


def test_a_negative_tolerance() -> None:
    with pytest.raises(UserError, match="the tolerance is -1, it must not be negative"):
        Criterion(-1.0)
    with pytest.raises(UserError, match="the tolerance is nan"):
        Criterion(float("nan"))
