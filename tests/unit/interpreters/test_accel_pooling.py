"""Average pooling on buffers, against its formula and against its engine's steps."""

import numpy as np
import pytest
from xdsl.dialects.builtin import IntegerType
from xdsl.utils.exceptions import InterpretationError
from xdsl.utils.test_value import create_ssa_value

from tests.unit.interpreters.accel_operations import INDEX, index, integers, local, matrix, run
from vaqf.dialects import accel
from vaqf.dialects.quant.formats import IntType, sum_bits
from vaqf.interpreters.accel.buffers import UNDEFINED, new_buffer
from vaqf.interpreters.arithmetic import requantize

MULTIPLIER = create_ssa_value(IntegerType(18))


@pytest.mark.parametrize("bits", [1, 8, 16])
@pytest.mark.parametrize("output_bits", [1, 8, 16])
def test_mean_tokens(bits: int, output_bits: int):
    """Rows 1 and 2 of 4, and 5 of 6 channels."""
    tokens, result = integers(bits, (4, 6)), new_buffer((1, 6))
    op = accel.MeanTokensOp(
        *(matrix(bits, 4, 6), index(), matrix(output_bits, 1, 6), (index(), index())),
        multiplier=70000,
        shift=17,
    )
    run(op, tokens, 1, result, 2, 5)
    expected = requantize.mean_tokens(tokens[1:3, :5], 70000, 17, output_bits)
    assert np.array_equal(result[:, :5], expected)
    assert result[0, 5] == UNDEFINED


def test_rows_that_are_not_there_are_refused():
    op = accel.MeanTokensOp(
        *(matrix(8, 4, 6), index(), matrix(8, 1, 6), (index(), index())), multiplier=1, shift=1
    )
    with pytest.raises(InterpretationError, match=r"averages \(3, 6\), expected \(4, 6\)"):
        run(op, integers(8, (4, 6)), 1, new_buffer((1, 6)), 4, 6)


@pytest.mark.parametrize("bits", [1, 8, 16])
def test_steps_of_the_engine(bits: int):
    """Two tiles of 4 lanes for 6 channels: what hangs over is not there."""
    tokens, lanes, width = integers(bits, (5, 6)), 4, sum_bits(5, IntType(bits, 1.0))
    sums, result = new_buffer((2, lanes)), new_buffer((1, 6))
    fill = accel.FillOp(local(width, 2, lanes), (INDEX,), 0)
    add = accel.AddRowOp(matrix(bits, 5, 6), INDEX, INDEX, local(width, 2, lanes), INDEX)
    store = accel.StoreRescaledOp(
        local(width, 2, lanes), INDEX, MULTIPLIER, matrix(8, 1, 6), INDEX, INDEX, 17
    )
    for tile in range(2):
        run(fill, sums, tile)
        for token in range(5):
            run(add, tokens, token, tile * lanes, sums, tile)
    assert np.array_equal(sums.reshape(-1)[:6], tokens.sum(axis=0))
    for tile in range(2):
        run(store, sums, tile, 26214, result, 0, tile * lanes)
    assert np.array_equal(result, requantize.mean_tokens(tokens, 26214, 17, 8))


def test_a_sum_that_does_not_fit_is_refused():
    add = accel.AddRowOp(matrix(8, 1, 4), INDEX, INDEX, local(8, 1, 4), INDEX)
    sums, full = np.full((1, 4), 100), np.full((1, 4), 28)
    with pytest.raises(InterpretationError, match="128 does not fit 8 bits"):
        run(add, full, 0, 0, sums, 0)


def test_sums_must_start_somewhere():
    add = accel.AddRowOp(matrix(8, 1, 4), INDEX, INDEX, local(10, 1, 4), INDEX)
    with pytest.raises(InterpretationError, match="reads an element that was never written"):
        run(add, integers(8, (1, 4)), 0, 0, new_buffer((1, 4)), 0)
