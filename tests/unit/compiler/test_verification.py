"""Whether passes may leave what they leave."""

from dataclasses import dataclass

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import VerifyException

from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.verification import verify
from vaqf.dialects import vit

TEXT = b"""
func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %z = vit.add %x, %y : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  func.return %z : tensor<2x3xf32>
}
"""


@dataclass(frozen=True)
class MisplacePass(ModulePass):
    """Moves a GELU behind what takes it."""

    name = "plant-misplace"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        (gelu,) = (each for each in op.walk() if isinstance(each, vit.GeluOp))
        (use,) = gelu.result.uses
        block = gelu.parent_block()
        assert block is not None
        gelu.detach()
        block.insert_op_after(gelu, use.operation)


def test_an_operation_in_the_wrong_place_is_found() -> None:
    module = parse_ir(full_context(), TEXT, "text")
    verify(module)
    running = MisplacePass()
    running.apply(full_context(), module)
    with pytest.raises(
        VerifyException,
        match=r"invalid IR after plant-misplace: 'vit\.add' at text:4:3: operand #1 \(%y\) is not",
    ):
        verify(module, after=running)
