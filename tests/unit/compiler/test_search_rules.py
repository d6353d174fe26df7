"""Decisions about groups as rules."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tests.models.random_vit import RandomVit
from vaqf.compiler.recipe import Recipe, print_recipe
from vaqf.compiler.search.groups import Group, Kind, Members, groups_of
from vaqf.compiler.search.rules import rules_for
from vaqf.passes.layer_precision import precision_layers, precisions_of
from vaqf.passes.structure import network_of

BLOCKS = 3
GROUPS = st.builds(Group, st.sampled_from(Kind), st.none() | st.integers(0, BLOCKS - 1))


@given(st.dictionaries(GROUPS, st.integers(1, 16)), st.integers(1, 16))
def test_every_layer_gets_its_width(widths: dict[Group, int], others: int):
    with TemporaryDirectory() as folder:
        network = network_of(RandomVit(blocks=BLOCKS).write(Path(folder))[0])
    members = groups_of(network)
    found = precisions_of(network, rules_for(members, widths, others))
    names = precision_layers(network)
    bits = {names[op]: precision.activation_bits or others for op, precision in found.items()}
    for kind in Kind:
        for block in range(BLOCKS):
            expected = widths.get(Group(kind, block), widths.get(Group(kind), others))
            assert {bits[name] for name in members[Group(kind, block)].layers} == {expected}
    assert bits["patch"] == bits["head"] == others


def test_blocks_are_named_together():
    """And linears inside of an attention are named behind it."""

    def members(kind: Kind, *layers: str) -> dict[Group, Members]:
        def named(*blocks: int) -> Members:
            return Members(tuple(f"blocks.{i}.{each}" for i in blocks for each in layers), ())

        return {Group(kind): named(0, 1), Group(kind, 0): named(0), Group(kind, 1): named(1)}

    network = members(Kind.ATTENTION, "attn") | members(Kind.QKV, "attn.qkv")
    network |= members(Kind.FC1, "mlp.fc1") | {Group(Kind.PROJ): Members(("node_7",), ())}
    widths = {Group(Kind.ATTENTION): 6, Group(Kind.FC1, 1): 4, Group(Kind.PROJ): 5}
    assert print_recipe(Recipe(rules_for(network, widths, 8))) == (
        "blocks[0-1].attn: a6; blocks[0-1].attn.qkv: a8; blocks[1].mlp.fc1: a4; node_7: a5"
    )
