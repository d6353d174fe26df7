"""Verifying again what passes may have made invalid."""

import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp, TensorType, f32, i64
from xdsl.ir import Operation
from xdsl.transforms.dead_code_elimination import DeadCodeElimination
from xdsl.utils.exceptions import VerifyException

from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.verification import RepeatedVerification
from vaqf.dialects import onnx

PASS = DeadCodeElimination()

TEXT = b"""
func.func @forward(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %shape = onnx.constant dense<[3, 2]> : tensor<2xi64>
  %y = onnx.Reshape %x, %shape : tensor<2x3xf32>, tensor<2xi64> -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}
"""


@pytest.fixture
def module() -> ModuleOp:
    return parse_ir(full_context(), TEXT, "text")


def the(kind: type[Operation], module: ModuleOp) -> Operation:
    """The only operation of a kind."""
    (found,) = (op for op in module.walk() if isinstance(op, kind))
    return found


def test_what_is_as_it_was_is_not_looked_at(
    module: ModuleOp, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    verify = onnx.ReshapeOp.verify_

    def counted(op: onnx.ReshapeOp) -> None:
        looked_at.append(op.name)
        verify(op)

    monkeypatch.setattr(onnx.ReshapeOp, "verify_", counted)
    verification = RepeatedVerification()
    for _ in range(3):
        verification.verify(module, PASS)
    assert looked_at == ["onnx.Reshape"]


def test_a_changed_result_is_seen(module: ModuleOp) -> None:
    verification = RepeatedVerification()
    verification.verify(module, PASS)
    reshape = the(onnx.ReshapeOp, module)
    new = onnx.ReshapeOp.build(operands=[*reshape.operands], result_types=[TensorType(f32, [2, 2])])
    assert reshape.parent is not None
    reshape.parent.insert_op_before(new, reshape)
    with pytest.raises(VerifyException, match=r"invalid IR after dce: 'onnx.Reshape'"):
        verification.verify(module, PASS)


def test_a_changed_operand_is_seen(module: ModuleOp) -> None:
    """The constant is valid, but the operation that takes it is not any more."""
    verification = RepeatedVerification()
    verification.verify(module, PASS)
    constant = the(onnx.ConstantOp, module)
    constant.properties["value"] = DenseIntOrFPElementsAttr.from_list(TensorType(i64, [2]), [6, 1])
    with pytest.raises(VerifyException, match=r"invalid IR after dce: 'onnx.Reshape' at text:4:3"):
        verification.verify(module, PASS)


def test_what_follows_a_terminator_is_seen(module: ModuleOp) -> None:
    verification = RepeatedVerification()
    verification.verify(module, PASS)
    block = the(onnx.ReshapeOp, module).parent
    assert block is not None
    block.add_op(test.TestOp())
    with pytest.raises(VerifyException, match=r"invalid IR after dce: 'func.return'"):
        verification.verify(module, PASS)
