"""Printing IR as `vaqf-opt` shows it: in colours, generic, or without large constants."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from io import StringIO

from xdsl.context import Context
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp
from xdsl.ir import Attribute
from xdsl.printer import Printer
from xdsl.syntax_printer import SyntaxPrinter
from xdsl.utils.hints import isa

from vaqf.dialects.elision import ELIDED, elided_elements

ESCAPES = {
    **{code: f"\\{code:02X}" for code in (*range(0x20), ord('"'), *range(0x7F, 0x100))},
    ord("\\"): r"\\",
}
"""How string literals write bytes that are not themselves."""


Texts = dict[tuple[int, bool], tuple[Attribute, str]]
"""The text of each attribute by its identity, and whether it is within a location."""


@dataclass(eq=False, repr=False)
class IrPrinter(Printer):
    """
    The printer of xDSL, which can leave out elements of large constants, as MLIR does.

    It is faster: string literals, which most of a text with locations is, are written as a whole
    instead of byte by byte; and types and locations once, since many operations share one.
    """

    elided_above: int | None = None
    """The most elements that are printed, if not all; equal ones are one number, always printed."""

    texts: Texts = field(default_factory=Texts)
    """Of attributes, which printers of the same IR and kind can share."""

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
        if (known := self.texts.get(key)) is None:
            # The attribute is kept, so that nothing else gets its identity.
            known = self.texts[key] = attribute, self._text(attribute)
        self.print_string(known[1])

    def _text(self, attribute: Attribute) -> str:
        output, self.stream = self.stream, StringIO()
        column = self._current_column
        try:
            super().print_attribute(attribute)
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
