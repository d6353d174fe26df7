"""What layers and values are called."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import (
    FusedLoc,
    LocationAttr,
    NameLoc,
    NoneAttr,
    StringAttr,
    UnknownLoc,
    i32,
)
from xdsl.dialects.test import TestOp
from xdsl.ir import Block, Region

from vaqf.passes.layer_names import fused, identifier, layer_identifier, layer_of


def name(text: str) -> NameLoc:
    return NameLoc(StringAttr(text), NoneAttr())


def operation(location: LocationAttr) -> TestOp:
    op = TestOp()
    op.location = location
    return op


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("/blocks/blocks.0/mlp/fc1/MatMul", "blocks.0.mlp.fc1"),
        ("/blocks.0/mlp/fc1/MatMul", "blocks.0.mlp.fc1"),
        ("/head/Gemm", "head"),
        ("/MatMul", None),
        ("MatMul", None),
        ("", None),
        ("/blocks/blocks.10/attn/qkv/MatMul_1", "blocks.10.attn.qkv"),
    ],
)
def test_layer(path: str, layer: str | None):
    assert layer_of(name(path)) == layer
    assert layer_of(FusedLoc((name(path), name("/other/Add")), NoneAttr())) == layer


def test_unknown_layer():
    assert layer_of(UnknownLoc()) is None
    assert layer_identifier(operation(UnknownLoc()), "norm") == "norm"
    assert layer_identifier(operation(name("/--/MatMul")), "norm") == "norm"
    assert layer_identifier(operation(name("/blocks.0/mlp.fc1/MatMul")), "x") == "blocks_0_mlp_fc1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b", "a_b"),
        ("0.weight", "n0_weight"),
        ("1091", "n1091"),
        ("onnx::MatMul_12", "onnx_MatMul_12"),
        ("ä-ß", ""),
    ],
)
def test_identifier(text: str, expected: str):
    assert identifier(text) == expected


@given(st.text())
def test_identifiers_can_be_written(text: str):
    assert re.fullmatch(r"([A-Za-z][A-Za-z0-9_]*)?", identifier(text))


@pytest.mark.parametrize("text", ["1091", "a", "a.1", "a.1.2", "0.1.2"])
def test_names_survive_clones(text: str):
    """Digits at the end of a name are dropped each time, but not all of it."""
    block = Block(arg_types=[i32])
    block.args[0].name_hint = identifier(text)
    again = Region(block).clone().clone().block.args[0].name_hint
    assert again is not None and identifier(text).startswith(again)


def test_fused():
    """Each location once, in the order of the operations."""
    first, second = name("/first"), name("/second")
    assert fused([]) == UnknownLoc()
    assert fused([operation(UnknownLoc()), operation(first), operation(first)]) == first
    both = FusedLoc((second, first), NoneAttr())
    assert fused([operation(second), operation(first)]) == both
    assert fused([operation(both), operation(name("/third"))]) == FusedLoc(
        (second, first, name("/third")), NoneAttr()
    )
