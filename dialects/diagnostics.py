"""Errors that a user can act on: what is wrong, where, and what would be right."""

from collections.abc import Sequence
from typing import NoReturn
from weakref import WeakKeyDictionary

from xdsl.dialects.builtin import ArrayAttr, FileLineColLoc, FusedLoc, NameLoc
from xdsl.ir import Attribute, Operation
from xdsl.traits import SymbolOpInterface
from xdsl.utils.exceptions import DiagnosticException, PassFailedException

_PLACES: WeakKeyDictionary[Operation, str] = WeakKeyDictionary()
"""Where operations were read that have no location, for messages alone."""


class UserError(DiagnosticException):
    """A mistake in what the user gave: a file, an option, a model. One line says it all."""


class ReportError(PassFailedException):
    """Several mistakes at once. The message has many lines, and is told as it is."""

    @property
    def parts(self) -> Sequence[str]:
        """Each of the mistakes in one line, with its place."""
        return (str(self),)


def name_of_location(location: Attribute) -> str | None:
    """
    The name that a location carries: the ONNX node for models, `file:line:column` for text.

    A fused location gives its first name. None when the location is unknown.
    """
    match location:
        case NameLoc():
            return location.desc.data
        case FileLineColLoc():
            return f"{location.filename.data}:{location.line.data}:{location.column.data}"
        case FusedLoc(locations=ArrayAttr(data=inner)):
            names = (name_of_location(each) for each in inner)
            return next((name for name in names if name is not None), None)
        case _:
            return None


def remember_place(op: Operation, place: str) -> None:
    """Let messages say where an operation was read whose location is unknown, and stays so."""
    _PLACES[op] = place


def describe(op: Operation) -> str:
    """
    How a message refers to an operation: its name, and where it came from or was read when known;
    or the symbol that it defines.
    """
    name = name_of_location(op.location) or _PLACES.get(op)
    if name is not None:
        return f"'{op.name}' at {name}"
    symbol = op.get_trait(SymbolOpInterface)
    defined = None if symbol is None else symbol.get_sym_attr_name(op)
    return f"'{op.name}'" if defined is None else f"'{op.name}' @{defined.data}"


def fail(op: Operation, message: str) -> NoReturn:
    """
    Give up on a pass because of `op`.

    Raises:
        PassFailedException: always, with the operation, its location and `message` in one line.
    """
    raise PassFailedException(f"{describe(op)}: {message}")
