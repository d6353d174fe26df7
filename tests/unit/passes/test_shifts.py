"""The shift of a group of layers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects import test
from xdsl.ir import Operation
from xdsl.utils.exceptions import PassFailedException

from vaqf.interpreters.arithmetic.integers import OutOfRangeError
from vaqf.interpreters.arithmetic.weights import requantize_parameters
from vaqf.passes.shifts import MAXIMUM_SHIFT, Epilogue, Group, largest_shift, shared_shifts

factors = st.floats(1e-9, 60_000)
offsets = st.floats(0, 1e13)


@pytest.mark.parametrize(
    ("epilogue", "shift"),
    [
        (Epilogue(0.0), MAXIMUM_SHIFT),
        (Epilogue(2.0**-30), MAXIMUM_SHIFT),
        (Epilogue(1.0), 16),
        (Epilogue(0.5), 17),
        # 131,071.4 is rounded down and fits, 131,071.5 is rounded up and does not.
        (Epilogue(131_071.4 / 2**20), 20),
        (Epilogue(131_071.5 / 2**20), 19),
        (Epilogue(65_535.0), 1),
        # Without a bias, the half that makes the shift round is all of the offset.
        (Epilogue(0.0, 2.0**30), 16),
        (Epilogue(1.0, 2.0**40), 6),
    ],
)
def test_largest_shift(epilogue: Epilogue, shift: int):
    assert largest_shift([epilogue]) == shift


@given(factors, offsets)
def test_one_more_does_not_fit(factor: float, offset: float):
    """The interpreter takes the parameters with this shift, and refuses them with the next."""
    epilogue = Epilogue(float(np.float32(factor)), float(np.float32(offset)))
    if not epilogue.fits(1):
        return
    shift = largest_shift([epilogue])

    def parameters(shift: int):
        return requantize_parameters(
            np.array([factor], np.float32),
            np.array([offset], np.float32),
            input_scale=1.0,
            output_scale=1.0,
            output_bits=8,
            shift=shift,
        )

    parameters(shift)
    if shift < MAXIMUM_SHIFT:
        with pytest.raises(OutOfRangeError):
            parameters(shift + 1)


@given(st.lists(st.builds(Epilogue, factors, st.floats(0, 1e6)), min_size=1))
def test_a_group_has_the_smallest_shift_of_its_layers(epilogues: list[Epilogue]):
    assert largest_shift(epilogues) == min(largest_shift([each]) for each in epilogues)


def test_groups_do_not_share():
    first, second, other = (test.TestOp.create() for _ in range(3))
    shifts = shared_shifts(
        {
            first: (Group("narrow", 8), Epilogue(1.0)),
            second: (Group("narrow", 8), Epilogue(0.25)),
            other: (Group("wide", 8), Epilogue(0.125)),
        }
    )
    assert shifts == {first: 16, second: 16, other: 19}


def test_widths_of_an_engine_share_what_leaves_enough_of_a_multiplier():
    """A layer of other widths joins the largest that is at most 2^7 times larger."""
    ops: list[Operation] = [test.TestOp.create() for _ in range(5)]
    factors = (1.0, 2.0**-20, 2.0**-7, 2.0**-8, 2.0**-15)
    groups = (
        Group("engine", 4),
        Group("engine", 4),
        *(Group("engine", each) for each in (6, 8, 16)),
    )
    layers = dict(zip(ops, zip(groups, map(Epilogue, factors), strict=True), strict=True))
    # Equal widths share in any case: the second layer does, whose multiplier vanishes.
    assert list(shared_shifts(layers).values()) == [16, 16, 16, 24, 24]


def test_names_the_layer_that_fits_no_shift():
    op = test.TestOp.create()
    with pytest.raises(PassFailedException, match=r"'test\.op': needs to multiply by up to 65536 "):
        shared_shifts(
            {
                test.TestOp.create(): (Group(0, 8), Epilogue(1.0)),
                op: (Group(0, 8), Epilogue(65_536.0)),
            }
        )
