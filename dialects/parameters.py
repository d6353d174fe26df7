"""
Reading and printing the parameters of types and attributes.

Each is read in two forms: as we print it, `dim = 0`, and as upstream MLIR prints the parameters of
dialects that it knows from IRDL, `0 : i64`.
"""

from __future__ import annotations

import re

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


def real_text(value: float) -> str:
    """A number as `parse_real` reads it: with a point, and exactly."""
    return re.sub(r"^(-?\d+)e", r"\1.0e", repr(value))


def parse_text(parser: AttrParser) -> StringAttr:
    """Read `"text"`."""
    return StringAttr(parser.parse_str_literal())


def _skip_keyword(parser: AttrParser, keyword: str | None) -> None:
    if keyword is not None and parser.parse_optional_keyword(keyword):
        parser.parse_punctuation("=")


def _skip_type(parser: AttrParser) -> None:
    if parser.parse_optional_punctuation(":"):
        parser.parse_type()
