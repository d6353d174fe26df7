"""The parts that the raising of exported graphs is made of."""

import numpy as np
import pytest
from xdsl.dialects.builtin import NameLoc, NoneAttr, StringAttr, TensorType, f32
from xdsl.ir import Block as Body
from xdsl.ir import Operation
from xdsl.utils.test_value import create_ssa_value

from vaqf.dialects import onnx, vit
from vaqf.passes.raise_onnx_to_vit.arrangement import (
    Block,
    as_block,
    as_heads,
    in_order,
    is_in_order,
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
    whole = Block(0, TOKENS, 0, CHANNELS)
    assert as_heads(split, CHANNELS) == (whole, HEADS)
    assert as_heads(split[None], CHANNELS) == (whole, HEADS)
    assert np.array_equal(split_into_heads(TOKENS, CHANNELS, HEADS), split)


def test_heads_of_some_channels():
    """Queries, keys and values stand side by side: heads of the middle third."""
    split = MATRIX.reshape(TOKENS, 3, 2, 2).transpose(1, 2, 0, 3)
    assert as_heads(split[1], CHANNELS) == (Block(0, TOKENS, 4, 4), 2)


def test_no_heads():
    """Channels that take turns between the heads are no heads side by side."""
    assert as_heads(MATRIX.reshape(TOKENS, -1, HEADS).transpose(2, 0, 1), CHANNELS) is None
    assert as_heads(MATRIX.reshape(TOKENS, HEADS, -1), CHANNELS) is None
    assert as_heads(in_order((2, 3, 4, 5)), 5) is None


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
        ("/blocks/blocks.0/Gelu", "sum", "blocks_0_sum"),
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


def test_layers_of_one_input_stand_together():
    body = Body(arg_types=(TensorType(f32, (2, 2)),))
    emitter, (x,) = Emitter(body), body.args
    origin = Origin(NameLoc(StringAttr("x"), NoneAttr()), "x")
    with emitter.beside_layers_of(x):
        emitter.emit(vit.GeluOp(x), origin)
    emitter.emit(vit.AddOp(x, x), origin)
    with emitter.beside_layers_of(x):
        emitter.emit(vit.GeluOp(x), origin)
        emitter.emit(vit.TransposeOp(x, (1, 0)), origin)
    emitter.emit(vit.ReshapeOp(x, (4,)), origin)
    names = [op.name.removeprefix("vit.") for op in body.ops]
    assert names == ["gelu", "gelu", "transpose", "add", "reshape"]
