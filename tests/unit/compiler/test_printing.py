"""Our printer writes what that of xDSL writes."""

from io import StringIO
from pathlib import Path

import pytest
from xdsl.printer import Printer
from xdsl.syntax_printer import SyntaxPrinter

from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.printing import Printing

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
