"""Printing IR as `vaqf-opt` shows it: in colours, generic, or without large constants."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import TypeVar

from xdsl.context import Context
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp
from xdsl.ir import Attribute, Operation
from xdsl.printer import Printer
from xdsl.syntax_printer import SyntaxPrinter
from xdsl.utils.hints import isa

from vaqf.dialects.elision import ELIDED, elided_elements

Printed = TypeVar("Printed")

ESCAPES = {
    **{code: f"\\{code:02X}" for code in (*range(0x20), ord('"'), *range(0x7F, 0x100))},
    ord("\\"): r"\\",
}
"""How string literals write bytes that are not themselves."""


class Nowhere(StringIO):
    """Forgets what is written."""

    def write(self, text: str) -> int:
        """Write nothing."""
        return len(text)


NOWHERE = Nowhere()

Contents = list[object]
"""All that the text of an operation without regions depends on."""


@dataclass(frozen=True)
class Texts:
    """What has been printed; printers of the same kind can share it."""

    attributes: dict[tuple[int, bool], tuple[Attribute, str]] = field(
        default_factory=dict[tuple[int, bool], tuple[Attribute, str]]
    )
    """The text of each attribute by its identity, and whether it is within a location."""

    operations: dict[Operation, tuple[Contents, str]] = field(
        default_factory=dict[Operation, tuple[Contents, str]]
    )
    """Operations as they were, and their text."""


@dataclass(eq=False, repr=False)
class IrPrinter(Printer):
    """
    The printer of xDSL, which can leave out elements of large constants, as MLIR does.

    It is faster: string literals, which most of a text with locations is, are written as a whole
    instead of byte by byte; types and locations once, since many operations share one; and again
    only those operations that are not as they were.
    """

    elided_above: int | None = None
    """The most elements that are printed, if not all; equal ones are one number, always printed."""

    texts: Texts = field(default_factory=Texts)
    """Of what was printed before."""

    def print_op(self, op: Operation) -> None:
        contents = self._contents(op)
        if contents is None:
            super().print_op(op)
            return
        before, text = self.texts.operations.get(op, (None, ""))
        if contents != before:
            text = self._text(super().print_op, op)
            self.texts.operations[op] = contents, text
        # Lines within it are indented already.
        self.print_string(text, indent=0)

    def _contents(self, op: Operation) -> Contents | None:
        """
        What the text of an operation depends on; None where that is more than itself and names.

        Attributes are mostly the same objects as before, equal without a look into them. Those that
        are equal are printed alike, but for the order within a dictionary.
        """
        if op.regions or op.successors or self.diagnostic.op_messages:
            return None
        names, results = self._ssa_values, op.results
        if results:
            # They get their names here, in the order in which they would else.
            output, self.stream = self.stream, NOWHERE
            try:
                for result in results:
                    self.print_ssa_value(result)
            finally:
                self.stream = output
        values = (*results, *op.operands)
        known = [*map(names.get, values)]
        if None in known:
            return None
        types = [value.type for value in values]
        return [op.location, known, types, [*op.properties.items()], [*op.attributes.items()]]

    def print_string(self, text: str, *, indent: int | None = None) -> None:
        if "\n" in text:
            super().print_string(text, indent=indent)
        else:
            self._current_column += len(text)
            if self.stream is None:
                sys.stdout.write(text)
            else:
                self.stream.write(text)

    def print_bytes_literal(self, bytestring: bytes) -> None:
        self.print_string(f'"{bytestring.decode("latin-1").translate(ESCAPES)}"')

    def print_attribute(self, attribute: Attribute) -> None:
        limit = self.elided_above
        if (
            limit is not None
            and isa(attribute, DenseIntOrFPElementsAttr)
            and len(attribute) > limit
            and not attribute.is_splat()
        ):
            attribute = elided_elements(attribute.type)
        key = id(attribute), self.printing_location
        if (known := self.texts.attributes.get(key)) is None:
            # The attribute is kept, so that nothing else gets its identity.
            text = self._text(super().print_attribute, attribute)
            known = self.texts.attributes[key] = attribute, text
        self.print_string(known[1])

    def _text(self, printing: Callable[[Printed], object], printed: Printed) -> str:
        """What would be printed."""
        output, self.stream = self.stream, StringIO()
        column = self._current_column
        try:
            printing(printed)
            return self.stream.getvalue()
        finally:
            self.stream, self._current_column = output, column

    def print_resource_handle(self, dialect: str, handle: str) -> None:
        # Elided elements are no resource that could follow the module.
        if handle == ELIDED:
            self.print_string(handle)
        else:
            super().print_resource_handle(dialect, handle)


class ColouredIrPrinter(IrPrinter, SyntaxPrinter):
    """The same, in colours."""


@dataclass(frozen=True)
class Printing:
    """How IR is printed."""

    generic: bool = False
    """In the generic format."""

    properties_as_attributes: bool = False

    locations: bool = False

    colours: bool = False

    elided_above: int | None = None
    """The most elements of a constant that are printed; None for all."""

    def text(self, context: Context, module: ModuleOp) -> str:
        """The text of a module, with a line break at its end."""
        output = StringIO()
        kind = ColouredIrPrinter if self.colours else IrPrinter
        printer = kind(
            stream=output,
            print_generic_format=self.generic,
            print_properties_as_attributes=self.properties_as_attributes,
            print_debuginfo=self.locations,
            elided_above=self.elided_above,
        )
        printer.print_op(module)
        printer.print_metadata(context.loaded_dialects)
        return output.getvalue().rstrip("\n") + "\n"
