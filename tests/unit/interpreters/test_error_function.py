"""The error function against the one of the standard library."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vaqf.interpreters.error_function import error_function


@given(x=st.floats(width=32, allow_nan=False))
def test_error_function(x: float):
    (found,) = error_function(np.array([x], np.float32)).tolist()
    assert abs(found - math.erf(x)) <= 6e-8
    assert abs(found - math.erf(x)) <= 1e-7 * abs(math.erf(x)) + 1e-45


def test_shape_and_elements():
    found = error_function(np.zeros((2, 3), np.float32))
    assert found.shape == (2, 3) and found.dtype == np.float32


def test_limits():
    found = error_function(np.array([np.inf, -np.inf, np.nan], np.float32))
    assert found[0] == 1 and found[1] == -1 and np.isnan(found[2])
