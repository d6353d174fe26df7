"""Pages that are written from docstrings are current, and their examples are true."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdsl.ir import Operation
from xdsl.parser import Parser

from vaqf.compiler.context import full_context
from vaqf.compiler.pass_reference import options_of, pass_named
from vaqf.compiler.reference_pages import DIALECTS, REFRESH, pages
from vaqf.compiler.universe import PASSES

DOCS = Path(__file__).parents[3] / "docs"

OPERATIONS = [each for dialect in DIALECTS for each in dialect.operations]


def examples(operation: type[Operation]) -> list[str]:
    """The IR in the docstring of an operation."""
    return re.findall(r"```mlir\n(.*?)```", inspect.cleandoc(operation.__doc__ or ""), re.DOTALL)


def parsed(text: str) -> Iterator[Operation]:
    """The operations of a text, which may use values that nothing in it defines."""
    parser = Parser(full_context(), text)
    while (op := parser.parse_optional_operation()) is not None:
        yield op


@pytest.mark.parametrize("name", pages())
def test_pages_are_current(name: str) -> None:
    file = DOCS / name
    assert file.read_text() == pages()[name], f"docs/{name} is not current, run: {REFRESH}"


def test_there_is_no_other_page() -> None:
    written = {f"dialects/{each.name}" for each in (DOCS / "dialects").iterdir()}
    assert written == {name for name in pages() if name.startswith("dialects/")}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_examples(operation: type[Operation]) -> None:
    """Every operation has an example, which is read and verified, and printed as it is read."""
    (text,) = examples(operation)
    ops = list(parsed(text))
    assert any(isinstance(op, operation) for op in ops)
    for op in ops:
        op.verify(verify_nested_ops=False)


@pytest.mark.parametrize("name", PASSES)
def test_every_option_is_explained(name: str) -> None:
    described = pass_named(name)
    assert described.name == name and described.__doc__
    assert all(each.meaning for each in options_of(described))
