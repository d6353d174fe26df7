"""Which layers a rule names, and what they get."""

from pathlib import Path

import pytest

from tests.models.random_vit import RandomVit
from vaqf.compiler.recipe import RecipeError, parse_rules
from vaqf.passes.layer_precision import (
    matches,
    precision_layers,
    precisions_of,
)
from vaqf.passes.structure import network_of

VIT = RandomVit(blocks=2)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("blocks[0-1].fc1", "blocks.1.fc1", True),
        ("blocks[0-1].fc1", "blocks.2.fc1", False),
        ("blocks.{0,2}.fc1", "blocks.2.fc1", True),
        ("blocks[*]", "blocks.17.mlp.fc1", True),
        ("blocks[*]", "blocks.first.mlp.fc1", False),
        ("blocks.0.attn", "blocks.0.attn", True),
        ("blocks.0.attn", "blocks.0.attn.qkv", True),
        ("blocks.0.attn.*", "blocks.0.attn", False),
        ("blocks.0.attn.*", "blocks.0.attn.qkv", True),
        ("blocks.0.att", "blocks.0.attn", False),
        ("*.0.*.fc*", "blocks.0.mlp.fc2", True),
        ("*", "head", True),
        ('"a.b (c)"', "a.b (c)", True),
        ("a.b.c", "a.b", False),
    ],
)
def test_names(pattern: str, name: str, expected: bool):
    ((rule,),) = (parse_rules(f"{pattern}: w8", "rules"),)
    assert matches(rule.patterns[0], name) is expected


def widths(text: str, folder: Path) -> dict[str, tuple[int | None, int | None]]:
    """The widths of weights and activations by the names of layers."""
    network = network_of(VIT.write(folder)[0])
    found = precisions_of(network, parse_rules(text, "rules"))
    return {
        name: (found[op].weight_bits, found[op].activation_bits)
        for op, name in precision_layers(network).items()
    }


def test_later_rules_win(tmp_path: Path):
    """Each for what it says."""
    found = widths("*: w8a4; blocks[*]: w1; blocks[1].attn: a6; blocks[1].fc1, head: a7", tmp_path)
    assert found == {
        "patch": (8, 4),
        **{f"blocks.0.{name}": (1, 4) for name in ("query", "key", "value")},
        "blocks.0.attn": (1, 4),
        **{f"blocks.0.{name}": (1, 4) for name in ("proj", "fc1", "fc2")},
        **{f"blocks.1.{name}": (1, 4) for name in ("query", "key", "value")},
        "blocks.1.attn": (1, 6),
        "blocks.1.proj": (1, 4),
        "blocks.1.fc1": (1, 7),
        "blocks.1.fc2": (1, 4),
        "head": (8, 7),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("blocks[2-3].fc1: w1", "1:1: no layer is called .*, the nearest is 'blocks.1.fc1'"),
        ("patch, heed: w1", "1:8: no layer is called 'heed', the nearest is 'head'"),
        (
            "head: a4; blocks[0-9].fc1: w1",
            r"1:11: 'blocks\[0-9\].fc1' names numbers that no layer has, there are those of 0 to 1",
        ),
        ("blocks[*].attn: w1a8", r"1:1: 'blocks\[\*\].attn' has no weights, expected no w"),
    ],
)
def test_mistakes(text: str, message: str, tmp_path: Path):
    with pytest.raises(RecipeError, match=message):
        widths(text, tmp_path)
