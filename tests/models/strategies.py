"""What hypothesis varies: the sizes of networks, and what a user decides."""

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from tests.models.random_vit import Embedding, Pooling, Position, RandomVit
from vaqf.compiler.pipeline import Options
from vaqf.compiler.recipe import Rule, parse_rules
from vaqf.passes.tile_engines import TileEnginesPass


@st.composite
def networks(draw: st.DrawFn) -> RandomVit:
    """Small Vision Transformers with even and odd numbers of everything."""
    small = st.integers(1, 3)
    pooling: Pooling = draw(st.sampled_from(get_args(Pooling)))
    embedding: Embedding = draw(st.sampled_from(get_args(Embedding)))
    position: Position = draw(st.sampled_from(get_args(Position)))
    also_tokens = pooling == "class" and draw(st.booleans())
    heads_out = draw(st.integers(1, 2)) if pooling == "class" and not also_tokens else 1
    class_tokens = draw(st.integers(heads_out if pooling == "class" else 0, 3))
    return RandomVit(
        blocks=draw(small),
        heads=draw(small),
        head_channels=draw(st.integers(1, 6)),
        hidden=draw(st.integers(1, 20)),
        colours=draw(small),
        patch=(draw(small), draw(small)),
        # Of features there are at least two tokens, so that they are no batch.
        grid=(draw(small), draw(st.integers(2 if pooling == "none" else 1, 4))),
        embedding=embedding,
        class_tokens=class_tokens,
        position=position,
        more_channels=draw(st.integers(0, 3)),
        classes=draw(st.integers(1, 12)),
        bias=draw(st.booleans()),
        norm_weight=draw(st.booleans()),
        norm_bias=draw(st.booleans()),
        pooling=pooling,
        # A pass before the first one here normalises nothing but the class token.
        norm_after_pooling=pooling == "class" or draw(st.booleans()),
        head=pooling != "none" and (heads_out == 2 or also_tokens or draw(st.booleans())),
        heads_out=heads_out,
        also_tokens=also_tokens,
        seed=draw(st.integers(0, 1000)),
    )


@st.composite
def tilings(draw: st.DrawFn) -> TileEnginesPass:
    """Parallelism that has nothing to do with the sizes of a network."""
    lanes = draw(st.integers(1, 8))
    divisors = [each for each in range(1, lanes + 1) if lanes % each == 0]
    tokens = draw(st.integers(1, 5))

    def tile(tokens: int) -> tuple[int, int, int]:
        return lanes * draw(st.integers(1, 3)), draw(st.sampled_from(divisors)), tokens

    return TileEnginesPass(
        lanes=lanes,
        binary_matmul=tile(tokens),
        integer_matmul=tile(draw(st.sampled_from((1, tokens)))),
        keys=draw(st.integers(1, 8)),
        queries=draw(st.sampled_from((1, 3, 16))),
    )


@st.composite
def rules(draw: st.DrawFn, network: RandomVit) -> tuple[Rule, ...]:
    """Widths of single layers of a network; of those that take the same, together."""
    last = network.blocks - 1
    first = draw(st.integers(0, last))
    block = draw(st.sampled_from(("blocks[*]", f"blocks[{first}]", f"blocks[{first}-{last}]")))
    inside = [
        f"{block}",
        f"{block}.attn",
        ", ".join(f"{block}.{name}" for name in ("query", "key", "value")),
        f"{block}.proj",
        f"{block}.fc1",
        f"{block}.fc*",
        "patch",
    ]
    weight = draw(st.sampled_from(("", "w1", "w8", "w16")))
    activation = f"a{draw(st.integers(1, 16))}" if draw(st.booleans()) or not weight else ""
    if network.head and draw(st.integers(0, 3)) == 0:
        # What a head takes may be returned as well, with a width of its own.
        return parse_rules(f"head: {weight or 'w8'}", "drawn")
    pattern = draw(st.sampled_from(inside))
    weight = "" if pattern.endswith("attn") else weight
    return parse_rules(f"{pattern}: {weight}{activation or 'a6'}", "drawn")


@st.composite
def mixed_networks(draw: st.DrawFn) -> tuple[RandomVit, Options]:
    """Networks with several widths, and what a user decides about them."""
    network, options = draw(networks()), draw(choices())
    drawn = draw(st.lists(rules(network), min_size=1, max_size=4))
    return network, replace(options, rules=tuple(rule for each in drawn for rule in each))


@st.composite
def choices(draw: st.DrawFn) -> Options:
    """What a user decides."""
    return Options(
        weight_bits=draw(st.sampled_from((1, 8, 16))),
        activation_bits=draw(st.integers(1, 16)),
        tiling=draw(tilings()),
        frames=draw(st.sampled_from((1, 2))),
        word_bits=draw(st.sampled_from((64, 128, 256))),
    )
