"""Mistakes in a recipe, told with the line that they are in."""

from xdsl.utils.lexer import Span

from vaqf.compiler.errors import located
from vaqf.dialects.diagnostics import ReportError


class RecipeError(ReportError):
    """
    A mistake in a recipe: `source:line:column: message`, the line, and a caret below.

    Without a place, when the recipe was not read from text, the message alone.
    """

    def __init__(self, message: str, span: Span[str] | None):
        super().__init__(message if span is None else located(span, message))
