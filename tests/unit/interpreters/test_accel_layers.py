"""Whole layers on buffers, against the formulas that they are made of."""

import numpy as np
import pytest
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import InterpretationError
from xdsl.utils.test_value import create_ssa_value

from tests.unit.interpreters.accel_operations import dram, index, integers, matrix, run
from vaqf.dialects import accel
from vaqf.interpreters.accel.buffers import UNDEFINED, is_defined, new_buffer
from vaqf.interpreters.arithmetic import layer_norm, layout, matmul, requantize, softmax, tables
from vaqf.interpreters.arithmetic.integers import Integers


def number(width: int) -> SSAValue:
    """An operand that is a number; its value is given when the operation runs."""
    return create_ssa_value(IntegerType(width))


@pytest.mark.parametrize("weight_bits", [1, 8])
@pytest.mark.parametrize("epilogue", [0, 1, 2])
def test_linear(weight_bits: int, epilogue: int):
    """3 tokens of 5 channels, of a matrix of 4 x 6, into rows 1 to 3 of 4 x 7."""
    activation, weight = integers(8, (4, 6)), integers(weight_bits, (7, 5))
    multiplier, offset = integers(18, (7,)), integers(32, (7,))
    table = tables.gelu_table(0.1, 8, 0.1, 8)
    result, before = new_buffer((4, 7)), integers(16, (4, 7))
    residual = before.copy()
    written = matrix(8, 4, 7)
    op = accel.LinearOp(
        *(matrix(8, 4, 6), dram(weight_bits, 7, 5), dram(18, 7), dram(48, 7)),
        table=dram(8, 256),
        destinations=[matrix(16, 4, 7), written, written],
        first=index(),
        sizes=(index(), index(), index()),
        epilogue=index(),
        epilogues=["add", "gelu", "store"],
        shifts=[14, 20, 18],
    )
    run(
        *(op, activation, weight, multiplier, offset, table, residual, result, result),
        *(1, 3, 5, 7, epilogue),
    )
    sums = activation[:3, :5] @ weight.T
    if epilogue == 0:
        rounded = requantize.requantize(sums, multiplier, offset, 14, 16)
        before[1:] = requantize.saturating_add(before[1:], rounded, 16)
        assert (result == UNDEFINED).all()
    elif epilogue == 1:
        rounded = requantize.requantize(sums, multiplier, offset, 20, 8)
        assert np.array_equal(result[1:], tables.lookup(rounded, table, 8, 8))
    else:
        assert np.array_equal(result[1:], requantize.requantize(sums, multiplier, offset, 18, 8))
    assert (result[0] == UNDEFINED).all(), "the first token goes to row 1"
    assert np.array_equal(residual, before)


def test_linear_refuses_other_sizes():
    op = accel.LinearOp(
        *(matrix(8, 4, 6), dram(1, 7, 5), dram(18, 7), dram(48, 7)),
        destinations=[matrix(8, 4, 7)],
        first=index(),
        sizes=(index(), index(), index()),
        epilogues=["store"],
        shifts=[20],
    )
    operands = integers(8, (4, 6)), integers(1, (7, 5)), integers(18, (7,)), integers(48, (7,))
    with pytest.raises(InterpretationError, match=r"multiplies \(4, 4\) by \(7, 5\), expected"):
        run(op, *operands, new_buffer((4, 7)), 4, 4, 4, 4)


def layer_norm_op(
    epilogue: str, written: SSAValue, bits: SSAValue | None = None
) -> accel.LayerNormOp:
    return accel.LayerNormOp(
        *(matrix(16, 5, 6), index(), dram(18, 6), dram(48, 6)),
        destinations=[written],
        first=index(),
        sizes=(index(), index()),
        bits=bits,
        epsilon=7,
        epilogues=[epilogue],
        shifts=[20],
    )


def test_layer_norm():
    tokens, multiplier, offset = integers(16, (5, 6)), integers(18, (6,)), integers(47, (6,))
    result = new_buffer((2, 6))
    op = layer_norm_op("store", matrix(8, 2, 6))
    run(op, tokens, 3, multiplier, offset, result, 0, 2, 6)
    expected = layer_norm.layer_norm(
        *(tokens[3:], multiplier, offset), epsilon=7, shift=20, input_bits=16, output_bits=8
    )
    assert np.array_equal(result, expected)


def test_layer_norm_adds_to_rows_of_the_residual_stream():
    tokens, multiplier, offset = integers(16, (5, 6)), integers(18, (6,)), integers(47, (6,))
    before = integers(16, (7, 6), 1)
    residual = before.copy()
    op = layer_norm_op("add", matrix(16, 7, 6))
    run(op, tokens, 0, multiplier, offset, residual, 2, 5, 6)
    normalized = layer_norm.layer_norm(
        *(tokens, multiplier, offset), epsilon=7, shift=20, input_bits=16, output_bits=16
    )
    assert np.array_equal(residual[:2], before[:2])
    assert np.array_equal(residual[2:], np.clip(before[2:] + normalized, -(2**15), 2**15 - 1))


@pytest.mark.parametrize("bits", [2, 5, 8])
def test_values_of_fewer_bits(bits: int):
    """What is stored has so many bits, and what is added those of its matrix."""
    tokens, multiplier, offset = integers(16, (5, 6)), integers(18, (6,)), integers(47, (6,))
    result, narrow = new_buffer((5, 6)), new_buffer((5, 6))
    op = layer_norm_op("store", matrix(8, 5, 6), number(6))
    run(op, tokens, 0, multiplier, offset, result, 0, 5, 6, bits)
    run(
        layer_norm_op("store", matrix(bits, 5, 6)),
        *(tokens, 0, multiplier, offset, narrow, 0, 5, 6),
    )
    assert np.array_equal(result, narrow)
    added, expected = integers(16, (5, 6)), integers(16, (5, 6))
    op = layer_norm_op("add", matrix(16, 5, 6), number(6))
    run(op, tokens, 0, multiplier, offset, added, 0, 5, 6, bits)
    op = layer_norm_op("add", matrix(16, 5, 6))
    run(op, tokens, 0, multiplier, offset, expected, 0, 5, 6)
    assert np.array_equal(added, expected)


@pytest.mark.parametrize("bits", [None, 3])
def test_attention(bits: int | None):
    query, key, value = (integers(8, (5, 6), seed) for seed in range(3))
    table, result = tables.exponential_table(), new_buffer((5, 6))
    op = accel.AttentionOp(
        *(matrix(8, 5, 6), matrix(8, 5, 6), matrix(8, 5, 6), dram(17, 256)),
        *(number(18), number(18), matrix(8, 5, 6)),
        bits=None if bits is None else number(6),
        heads=2,
        probability_bits=8,
        softmax_shift=17,
        value_shift=20,
    )
    given = () if bits is None else (bits,)
    run(op, query, key, value, table, 100000, 70000, result, *given)
    scores = matmul.attention_scores(query, key, 2, 1 << 40)
    probabilities = softmax.softmax(scores, table, 100000, 17, 8)
    mixed = matmul.attention_values(probabilities, value, 1 << 40)
    assert np.array_equal(result, requantize.rescale(mixed, 70000, 20, bits or 8))


def attention_of_heads(query: Integers, result: Integers, *heads: int) -> None:
    """Attention of three heads of two channels, or of some of them."""
    op = accel.AttentionOp(
        *(matrix(8, 5, 6), matrix(8, 5, 6), matrix(8, 5, 6), dram(17, 256)),
        *(number(18), number(18), matrix(8, 5, 6)),
        some_heads=(index(), index()) if heads else None,
        heads=3,
        probability_bits=8,
        softmax_shift=17,
        value_shift=20,
    )
    table = tables.exponential_table()
    run(op, query, query, query, table, 100000, 70000, result, *heads)


def test_attention_in_parts():
    """Each part writes the channels of its heads, and nothing else."""
    query, whole, parts = integers(8, (5, 6)), new_buffer((5, 6)), new_buffer((5, 6))
    attention_of_heads(query, whole)
    attention_of_heads(query, parts, 2, 1)
    assert np.array_equal(parts[:, 4:], whole[:, 4:]) and not is_defined(parts[:, :4])
    attention_of_heads(query, parts, 0, 2)
    assert np.array_equal(parts, whole)
    with pytest.raises(InterpretationError, match="computes 2 heads from 2 on, there are 3"):
        attention_of_heads(query, parts, 2, 2)


def test_moving_matrices():
    image, patches = integers(8, (3, 4, 6)), new_buffer((4, 18))
    op = accel.ExtractPatchesOp(dram(8, 3, 4, 6), matrix(8, 4, 18), (2, 3), "colours_first")
    run(op, image, patches)
    assert np.array_equal(patches, layout.extract_patches(image, 2, 3))

    source, loaded = integers(16, (5, 6)), new_buffer((5, 6))
    run(accel.LoadMatrixOp(dram(16, 5, 6), matrix(16, 5, 6)), source, loaded)
    assert np.array_equal(loaded, source)
    padded = np.pad(source, ((0, 0), (0, 2)))
    tiles, loaded = padded.reshape(5, 2, 4).transpose(1, 0, 2), new_buffer((5, 6))
    run(accel.LoadMatrixOp(dram(16, 2, 5, 4), matrix(16, 5, 6)), tiles, loaded)
    assert np.array_equal(loaded, source)

    store, stored = accel.StoreMatrixOp(matrix(16, 5, 6), dram(16, 5, 6)), new_buffer((5, 6))
    run(store, source, stored)
    assert np.array_equal(stored, source)
    with pytest.raises(InterpretationError, match="reads an element that was never written"):
        run(store, new_buffer((5, 6)), stored)
