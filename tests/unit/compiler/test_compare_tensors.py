"""Which tensors of two networks are of one layer."""

from collections.abc import Sequence

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, IntegerType, f32
from xdsl.dialects.func import Func
from xdsl.ir import Attribute
from xdsl.parser import Parser

from vaqf.compiler.compare.tensor_level import InterpretedNetwork
from vaqf.compiler.compare.tensors import Network, Tensor, match
from vaqf.dialects.onnx import Onnx
from vaqf.dialects.quant import IntType, Quant
from vaqf.dialects.vit import ViT
from vaqf.interpreters.parameters import NoTensors


def network(*tensors: tuple[str, tuple[int, ...], Attribute]) -> Network:
    return Network([Tensor(number, *each) for number, each in enumerate(tensors)])


def pairs(reference: Network, other: Network) -> list[tuple[str, list[int], list[int]]]:
    """The name of each layer, and the numbers of its tensors."""
    return [
        (each.name, [one.number for one in each.reference], [two.number for two in each.other])
        for each in match(reference, other).layers
    ]


def test_a_batch_of_one_is_no_difference() -> None:
    one, two = network(("/a", (1, 5, 8), f32)), network(("/a", (5, 8), IntType(8, 0.5)))
    assert pairs(one, two) == [("/a", [0], [0])]


@pytest.mark.parametrize("shape", [(8, 5), (5, 4, 2), (5, 9)])
def test_other_shapes_are_not_compared(shape: tuple[int, ...]) -> None:
    found = match(network(("/a", (5, 8), f32)), network(("/a", shape, f32)))
    assert (found.layers, found.different) == ([], ["/a"])


def test_plain_integers_have_no_real_values() -> None:
    sums = network(("/a", (5, 8), IntegerType(20)))
    assert pairs(sums, sums) == [("/a", [0], [0])]
    assert not pairs(sums, network(("/a", (5, 8), f32)))
    assert not pairs(sums, network(("/a", (5, 8), IntegerType(21))))


def test_names_of_one_side() -> None:
    one = network(("/a", (5,), f32), ("/b", (5,), f32))
    found = match(one, network(("/b", (5,), f32), ("/c", (5,), f32)))
    assert (found.only_reference, found.only_other) == (["/a"], ["/c"])


def test_several_tensors_of_a_node() -> None:
    """Query, key and value side by side are what one operation gives."""
    three = network(*[("/qkv", (5, 4), f32)] * 3)
    assert pairs(network(("/qkv", (1, 5, 12), f32)), three) == [("/qkv", [0], [0, 1, 2])]
    assert pairs(three, three) == [(f"/qkv[{each}]", [each], [each]) for each in range(3)]


def graph(text: str, signature: str = "%x: tensor<1x4x6xf32>") -> Network:
    context = Context()
    for dialect in (Builtin, Func, Onnx, ViT, Quant):
        context.load_dialect(dialect)
    module = Parser(
        context, f"func.func @forward({signature}) {{ {text} func.return }}"
    ).parse_module()
    module.verify()
    return InterpretedNetwork.of(module, NoTensors()).network


def matched(reference: Network, other: Network) -> list[tuple[str, Sequence[str]]]:
    """The name of each layer, and the node of the reference that it is the value of."""
    found = match(reference, other).layers
    return [(each.name, [one.node for one in each.reference]) for each in found]


T = "tensor<1x4x6xf32>"

LINEAR = f"""
  %w = onnx.initializer @w : tensor<6x6xf32>
  %b = onnx.initializer @b : tensor<6xf32>
  %m = onnx.MatMul %x, %w : {T}, tensor<6x6xf32> -> {T} loc("/fc/MatMul")
  %a = onnx.Add %m, %b : {T}, tensor<6xf32> -> {T} loc("/fc/Add")
  %e = onnx.Erf %a : {T} -> {T} loc("/act/Erf")
  %g = onnx.Mul %a, %e : {T}, {T} -> {T} loc("/act/Mul")
"""


def test_the_last_tensor_that_follows_from_a_node_alone() -> None:
    """A bias belongs to the layer, an activation function does not."""
    other = network(("/fc/MatMul", (4, 6), f32), ("/act/Mul", (4, 6), f32))
    assert matched(graph(LINEAR), other) == [
        ("/fc/MatMul", ["/fc/Add"]),
        ("/act/Mul", ["/act/Mul"]),
    ]


def test_a_node_that_the_other_side_has_is_its_own() -> None:
    other = network(("/fc/MatMul", (4, 6), f32), ("/fc/Add", (4, 6), f32))
    assert matched(graph(LINEAR), other) == [
        ("/fc/MatMul", ["/fc/MatMul"]),
        ("/fc/Add", ["/fc/Add"]),
    ]


def test_a_sum_of_two_activations_is_another_layer() -> None:
    text = f"""
      %w = onnx.initializer @w : tensor<6x6xf32>
      %m = onnx.MatMul %x, %w : {T}, tensor<6x6xf32> -> {T} loc("/fc/MatMul")
      %a = onnx.Add %x, %m : {T}, {T} -> {T} loc("/Add")
    """
    other = network(("/fc/MatMul", (4, 6), f32))
    assert matched(graph(text), other) == [("/fc/MatMul", ["/fc/MatMul"])]


def test_a_bias_that_a_fused_node_adds_is_missing() -> None:
    text = f"""
      %w = onnx.initializer @w : tensor<6x6xf32>
      %b = onnx.initializer @b : tensor<6xf32>
      %m = onnx.MatMul %x, %w : {T}, tensor<6x6xf32> -> {T} loc("/fc/MatMul")
      %g = onnx.microsoft.BiasGelu %m, %b : {T}, tensor<6xf32> -> {T} loc("/BiasGelu")
    """
    assert match(graph(text), network(("/fc/MatMul", (4, 6), f32))).different == ["/fc/MatMul"]


def test_the_last_operation_of_a_node_computes_its_value() -> None:
    """What rounds the sums of a linear layer has its name."""
    text = """
      %w = vit.parameter @w : tensor<3x6xf32> loc("/fc")
      %signs, %scale = quant.binarize %w
        : tensor<3x6xf32> -> tensor<3x6x!quant.binary>, tensor<3xf32> loc("/fc")
      %m, %o = quant.requantize_parameters %scale
        {input_scale = 0.5 : f64, output = !quant.int<8, 0.25>, shift = 8 : i64}
        : tensor<3xf32> -> tensor<3xi18>, tensor<3xi48> loc("/fc")
      %sums = quant.linear %x, %signs
        : tensor<4x6x!quant.int<8, 0.5>>, tensor<3x6x!quant.binary> -> tensor<4x3xi11> loc("/fc")
      %y = quant.requantize %sums, %m, %o {shift = 8 : i64}
        : tensor<4x3xi11>, tensor<3xi18>, tensor<3xi48>
        -> tensor<4x3x!quant.int<8, 0.25>> loc("/fc")
    """
    found = graph(text, "%x: tensor<4x6x!quant.int<8, 0.5>>")
    assert pairs(network(("/fc", (4, 3), f32)), found) == [("/fc", [0], [1])]
