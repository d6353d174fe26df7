"""The order of raised operations, which exporters must not matter for."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin
from xdsl.dialects.func import Func, FuncOp
from xdsl.ir import Block, Operation
from xdsl.parser import Parser

from vaqf.dialects.vit import AddOp, ViT
from vaqf.passes.raise_onnx_to_vit.ordering import put_in_order

NETWORK = """
  %w0 = vit.parameter @w0 : tensor<4x4xf32>
  %w1 = vit.parameter @w1 : tensor<4x4xf32>
  %w2 = vit.parameter @w2 : tensor<4x4xf32>
  %w3 = vit.parameter @w3 : tensor<4x4xf32>
  %position = vit.parameter @position : tensor<5x4xf32>
  %sum = vit.add %x, %position : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %q = vit.linear %sum, %w0 : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %k = vit.linear %sum, %w1 : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %v = vit.linear %sum, %w2 : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %s = vit.attention_scores %q, %k {heads = 2 : i64, scale = 1.0 : f64}
      : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<2x5x5xf32>
  %p = vit.softmax %s : tensor<2x5x5xf32> -> tensor<2x5x5xf32>
  %m = vit.attention_values %p, %v : tensor<2x5x5xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %y = vit.add %sum, %m : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %t0 = vit.select_token %y[0] : tensor<5x4xf32> -> tensor<1x4xf32>
  %t1 = vit.select_token %y[1] : tensor<5x4xf32> -> tensor<1x4xf32>
  %h0 = vit.linear %t0, %w3 : tensor<1x4xf32>, tensor<4x4xf32> -> tensor<1x4xf32>
  %h1 = vit.linear %t1, %w3 : tensor<1x4xf32>, tensor<4x4xf32> -> tensor<1x4xf32>
  %mean = vit.add %h0, %h1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
"""
"""Attention, a residual connection, and two heads."""


def body_of(text: str, result: str = "mean", shape: str = "1x4") -> Block:
    context = Context()
    for dialect in (Builtin, Func, ViT):
        context.load_dialect(dialect)
    type = f"tensor<{shape}xf32>"
    function = f"""
        func.func @forward(%x: tensor<5x4xf32>) -> {type} {{
          {text}
          func.return %{result} : {type}
        }}"""
    (found,) = Parser(context, function).parse_module().ops
    assert isinstance(found, FuncOp)
    return found.body.block


def text_of(block: Block) -> str:
    """The operations of a block, whose values have numbers in the place of names."""
    numbers: dict[str, str] = {}
    text = "\n".join(map(str, block.ops))
    return re.sub(r"%\w+", lambda match: numbers.setdefault(match[0], f"%{len(numbers)}"), text)


def names_of(block: Block) -> list[str | None]:
    return [op.results[0].name_hint for op in block.ops if op.results]


def shuffle(block: Block, choose: Callable[[int], int]) -> None:
    """Put operations in another order in which each follows its operands, and swap some terms."""
    waiting = [op for op in block.ops if op.results]
    last = block.last_op
    assert last is not None
    for op in waiting:
        if isinstance(op, AddOp) and choose(2):
            op.operands = op.operands[::-1]
    while waiting:
        blocked = {result for op in waiting for result in op.results}
        ready: list[Operation] = [op for op in waiting if blocked.isdisjoint(op.operands)]
        op = ready[choose(len(ready))]
        waiting.remove(op)
        op.detach()
        block.insert_op_before(op, last)


@given(st.data())
def test_order_of_nodes_does_not_matter(data: st.DataObject):
    first, other = body_of(NETWORK), body_of(NETWORK)
    shuffle(other, lambda count: data.draw(st.integers(0, count - 1)))
    put_in_order(first)
    put_in_order(other)
    assert text_of(first) == text_of(other)


def test_order():
    """Weights stand before the first layer that uses them, and layers of one input together."""
    block = body_of(NETWORK)
    put_in_order(block)
    expected = "position sum w0 q w1 k w2 v s p m y t0 w3 h0 t1 h1 mean"
    assert names_of(block) == expected.split()


def test_unused_operations_go():
    block = body_of(
        "%used = vit.gelu %x : tensor<5x4xf32> -> tensor<5x4xf32>" + NETWORK, "used", "5x4"
    )
    put_in_order(block)
    assert names_of(block) == ["used"]


@pytest.mark.parametrize(
    ("left", "right"),
    [("deep", "x0"), ("weight", "x0"), ("weight", "deep"), ("x1", "x0"), ("deep", "x1")],
)
def test_terms(left: str, right: str):
    """What is added to stands first, weights last, and of equals that of the first token."""
    text = f"""
      %weight = vit.parameter @weight : tensor<1x4xf32>
      %x0 = vit.select_token %x[0] : tensor<5x4xf32> -> tensor<1x4xf32>
      %x1 = vit.select_token %x[1] : tensor<5x4xf32> -> tensor<1x4xf32>
      %deep = vit.gelu %x0 : tensor<1x4xf32> -> tensor<1x4xf32>
      %y = vit.add %{left}, %{right} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
    """
    block = body_of(text, "y")
    put_in_order(block)
    (sum,) = (op for op in block.ops if isinstance(op, AddOp))
    assert [each.name_hint for each in sum.operands] == [right, left]
