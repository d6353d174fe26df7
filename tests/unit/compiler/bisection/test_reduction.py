"""Tests of making modules smaller."""

from vaqf.compiler.bisection.reduction import Candidate, reduced
from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.verification import verify
from vaqf.dialects import vit
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.accelerator import Accelerator

ACCELERATOR = """\
func.func @parameters() -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %a = vit.parameter @a : tensor<2x3xf32>
  %b = vit.parameter @b : tensor<2x3xf32>
  %c = vit.parameter @c : tensor<2x3xf32>
  func.return %a, %b, %c : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}
func.func @forward(
    %x: tensor<2x3xf32> {accel.port = "input", accel.format = !quant.int<8, 0.5>},
    %a: tensor<2x3xf32> {accel.port = "parameter"},
    %b: tensor<2x3xf32> {accel.port = "parameter"},
    %c: tensor<2x3xf32> {accel.port = "parameter"}) {
  %0 = vit.add %a, %x : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = vit.gelu %b : tensor<2x3xf32> -> tensor<2x3xf32>
  func.return
}
"""


def has_gelu(candidate: Candidate) -> bool:
    """Whether something is an accelerator with a GELU."""
    verify(candidate.module)
    try:
        accelerator = Accelerator.of(candidate.module)
    except UserError:
        return False
    return any(isinstance(op, vit.GeluOp) for op in accelerator.forward.walk())


def test_an_accelerator_keeps_the_parameters_that_it_takes() -> None:
    module = parse_ir(full_context(), ACCELERATOR.encode(), "accelerator.mlir")
    sizes = list[int]()
    found = reduced(Candidate(module), has_gelu, lambda _: {}, lambda each: sizes.append(each.size))
    parameters = [op for op in found.module.walk() if isinstance(op, vit.ParameterOp)]
    assert [op.tensor_name.data for op in parameters] == ["b"]
    assert [argument.name_hint for argument in Accelerator.of(found.module).forward.args] == ["b"]
    assert found.size == sizes[-1] == 6
