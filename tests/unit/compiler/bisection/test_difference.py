"""Tests of measuring how far results are apart."""

from math import inf, nan

import numpy as np
import pytest
from numpy.typing import NDArray

from vaqf.compiler.bisection.difference import Difference, Refusal


def array(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def test_the_largest_of_all_outputs_counts() -> None:
    expected = {"a": array(1, 2, -8, 4), "b": array(1, 1)}
    actual = {"a": array(1, 2, -6, 3), "b": array(1, 2)}
    found = Difference.between(expected, actual, samples=2)
    assert (found.error, found.relative, found.sample) == (2, 0.25, 1)
    assert str(found) == "max error 2 in 'a', sample 1"


def test_values_that_are_no_numbers() -> None:
    same = {"a": array(nan, inf, 1)}
    assert str(Difference.between(same, same)) == "no difference"
    for wrong in (array(0, inf, 1), array(nan, -inf, 1), array(nan, inf, nan)):
        assert Difference.between(same, {"a": wrong}).error == inf


def test_axes_of_length_one_do_not_count() -> None:
    values = array(1, 2, 3, 4)
    expected, actual = {"a": values.reshape(1, 2, 2)}, {"a": values.reshape(2, 2)}
    assert Difference.between(expected, actual).error == 0


@pytest.mark.parametrize(
    ("actual", "message"),
    [
        ({"a": array(1, 2, 3)}, "'a' has shape (3,), expected (2,)"),
        ({"b": array(1, 2)}, "outputs are 'b', expected 'a'"),
        ({"a": array(1, nan)}, "'a' is nan, expected 2.0"),
        (Refusal("no rule"), "cannot be executed: no rule"),
    ],
)
def test_what_cannot_be_compared(
    actual: dict[str, NDArray[np.float32]] | Refusal, message: str
) -> None:
    found = Difference.between({"a": array(1, 2)}, actual)
    assert found.error == found.relative == inf
    assert str(found) == message
