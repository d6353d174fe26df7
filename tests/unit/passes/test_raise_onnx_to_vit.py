"""The parts that the raising of exported graphs is made of."""

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import NameLoc, NoneAttr, StringAttr, TensorType, f32
from xdsl.ir import Block as Body
from xdsl.ir import Operation
from xdsl.utils.test_value import create_ssa_value

from vaqf.dialects import onnx, vit
from vaqf.dialects.shapes import shape_of
from vaqf.dialects.vit import COLOURS_FIRST, COLOURS_LAST
from vaqf.interpreters.arithmetic.layout import extract_patches
from vaqf.passes.raise_onnx_to_vit.arrangement import (
    Block,
    Comb,
    Patches,
    as_block,
    as_comb,
    as_patches,
    columns_of,
    in_order,
    is_in_order,
    join_heads,
    order_of_dimensions,
    split_into_heads,
)
from vaqf.passes.raise_onnx_to_vit.emission import Emitter, Origin, label_of
from vaqf.passes.raise_onnx_to_vit.weights import Weight

TOKENS, CHANNELS, HEADS = 5, 12, 3
MATRIX = in_order((TOKENS, CHANNELS))


def test_in_order():
    assert is_in_order(in_order((2, 3, 4)), 24)
    assert is_in_order(in_order((2, 3, 4)).reshape(6, 4), 24)
    assert not is_in_order(in_order((2, 3, 4))[:1], 24)
    assert not is_in_order(in_order((3, 4)).T, 12)


@pytest.mark.parametrize(
    ("taken", "block"),
    [
        (MATRIX, Block(0, TOKENS, 0, CHANNELS)),
        (MATRIX[None], Block(0, TOKENS, 0, CHANNELS)),
        (MATRIX[:, None], Block(0, TOKENS, 0, CHANNELS)),
        (MATRIX[3:4], Block(3, 1, 0, CHANNELS)),
        (MATRIX[3], Block(3, 1, 0, CHANNELS)),
        (MATRIX[:, 4:8], Block(0, TOKENS, 4, 4)),
        (MATRIX[1:3, 4:8], Block(1, 2, 4, 4)),
        (MATRIX[::2], None),
        (MATRIX[:, ::2], None),
        (MATRIX[::-1], None),
        (MATRIX.T, None),
        (MATRIX.reshape(TOKENS, 2, -1), None),
        (MATRIX.reshape(TOKENS * 2, -1), None),
        (MATRIX[:, :0], None),
    ],
)
def test_as_block(taken: np.ndarray, block: Block | None):
    assert as_block(taken, CHANNELS) == block


def test_heads():
    split = MATRIX.reshape(TOKENS, HEADS, -1).transpose(1, 0, 2)
    for heads in (split, split[None], split[None, None]):
        found = join_heads(heads)
        assert found is not None and found[1] == HEADS
        assert np.array_equal(found[0], MATRIX)
    assert np.array_equal(split_into_heads(TOKENS, CHANNELS, HEADS), split)


def test_no_heads():
    """Two batches do not attend to each other."""
    assert join_heads(in_order((2, 3, 4, 5))) is None


@st.composite
def grids(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int]:
    """Columns split into a grid, its permutation, dimensions to pick, and what to pick of them."""
    grid = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    order = tuple(draw(st.permutations(range(len(grid)))))
    gaps = draw(st.integers(0, len(grid) - 1))
    count = prod(grid[dimension] for dimension in order[:gaps])
    return grid, order, order[:gaps], draw(st.integers(0, count - 1))


def picked_columns(comb: Comb) -> np.ndarray:
    """What a comb says of the columns of a matrix."""
    turned = np.arange(prod(comb.grid)).reshape(comb.grid).transpose(comb.order)
    return turned.reshape(-1, comb.columns)[comb.index]


@given(grids(), st.integers(0, 3), st.integers(1, 3))
def test_comb(
    example: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int], first: int, rows: int
):
    """Whatever is picked of a grid of columns is found again."""
    grid, order, gaps, index = example
    columns = prod(grid)
    count = prod(grid[dimension] for dimension in gaps)
    picked = np.arange(columns).reshape(grid).transpose(order).reshape(count, -1)[index]
    taken = in_order((first + rows, columns))[first:, picked]
    comb = as_comb(taken, columns)
    assert comb is not None
    assert (comb.first_row, comb.rows, comb.columns) == (first, rows, picked.size)
    assert np.array_equal(picked_columns(comb), picked)


@given(st.permutations(range(6)), st.integers(1, 6))
def test_comb_is_what_it_says(order: list[int], count: int):
    """Columns in any order are either told exactly, or not at all."""
    taken = in_order((2, 6))[:, order[:count]]
    comb = as_comb(taken, 6)
    assert comb is None or np.array_equal(picked_columns(comb), order[:count])


def test_no_comb():
    matrix = in_order((4, 12))
    assert as_comb(matrix[::2], 12) is None
    assert as_comb(matrix.T, 12) is None
    assert as_comb(matrix[:, [0, 1, 3, 2]], 12) is None
    assert as_comb(matrix[:, :0], 12) is None
    assert as_comb(matrix[:, [3, 2, 1, 0]], 12) is None


sizes = st.integers(1, 3)


@given(sizes, sizes, sizes, sizes, sizes, st.sampled_from([COLOURS_FIRST, COLOURS_LAST]))
def test_patches(colours: int, rows: int, columns: int, height: int, width: int, order: str):
    """Patches are found again, but for those that are the same in both orders."""
    image = (colours, rows * height, columns * width)
    taken = extract_patches(in_order(image), height, width, order)
    patches = as_patches(taken, image)
    assert patches is not None
    found = extract_patches(in_order(image), patches.height, patches.width, patches.order)
    assert np.array_equal(found, taken)
    if colours > 1 and height * width > 1:
        assert patches == Patches(height, width, order)


def test_no_patches():
    image = in_order((3, 4, 4))
    patches = extract_patches(image, 2, 2)
    assert as_patches(patches[::-1], (3, 4, 4)) is None
    assert as_patches(patches[1:], (3, 4, 4)) is None
    assert as_patches(patches[:, ::-1], (3, 4, 4)) is None


@given(st.lists(st.integers(1, 3), min_size=1, max_size=5), st.data())
def test_order_of_dimensions(shape: list[int], data: st.DataObject):
    """Transposed, dimensions find back to their order, but for those of size one."""
    positions = in_order(tuple(shape))
    turned = positions.transpose(data.draw(st.permutations(range(len(shape)))))
    order = order_of_dimensions(turned)
    assert np.array_equal(turned.transpose(order).ravel(), positions.ravel())
    ones = turned.shape.count(1)
    assert all(turned.shape[dimension] == 1 for dimension in order[:ones])


def test_order_of_no_dimensions():
    assert order_of_dimensions(in_order(())) == ()
    assert order_of_dimensions(in_order((2, 0))) == (0, 1)


@pytest.mark.parametrize(
    ("shape", "taken", "first"),
    [
        ((CHANNELS,), MATRIX, 0),
        ((CHANNELS,), MATRIX[None, 2:3], 0),
        ((1, CHANNELS), MATRIX, 0),
        ((CHANNELS, 1), MATRIX.T, 0),
        ((4,), MATRIX[:, 4:8], 4),
        ((3, 1, 4), MATRIX.reshape(TOKENS, 3, 4).transpose(1, 0, 2), 0),
        ((4,), MATRIX, None),
        ((1,), MATRIX, None),
        ((CHANNELS,), MATRIX[:, ::-1], None),
        ((CHANNELS, 1), MATRIX, None),
        ((1, 1, CHANNELS), MATRIX, None),
        ((TOKENS, CHANNELS), MATRIX, None),
    ],
)
def test_columns_of(shape: tuple[int, ...], taken: np.ndarray, first: int | None):
    assert columns_of(shape, taken, CHANNELS) == first


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("/blocks/blocks.0/mlp/fc1", "blocks_0_mlp_fc1"),
        ("blocks.0.attn.qkv.weight", "blocks_0_attn_qkv_weight"),
        ("/vit/encoder/layer.11/attention/query", "vit_encoder_layer_11_attention_query"),
        ("onnx::MatMul_12", "onnx_MatMul_12"),
        ("12", ""),
        ("", ""),
        ("///", ""),
        ("a b\n\"c'", "a_b_c"),
    ],
)
def test_label(name: str, label: str):
    assert label_of(name) == label


def gelu_at(name: str) -> Operation:
    type = TensorType(f32, (1,))
    op = onnx.GeluOp.build(
        operands=[create_ssa_value(type)],
        properties={"approximate": StringAttr("none")},
        result_types=[type],
    )
    op.location = NameLoc(StringAttr(name), NoneAttr())
    return op


@pytest.mark.parametrize(
    ("name", "role", "label"),
    [
        ("/blocks/blocks.0/mlp/act/Gelu", "", "blocks_0_mlp_act"),
        ("/blocks/blocks.0/mlp/act/Gelu_1", "", "blocks_0_mlp_act"),
        ("/blocks/blocks.0/mlp/act/Mul_1", "", "blocks_0_mlp_act"),
        ("/blocks/blocks.0/Gelu", "sum", "blocks_0_sum"),
        ("/blocks/blocks.0/node_gelu", "", "blocks_0_node_gelu"),
        ("/Gelu", "sum", "sum"),
        ("gelu_7", "", "gelu_7"),
    ],
)
def test_origin(name: str, role: str, label: str):
    origin = Origin.of(gelu_at(name), role)
    assert origin.label == label
    assert origin.location == NameLoc(StringAttr(name), NoneAttr())


def operations_of(weight: Weight) -> list[Operation]:
    body = Body()
    location = NameLoc(StringAttr("/fc/MatMul"), NoneAttr())
    value = weight.emit(Emitter(body), Origin(location, "fc"))
    assert value.type == TensorType(f32, weight.shape)
    assert all(op.location == location for op in body.ops)
    return list(body.ops)


def test_weight():
    weight = Weight("fc.weight", (2, 3, 4), (2, 3, 4))
    assert [op.name for op in operations_of(weight)] == ["vit.parameter"]
    turned = weight.transpose((2, 0, 1)).reshape((8, 3)).transpose((1, 0))
    names = [op.name for op in operations_of(turned)]
    assert names == ["vit.parameter", "vit.transpose", "vit.reshape", "vit.transpose"]


def test_moves_of_a_weight_cancel():
    weight = Weight("fc.weight", (2, 3, 4), (2, 3, 4))
    assert weight.transpose((2, 0, 1)).transpose((1, 2, 0)) == weight
    assert weight.reshape((6, 4)).reshape((2, 3, 4)) == weight
    assert weight.reshape((2, 3, 4)) == weight
    once = weight.transpose((2, 1, 0))
    assert weight.transpose((2, 0, 1)).transpose((0, 2, 1)) == once


STORED = Weight("weight", (4, 3, 5), (4, 3, 5))


def values_of(weight: Weight) -> np.ndarray:
    """What the operations that read a weight do to numbers in its stored shape."""
    value = in_order(weight.stored)
    for op in operations_of(weight):
        match op:
            case vit.TransposeOp():
                value = value.transpose(op.permutation.get_values())
            case vit.ReshapeOp():
                value = value.reshape(shape_of(op.result))
            case vit.SliceOp():
                first = op.first.value.data
                value = value[first : first + shape_of(op.result)[0]]
            case _:
                assert isinstance(op, vit.ParameterOp)
    return value


@given(st.permutations(range(3)), st.data())
def test_part_of_a_weight(order: list[int], data: st.DataObject):
    weight, expected = STORED.transpose(tuple(order)), in_order(STORED.stored).transpose(order)
    for dimension in data.draw(st.lists(st.integers(0, 2), max_size=4)):
        size = expected.shape[dimension]
        first = data.draw(st.integers(0, size - 1))
        count = data.draw(st.integers(1, size - first))
        weight = weight.take(dimension, first, count)
        expected = np.moveaxis(
            np.moveaxis(expected, dimension, 0)[first : first + count], 0, dimension
        )
    assert weight.shape == expected.shape
    assert np.array_equal(values_of(weight), expected)


def test_parts_of_parts():
    """Two slices of one dimension are one, and all of a dimension is no slice."""
    rows = STORED.take(0, 1, 3)
    assert rows.take(0, 1, 1) == STORED.take(0, 2, 1)
    assert rows.take(1, 0, 3) == rows
    names = [op.name for op in operations_of(STORED.take(1, 1, 2))]
    assert names == ["vit.parameter", "vit.transpose", "vit.slice", "vit.transpose"]
