"""
The pages of the documentation that say what every pass and every operation is.

    python -m vaqf.compiler.reference_pages    # writes docs/passes.md and docs/dialects/
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from xdsl.ir import Dialect
from xdsl.irdl import IRDLOperation

from vaqf.compiler.pass_reference import field_docstrings, options_of, pass_named
from vaqf.compiler.universe import PASSES
from vaqf.dialects.accel import Accel
from vaqf.dialects.onnx import Onnx
from vaqf.dialects.quant import Quant
from vaqf.dialects.vit import ViT

REFRESH = "python -m vaqf.compiler.reference_pages"
"""The command that writes the pages, in the folder of the repository."""

DOCS = Path("docs")

DIALECTS: tuple[Dialect, ...] = (Onnx, ViT, Quant, Accel)
"""From the model down."""

NOTE = f"<!-- Written by `{REFRESH}` from docstrings; do not edit. -->"


def passes_page() -> str:
    """The page `docs/passes.md`."""
    lines = [
        "# Passes",
        NOTE,
        "",
        "In the order of `vaqf compile`. `vaqf-opt -p 'some-pass{option=value other-option=1,2}'` "
        "runs one alone.",
    ]
    for name in PASSES:
        described = pass_named(name)
        lines += ["", f"## {name}", "", *_text(described.__doc__)]
        options = list(options_of(described))
        if options:
            lines += ["", "| option | type | default | |", "|---|---|---|---|"]
            lines += [
                f"| `{each.name}` | {_cell(each.type)} | "
                f"{'needed' if each.default is None else f'`{_cell(each.default)}`'} | "
                f"{_cell(each.meaning)} |"
                for each in options
            ]
    return "\n".join(lines) + "\n"


def dialect_page(dialect: Dialect) -> str:
    """The page of a dialect in `docs/dialects/`."""
    operations = sorted(dialect.operations, key=lambda each: each.name)
    lines = [f"# The `{dialect.name}` dialect", NOTE]
    for each in operations:
        lines += ["", f"## {each.name}", "", *_text(each.__doc__)]
        if issubclass(each, IRDLOperation) and (rows := list(_fields(each))):
            lines += ["", "| | | |", "|---|---|---|", *rows]
    attributes = sorted(dialect.attributes, key=lambda each: each.name)
    for each in attributes:
        lines += ["", f"## {_sigil(each)}{each.name}", "", *_text(each.__doc__)]
        lines += [""] if (texts := field_docstrings(each)) else []
        lines += [f"- `{name}`: {text}" for name, text in texts.items()]
    return "\n".join(lines) + "\n"


def _sigil(attribute: type) -> str:
    """How the name of a type or an attribute begins in IR."""
    return "!" if any(base.__name__ == "TypeAttribute" for base in attribute.__mro__) else "#"


def _fields(operation: type[IRDLOperation]) -> Iterator[str]:
    """A row for each operand, result, property and region that has a text."""
    definition, texts = operation.get_irdl_definition(), field_docstrings(operation)
    kinds = {
        "operand": definition.operands,
        "result": definition.results,
        "region": definition.regions,
    }
    named = [(kind, name) for kind, fields in kinds.items() for name, _ in fields]
    named += [("property", name) for name in definition.properties]
    for kind, name in named:
        if name in texts:
            yield f"| {kind} | `{name}` | {_cell(texts[name])} |"


def _text(docstring: str | None) -> list[str]:
    return inspect.cleandoc(docstring or "").splitlines()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def pages() -> dict[str, str]:
    """All pages, by their paths in `docs/`."""
    return {
        "passes.md": passes_page(),
        **{f"dialects/{each.name}.md": dialect_page(each) for each in DIALECTS},
    }


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        file = DOCS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
