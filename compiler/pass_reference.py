"""What every pass of VAQF does, and its options, as its docstrings say."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from importlib import import_module
from typing import get_type_hints

from xdsl.passes import ModulePass
from xdsl.utils.hints import isa, type_repr

from vaqf.compiler.universe import PASSES


@dataclass(frozen=True)
class Option:
    """An option of a pass."""

    name: str
    """As it is written in a pipeline."""

    type: str

    default: str | None
    """As it is written; None when it has to be given."""

    meaning: str
    """What it is, and which values are legal."""


@dataclass(frozen=True)
class Reference:
    """A pass."""

    name: str

    summary: str
    """What it does, in a sentence."""

    options: tuple[Option, ...]

    @property
    def lines(self) -> list[str]:
        """For people."""
        found = [self.name, *_indented(self.summary, 2)]
        for each in self.options:
            default = "needed" if each.default is None else f"default {each.default}"
            found.append(f"    {each.name}: {each.type} ({default})")
            found += _indented(each.meaning, 6)
        return found


def _indented(text: str, columns: int) -> list[str]:
    indent = " " * columns
    return textwrap.wrap(text, 100, initial_indent=indent, subsequent_indent=indent)


def pass_named(name: str) -> type[ModulePass]:
    """The pass of VAQF that has a name."""
    members = vars(import_module(f"vaqf.passes.{name.replace('-', '_')}")).values()
    passes = (each for each in members if isinstance(each, type) and issubclass(each, ModulePass))
    return next(each for each in passes if vars(each).get("name") == name)


def first_sentence(text: str) -> str:
    """The first sentence of a docstring, in one line."""
    paragraph = " ".join(inspect.cleandoc(text).partition("\n\n")[0].split())
    end = paragraph.find(". ")
    return paragraph if end < 0 else paragraph[: end + 1]


def field_docstrings(described: type) -> dict[str, str]:
    """The texts under the fields of a class, each in one line."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(described))).body
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, str] = {}
    for declared, below in zip(tree.body, tree.body[1:], strict=False):
        match declared, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = " ".join(inspect.cleandoc(text).split())
            case _:
                pass
    return found


def options_of(described: type[ModulePass]) -> Iterator[Option]:
    """The options of a pass."""
    types, texts = get_type_hints(described), field_docstrings(described)
    for each in fields(described):
        if each.name == "name" or not each.init:
            continue
        default = None if each.default is MISSING else _written(each.default)
        meaning = texts.get(each.name, "")
        yield Option(each.name.replace("_", "-"), type_repr(types[each.name]), default, meaning)


def _written(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case "":
            return '""'
        case _ if isa(value, tuple[int, ...]):
            return ",".join(map(str, value))
        case _:
            return str(value)


def reference_of(described: type[ModulePass]) -> Reference:
    """What is known of a pass."""
    text = described.__doc__ or ""
    # A dataclass that says nothing of itself gets a text that names its fields.
    summary = "" if text.startswith(f"{described.__name__}(") else first_sentence(text)
    return Reference(described.name, summary, tuple(options_of(described)))


def references() -> Iterator[Reference]:
    """All passes of VAQF, in the order of the levels."""
    for name in PASSES:
        yield reference_of(pass_named(name))
