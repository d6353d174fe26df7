"""What comments say about where hardware comes from."""

import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import FusedLoc, NameLoc, NoneAttr, StringAttr, UnknownLoc

from vaqf.backends.hls.sources import compressed, in_any_block, layer_of, layers_of, ranges


@pytest.mark.parametrize(
    ("node", "layer"),
    [
        ("/blocks/blocks.0/mlp/fc1/MatMul", "blocks.0.mlp.fc1"),
        ("/blocks.0/attn/qkv/MatMul_1", "blocks.0.attn.qkv"),
        ("/patch_embed/proj/Conv", "patch_embed.proj"),
        ("node_linear_3", "node_linear_3"),
        ("/Add", "Add"),
        ("", ""),
        ("a\n\\/b", "a /"),
    ],
)
def test_layer_of_a_node(node: str, layer: str) -> None:
    assert layer_of(node) == layer


def test_ranges() -> None:
    assert ranges([3, 0, 1, 2, 7, 9, 10]) == "0-3, 7, 9-10"


def test_equal_blocks_are_one_entry() -> None:
    layers = [f"blocks.{block}.{part}" for block in range(12) for part in ("attn.proj", "mlp.fc1")]
    assert compressed(["patch_embed.proj", *layers, "head"]) == [
        "patch_embed.proj",
        "blocks.{0-11}.{attn.proj, mlp.fc1}",
        "head",
    ]
    assert compressed(["blocks.3.norm1"]) == ["blocks.3.norm1"]
    assert compressed(["stages.0.a", "stages.2.a", "stages.1.b"]) == [
        "stages.{0, 2}.a",
        "stages.1.b",
    ]


def test_layers_of_operations() -> None:
    def at(*names: str) -> test.TestOp:
        op = test.TestOp()
        locations = tuple(NameLoc(StringAttr(each), NoneAttr()) for each in names)
        op.location = FusedLoc(locations, NoneAttr()) if len(names) != 1 else locations[0]
        return op

    unknown = test.TestOp()
    unknown.location = UnknownLoc()
    one = at("/blocks.0/norm1/LayerNormalization", "/blocks.1/norm1/LayerNormalization")
    assert layers_of([one, unknown, at("/norm/LayerNormalization")]) == [
        "blocks.{0-1}.norm1",
        "norm",
    ]
    many = at(*(f"/layer{'x' * number}/MatMul" for number in range(30)))
    assert layers_of([many])[-1] == "and 6 more"


def test_layers_of_any_block() -> None:
    layers = ["blocks.0.attn", "blocks.11.attn", "layer.3", "head", "stages.1.blocks.2.mlp"]
    assert in_any_block(layers) == ("blocks.*.attn", "layer.*", "head", "stages.*.blocks.*.mlp")
