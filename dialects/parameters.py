"""
Reading the parameters of types and attributes.

Each is read in two forms: as we print it, `dim = 0`, and as MLIR prints the parameters of every
dialect that it does not know by heart, `0 : i64`.
"""

from __future__ import annotations

from xdsl.dialects.builtin import FloatData, IntAttr, StringAttr
from xdsl.parser import AttrParser


def parse_integer(parser: AttrParser, keyword: str | None = None) -> IntAttr:
    """Read `keyword = 8`, `8` or `8 : i64`, which is not negative."""
    _skip_keyword(parser, keyword)
    value = parser.parse_integer(allow_boolean=False, allow_negative=False)
    _skip_type(parser)
    return IntAttr(value)


def parse_real(parser: AttrParser, keyword: str | None = None) -> FloatData:
    """Read `keyword = 0.5`, `0.5` or `0.5 : f64`."""
    _skip_keyword(parser, keyword)
    value = float(parser.parse_number(allow_boolean=False))
    _skip_type(parser)
    return FloatData(value)


def parse_text(parser: AttrParser) -> StringAttr:
    """Read `"text"`."""
    return StringAttr(parser.parse_str_literal())


def _skip_keyword(parser: AttrParser, keyword: str | None) -> None:
    if keyword is not None and parser.parse_optional_keyword(keyword):
        parser.parse_punctuation("=")


def _skip_type(parser: AttrParser) -> None:
    if parser.parse_optional_punctuation(":"):
        parser.parse_type()
