"""Generated pages of the documentation are current, and true."""

from pathlib import Path

import pytest
from xdsl.ir import Block
from xdsl.irdl import IRDLOperation

from vaqf.compiler.documentation import REFRESH, USES, supported_onnx
from vaqf.compiler.pipeline import Options, stages
from vaqf.dialects import onnx
from vaqf.frontends.onnx.registry import OPERATORS
from vaqf.passes.raise_onnx_to_vit import RaiseOnnxToVitPass
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Emitter
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.reasons import NO_RULE
from vaqf.passes.raise_onnx_to_vit.rules import meanings_of

DOCS = Path(__file__).parents[3] / "docs"

REFUSED_BY_NAME = {onnx.ErfOp}
"""Operations whose rule says why what a pass has left of them is refused."""

OPERATIONS: set[type[IRDLOperation]] = {operator.operation for operator in OPERATORS.values()}
IN_ORDER = sorted(OPERATIONS, key=lambda operation: operation.name)


def test_supported_onnx_is_current() -> None:
    page = (DOCS / "supported-onnx.md").read_text()
    assert page == supported_onnx(), f"docs/supported-onnx.md is not current, run: {REFRESH}"


def test_every_operator_is_on_the_page() -> None:
    page = supported_onnx()
    for domain, name in OPERATORS:
        assert f"\n| {name} |" in page
        assert not domain or f"`{domain}`" in page


def test_uses_are_of_operations_that_are_imported_and_passes_that_run() -> None:
    assert USES.keys() <= OPERATIONS
    assert {use.by for use in USES.values()} <= {each.name for each in stages(Options())[0].passes}


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("Gemm", "`transA` 0"),
        ("Softmax", "the last axis, of attention scores"),
        ("Concat", "tokens"),
        ("Sub", "constants only"),
        ("Div", "by a number"),
        ("Exp", "nothing"),
    ],
)
def test_what_is_accepted_of_activations(name: str, accepted: str) -> None:
    row = next(line for line in supported_onnx().splitlines() if line.startswith(f"| {name} |"))
    assert row.split(" | ")[3].startswith(accepted)


def test_conditions_are_on_what_has_some() -> None:
    unconditional = {each for each in USES if USES[each].accepted == "everything"}
    assert unconditional == {onnx.IdentityOp}


@pytest.mark.parametrize("operation", IN_ORDER)
def test_what_is_raised_has_a_rule(operation: type[IRDLOperation]) -> None:
    use = USES.get(operation)
    is_raised = use is not None and use.by == RaiseOnnxToVitPass.name
    assert has_rule(operation) == (is_raised or operation in REFUSED_BY_NAME)


def has_rule(operation: type[IRDLOperation]) -> bool:
    """Whether raising has a rule for an operation: it stumbles over one without operands."""
    try:
        meanings_of(Graph(Emitter(Block())), operation.create())
    except CannotRaise as error:
        return str(error) != NO_RULE
    except (IndexError, KeyError, ValueError):
        return True
    return True
