"""Which number format every activation gets, for every way in and out of an encoder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import OpResult
from xdsl.parser import Parser

from tests.models.random_vit import RandomVit
from tests.models.strategies import networks
from vaqf.compiler.context import full_context
from vaqf.dialects import vit
from vaqf.dialects.quant import RangeAttr
from vaqf.dialects.quant.formats import Format
from vaqf.passes.activation_formats import activation_formats
from vaqf.passes.recorded_ranges import record_range
from vaqf.passes.structure import activations_of, is_head, is_patch_embedding, network_of

BITS = st.integers(1, 16)


def plain(network: RandomVit) -> RandomVit:
    """The network with one class token, one embedding and one result; its sizes are the same."""
    return replace(
        network,
        embedding="convolution",
        class_tokens=1,
        position="after class tokens",
        pooling="mean" if network.pooling == "none" else network.pooling,
        heads_out=1,
        also_tokens=False,
    )


PLAIN = networks().map(plain)
"""Networks whose values all have the same names. Tests below have those of other forms."""


def formats_of(module: ModuleOp, bits: int) -> Mapping[str, Format]:
    """
    The formats by the names of the values.

    What is seen of each activation reaches to another magnitude, in the order of the text; weights
    reach to 1.
    """
    network = network_of(module)
    activations = activations_of(network)
    values = [*network.args, *(result for op in network.walk() for result in op.results)]
    for index, value in enumerate(value for value in values if value in activations):
        record_range(network, value, RangeAttr(-index - 1.0, 1.0, 1.0, 1.0))

    def magnitude_of_weight(value: OpResult) -> float:
        return 1.0

    found = activation_formats(network, bits, magnitude_of_weight)
    return {value.name_hint or "": format for value, format in found.items()}


def parsed(text: str) -> ModuleOp:
    module = Parser(full_context(), text).parse_module()
    module.verify()
    return module


def widths(formats: Mapping[str, Format]) -> dict[str, int]:
    return {name: format.bits.data for name, format in formats.items()}


@given(PLAIN, BITS)
def test_widths_in_an_encoder(network: RandomVit, bits: int):
    with TemporaryDirectory() as folder:
        formats = formats_of(network.write(Path(folder))[0], bits)
    edge = max(bits, 8)
    last = edge if network.head else 16
    expected = {"pixels": edge, "embedded": 16, "class": 16, "position": 16, "positioned": 16}
    for index in range(network.blocks):
        block = f"blocks_{index}"
        inner = ("norm1", "query", "key", "value", "mixed", "norm2", "fc1", "gelu")
        expected |= {f"{block}_{name}": bits for name in inner}
        expected |= {f"{block}_{name}": 16 for name in ("proj", "attended", "fc2", "result")}
    if network.pooling == "class":
        expected["norm"] = last
    elif network.norm_after_pooling:
        expected |= {"pooled": 16, "norm": last}
    else:
        expected |= {"norm": edge, "pooled": last}
    if network.head:
        expected["head"] = 16
    actual = widths(formats)
    for index in range(network.blocks):
        assert actual.pop(f"blocks_{index}_softmax") >= bits
    assert actual == expected


@given(PLAIN, BITS)
def test_one_scale_for_all_that_is_added(network: RandomVit, bits: int):
    with TemporaryDirectory() as folder:
        formats = formats_of(network.write(Path(folder))[0], bits)
    stream = {"embedded", "class", "position", "positioned"} | {
        f"blocks_{index}_{name}"
        for index in range(network.blocks)
        for name in ("proj", "attended", "fc2", "result")
    }
    assert len({formats[name] for name in stream}) == 1
    alone = {format for name, format in formats.items() if name not in stream}
    assert formats["positioned"] not in alone


SIMPLE_VIT = """
func.func @forward(%image: tensor<3x4x4xf32>) -> tensor<1x2xf32> {{
  %gamma = vit.parameter @gamma : tensor<12xf32>
  %weight = vit.parameter @weight : tensor<12x12xf32>
  %position = vit.parameter @position : tensor<4x12xf32>
  %head_weight = vit.parameter @head : tensor<2x12xf32>
  %pixels = vit.extract_patches %image {{patch = array<i64: 2, 2>, order = "colours_last"}}
    : tensor<3x4x4xf32> -> tensor<4x12xf32>
  {norms}
  %embedded = vit.linear {input}, %weight : tensor<4x12xf32>, tensor<12x12xf32> -> tensor<4x12xf32>
  %norm2 = vit.layer_norm %embedded, %gamma {{epsilon = 1.0e-05 : f64}}
    : tensor<4x12xf32>, tensor<12xf32> -> tensor<4x12xf32>
  %x = vit.add %norm2, %position : tensor<4x12xf32>, tensor<4x12xf32> -> tensor<4x12xf32>
  %mean = vit.mean_tokens %x : tensor<4x12xf32> -> tensor<1x12xf32>
  %head = vit.linear %mean, %head_weight : tensor<1x12xf32>, tensor<2x12xf32> -> tensor<1x2xf32>
  func.return %head : tensor<1x2xf32>
}}
"""

NORM1 = (
    "%norm1 = vit.layer_norm %pixels, %gamma {epsilon = 1.0e-05 : f64} "
    ": tensor<4x12xf32>, tensor<12xf32> -> tensor<4x12xf32>"
)


@given(BITS)
def test_norms_around_the_patch_embedding(bits: int):
    """Only the second norm enters the stream; pixels that are moved are rounded already."""
    formats = formats_of(parsed(SIMPLE_VIT.format(norms=NORM1, input="%norm1")), bits)
    edge = max(bits, 8)
    assert widths(formats) == {
        "image": edge,
        "norm1": edge,
        "embedded": 16,
        "norm2": 16,
        "position": 16,
        "x": 16,
        "mean": edge,
        "head": 16,
    }
    assert formats["norm2"] == formats["position"] == formats["x"] != formats["embedded"]


@pytest.mark.parametrize(("norms", "input"), [("", "%pixels"), (NORM1, "%norm1")])
def test_a_linear_on_patches_is_found(norms: str, input: str):
    network = network_of(parsed(SIMPLE_VIT.format(norms=norms, input=input)))
    assert {
        op.result.name_hint: (is_patch_embedding(op), is_head(op))
        for op in network.walk()
        if isinstance(op, vit.LinearOp)
    } == {"embedded": (True, False), "head": (False, True)}


TWO_HEADS = """
func.func @forward(%x: tensor<5x6xf32>) -> tensor<1x2xf32> {
  %first_weight = vit.parameter @first : tensor<2x6xf32>
  %second_weight = vit.parameter @second : tensor<2x6xf32>
  %fc_weight = vit.parameter @fc : tensor<6x6xf32>
  %fc = vit.linear %x, %fc_weight : tensor<5x6xf32>, tensor<6x6xf32> -> tensor<5x6xf32>
  %sum = vit.add %x, %fc : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<5x6xf32>
  %gelu = vit.gelu %sum : tensor<5x6xf32> -> tensor<5x6xf32>
  %class = vit.select_token %gelu[0] : tensor<5x6xf32> -> tensor<1x6xf32>
  %distilled = vit.select_token %gelu[1] : tensor<5x6xf32> -> tensor<1x6xf32>
  %first = vit.linear %class, %first_weight : tensor<1x6xf32>, tensor<2x6xf32> -> tensor<1x2xf32>
  %second = vit.linear %distilled, %second_weight
    : tensor<1x6xf32>, tensor<2x6xf32> -> tensor<1x2xf32>
  %logits = vit.add %first, %second : tensor<1x2xf32>, tensor<1x2xf32> -> tensor<1x2xf32>
  func.return %logits : tensor<1x2xf32>
}
"""


@given(BITS)
def test_two_heads_have_a_format_of_their_own(bits: int):
    formats = formats_of(parsed(TWO_HEADS), bits)
    assert formats["first"] == formats["second"] == formats["logits"] != formats["sum"]
    assert formats["x"] == formats["fc"] == formats["sum"]
    # The sum is the last of the activations, and so reaches furthest.
    assert formats["logits"].scale.data == 2 * 9 / (2**15 - 1)
    assert widths(formats) == {"gelu": max(bits, 8)} | dict.fromkeys(
        ("x", "fc", "sum", "first", "second", "logits"), 16
    )


def test_both_heads_are_heads():
    network: FuncOp = network_of(parsed(TWO_HEADS))
    heads = [op for op in network.walk() if isinstance(op, vit.LinearOp) and is_head(op)]
    assert [op.result.name_hint for op in heads] == ["first", "second"]


def test_a_returned_residual_addition_is_no_sum_of_heads():
    """Features without a last norm: the stream itself is returned."""
    text = TWO_HEADS.replace("%logits : tensor<1x2xf32>", "%sum : tensor<5x6xf32>")
    formats = formats_of(parsed(text.replace("-> tensor<1x2xf32> {", "-> tensor<5x6xf32> {")), 8)
    assert formats["sum"] == formats["fc"] == formats["x"]
