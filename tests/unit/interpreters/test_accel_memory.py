"""What makes, prepares and selects buffers."""

import numpy as np
import pytest
from xdsl.dialects import memref
from xdsl.dialects.builtin import DYNAMIC_INDEX, IntegerType, MemRefType, TensorType
from xdsl.utils.exceptions import InterpretationError
from xdsl.utils.test_value import create_ssa_value

from tests.unit.interpreters.accel_operations import INDEX, dram, integers, matrix, run
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import DRAM, LOCAL, buffer_type
from vaqf.interpreters.accel.buffers import counting, defined, fitting, is_defined, new_buffer
from vaqf.interpreters.arithmetic import tables
from vaqf.interpreters.arithmetic.integers import clamp


def test_buffer_has_junk():
    (buffer,) = run(accel.BufferOp(buffer_type(8, (2, 3), LOCAL)))
    assert buffer.shape == (2, 3) and not is_defined(buffer)
    buffer[:] = 0
    assert is_defined(buffer)
    buffer[1, 2] = new_buffer((1,))[0]
    with pytest.raises(InterpretationError, match="reads an element that was never written"):
        defined(buffer)
    assert np.array_equal(defined(buffer[:1]), [[0, 0, 0]])


@pytest.mark.parametrize(
    ("values", "bits", "misfit"),
    [
        ([-128, 127], 8, None),
        ([-129, 0], 8, -129),
        ([0, 128], 8, 128),
        ([-1, 1], 1, None),
        ([2, 1], 1, 2),
        ([-(1 << 47), (1 << 47) - 1], 48, None),
        ([1 << 47], 48, 1 << 47),
        ([], 1, None),
    ],
)
def test_fitting(values: list[int], bits: int, misfit: int | None):
    array = np.array(values, np.int64)
    if misfit is None:
        assert fitting(array, bits) is array
    else:
        with pytest.raises(InterpretationError, match=f"^{misfit} does not fit {bits} bits$"):
            fitting(array, bits)


@pytest.mark.parametrize(
    ("first", "size", "limit", "expected"),
    [
        (0, 8, None, 4),
        (4, 8, None, 4),
        (4, 7, 7, 3),
        (4, 8, 7, 3),
        (8, 8, 8, 0),
        (12, 8, 8, 0),
        (0, 8, 8, 4),
    ],
)
def test_counting_lanes(first: int, size: int, limit: int | None, expected: int):
    assert counting(first, 4, size, limit) == expected


@pytest.mark.parametrize(("first", "size", "limit"), [(4, 7, None), (4, 7, 8), (8, 7, None)])
def test_lanes_without_elements(first: int, size: int, limit: int | None):
    with pytest.raises(InterpretationError, match=r"hangs over the end of 7 elements, but counts"):
        counting(first, 4, size, limit)


def test_parameters():
    signs = integers(1, (4, 6)).astype(np.int8)
    value = create_ssa_value(TensorType(IntegerType(8), (4, 6)))
    (parameter,) = run(accel.ParameterOp(value, 8), signs)
    assert parameter is signs
    with pytest.raises(InterpretationError, match=r"'accel\.parameter': 128 does not fit 8 bits"):
        run(accel.ParameterOp(value, 8), np.full((4, 6), 128))
    (stack,) = run(accel.StackOp([dram(8, 4, 6)] * 2), signs, -signs)
    assert stack.dtype == np.int8 and np.array_equal(stack, [signs, -signs])
    (selected,) = run(accel.SelectOp(dram(8, 2, 4, 6), INDEX), stack, 1)
    assert np.array_equal(selected, -signs)
    (tiles,) = run(accel.TileOp(dram(1, 4, 6), (3, 4)), signs)
    assert tiles.shape == (4, 3, 4)
    assert np.array_equal(tiles[0], signs[:3, :4])
    assert np.array_equal(tiles[3, 0, :2], signs[3, 4:]) and (tiles[3, 1:] == -1).all()


def test_memory_of_words():
    weights, table = integers(1, (3, 2, 8, 8)), integers(6, (3, 40))
    operands = [dram(1, 3, 2, 8, 8), dram(6, 3, 40)]
    pack = accel.PackOp(operands, (2, 1), 128)
    (memory,) = run(pack, weights, table)
    # 6 tiles of 64 bits, each in a word of its own; 3 tables of 40 bytes, in 3 words each.
    assert memory.shape == (15, 16)
    words = dram(128, 15)
    first = accel.ViewOp(words, 0, 2, buffer_type(1, (3, 2, 8, 8), DRAM))
    second = accel.ViewOp(words, 6, 1, buffer_type(6, (3, 40), DRAM))
    assert np.array_equal(run(first, memory)[0], weights)
    assert np.array_equal(run(second, memory)[0], table)


def test_layer_constant():
    op = accel.LayerConstantOp([7, -8], INDEX, IntegerType(4))
    assert [run(op, layer) for layer in (0, 1)] == [(7,), (-8,)]


def test_cast():
    """The caller's array, when the sizes that its type names are those that it has."""
    array = integers(8, (4, 6))
    element, space = IntegerType(8), accel.OnchipAttr()
    rows = MemRefType(element, (DYNAMIC_INDEX, 6), memory_space=space)
    (same,) = run(memref.CastOp.get(matrix(8, 4, 6), rows), array)
    assert same is array
    other = MemRefType(element, (DYNAMIC_INDEX, DYNAMIC_INDEX), memory_space=space)
    cast = memref.CastOp.get(create_ssa_value(other), rows)
    with pytest.raises(InterpretationError, match=r"has shape \(6, 4\), which is no memref<\?x6"):
        run(cast, array.T)


@pytest.mark.parametrize(("bits", "wide"), [(2, 2), (2, 10), (3, 5), (5, 6), (8, 10)])
def test_an_extended_table_clamps(bits: int, wide: int):
    """A value of more bits finds what the nearest value of the narrower format has."""
    table = tables.gelu_table(0.3, bits, 0.2, bits)
    op = accel.ExtendTableOp(dram(bits, len(table)), wide, wide)
    (extended,) = run(op, table)
    values = np.arange(-(1 << (wide - 1)), 1 << (wide - 1))
    expected = tables.lookup(clamp(values, bits), table, bits, bits)
    assert np.array_equal(tables.lookup(values, extended, wide, wide), expected)
