"""Our printer writes what that of xDSL writes."""

from io import StringIO
from pathlib import Path

import pytest
from xdsl.dialects.builtin import IntegerAttr, NameLoc, StringAttr, i32
from xdsl.printer import Printer
from xdsl.syntax_printer import SyntaxPrinter

from tests.models.fixtures import FOLDER
from vaqf.compiler.compilation import Finished, compile_model, print_ir
from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.pipeline import Options, stages
from vaqf.compiler.printing import Printing, Texts

TESTS = Path(__file__).parents[2]

TEXT = r"""
builtin.module attributes {name = "a \\ and \22 and \0A and Gr\C3\B6\C3\9Fe"} {
  func.func @f(%x: tensor<2x3x!quant.int<8, 0.5>>) -> tensor<2x3x!quant.int<8, 0.5>> {
    %0 = "test.op"(%x) {d = dense<[1, 2]> : tensor<2xi64>, t = tensor<2x3xf32>, l = loc("a")}
        : (tensor<2x3x!quant.int<8, 0.5>>) -> tensor<2x3x!quant.int<8, 0.5>> loc(fused["a", "b"])
    func.return %0 : tensor<2x3x!quant.int<8, 0.5>> loc("a")
  }
}
"""

TEXTS = (
    TEXT,
    *((TESTS / "lit" / each).read_text() for each in ("dialects/vit/ops.mlir", "tools/elide.mlir")),
    (TESTS / "unit" / "backends" / "turns.mlir").read_text(),
)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("generic", (False, True))
@pytest.mark.parametrize("locations", (False, True))
@pytest.mark.parametrize("colours", (False, True))
def test_same_text(text: str, generic: bool, locations: bool, colours: bool) -> None:
    context = full_context()
    module = parse_ir(context, text.encode(), "text")
    output = StringIO()
    kind = SyntaxPrinter if colours else Printer
    kind(output, print_generic_format=generic, print_debuginfo=locations).print_op(module)
    printing = Printing(generic=generic, locations=locations, colours=colours)
    assert printing.text(context, module) == output.getvalue() + "\n"


def test_texts_are_shared_along_a_compilation() -> None:
    """What is printed again is as if it had not been printed before, whatever passes change."""
    model = FOLDER / "timm_fused.legacy17.onnx"
    known, printed = Texts(), list[str]()

    def finished(stage: Finished) -> None:
        output = StringIO()
        Printer(output, print_debuginfo=True).print_op(stage.module)
        printed.append(output.getvalue() + "\n")
        assert print_ir(stage.module, locations=True, known=known) == printed[-1]

    compile_model(model, str(model), stages(Options()), finished)
    assert len(printed) == len(set(printed)) + 1, "all but one stage change something"


MODULE = """
builtin.module {
  %x = arith.constant 1 : i32
  %y = arith.constant 2 : i32
  %z = arith.addi %x, %y : i32
  %w = arith.addi %z, %y : i32
}
"""


def test_texts_know_what_an_operation_depends_on() -> None:
    module = parse_ir(full_context(), MODULE.encode(), "text")
    x, y, z, w = module.body.block.ops
    known = Texts()

    def expect_same() -> None:
        output = StringIO()
        Printer(output, print_debuginfo=True).print_op(module)
        assert print_ir(module, locations=True, known=known) == output.getvalue() + "\n"

    expect_same()
    x.results[0].name_hint = "renamed"
    expect_same()
    z.operands[1] = x.results[0]
    expect_same()
    y.properties["value"] = IntegerAttr(3, i32)
    expect_same()
    y.attributes["note"] = StringAttr("new")
    expect_same()
    y.attributes["also"] = y.attributes.pop("note")
    expect_same()
    w.location = NameLoc(StringAttr("place"), z.location)
    expect_same()
    # In between, an operand that is not defined yet has no name that could be known.
    z.detach()
    module.body.block.add_op(z)
    expect_same()
    x.results[0].name_hint = "z"
    expect_same()
