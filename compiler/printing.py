"""Printing IR as `vaqf-opt` shows it: in colours, generic, or without large constants."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO

from xdsl.context import Context
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp
from xdsl.ir import Attribute
from xdsl.printer import Printer
from xdsl.syntax_printer import SyntaxPrinter
from xdsl.utils.hints import isa

from vaqf.dialects.elision import ELIDED, elided_elements


@dataclass(eq=False, repr=False)
class ElidingPrinter(Printer):
    """A printer that leaves out elements of large constants, as MLIR does."""

    elided_above: int | None = None
    """The most elements that are printed, if not all; equal ones are one number, always printed."""

    def print_attribute(self, attribute: Attribute) -> None:
        limit = self.elided_above
        if (
            limit is not None
            and isa(attribute, DenseIntOrFPElementsAttr)
            and len(attribute) > limit
            and not attribute.is_splat()
        ):
            attribute = elided_elements(attribute.type)
        super().print_attribute(attribute)

    def print_resource_handle(self, dialect: str, handle: str) -> None:
        # Elided elements are no resource that could follow the module.
        if handle == ELIDED:
            self.print_string(handle)
        else:
            super().print_resource_handle(dialect, handle)


class ElidingSyntaxPrinter(ElidingPrinter, SyntaxPrinter):
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
        kind = ElidingSyntaxPrinter if self.colours else ElidingPrinter
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
