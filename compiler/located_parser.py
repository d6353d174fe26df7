"""Reading IR so that every operation knows the line it came from."""

import re
import struct
from dataclasses import replace

from xdsl.context import Context
from xdsl.dialect_interfaces.op_asm import OpAsmDialectInterface
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloat,
    ComplexType,
    FileLineColLoc,
    IndexType,
    IntAttr,
    IntegerType,
    LocationAttr,
    ModuleOp,
    RankedStructure,
    StringAttr,
    UnknownLoc,
)
from xdsl.ir import AttributeInvT, Operation, SSAValue
from xdsl.irdl import base
from xdsl.parser import Parser, ParserState, UnresolvedOperand
from xdsl.utils.exceptions import MultipleSpansParseError, ParseError, VerifyException
from xdsl.utils.lexer import Input, Span
from xdsl.utils.mlir_lexer import MLIRLexer

from vaqf.compiler.errors import in_one_line
from vaqf.compiler.hints import did_you_mean
from vaqf.compiler.upstream.names import our_name
from vaqf.dialects.diagnostics import UserError, name_of_location, remember_place
from vaqf.dialects.elision import ELIDED

DENSE_TYPE = base(RankedStructure[IntegerType | IndexType | AnyFloat | ComplexType])
"""The types of `dense<...>`."""

COMMENTS = re.compile("//[^\n]*")

NO_LITERAL = (ValueError, ArithmeticError, struct.error)
"""What xDSL raises for a number that the type of an attribute does not hold."""

LOCATION_ALIASES = re.compile(r"^[ \t]*(#[\w.$-]+)[ \t]*=[ \t]*loc\(", re.MULTILINE)
"""Definitions that MLIR writes behind the module that uses them."""

UNDEFINED_VALUES = "values used but not defined"
UNDEFINED_BLOCKS = "region ends with missing block declarations"
"""What xDSL says only where these could have been defined at last."""

NO_FORMAT = "does not have a custom format"
"""What xDSL says of an operation that it knows in the generic format only."""

UPSTREAM_OPERATIONS = ("builtin.unrealized_conversion_cast", "scf.parallel")
"""What stands in IR of the upstream form in the place of what IRDL cannot define."""


class LinearLexer(MLIRLexer):
    """
    The lexer of xDSL, in linear time: there, a string that is not closed takes a time that is
    exponential in its length.
    """

    _unescaped_characters_regex = re.compile(r'"(?:[^"\\\n\v\f]|\\(?:["nt\\]|[0-9A-Fa-f]{2}))*"')


class LocatedParser(Parser):
    """
    The parser of xDSL, with locations for what has none in the text.

    An operation without `loc(...)` gets the file, line and column where it begins.
    """

    def __init__(self, context: Context, text: str, name: str, line_offset: int = 0):
        """
        Args:
            context: the dialects that may appear.
            text: the IR.
            name: what messages call the text, its path for files.
            line_offset: lines of the file before `text`, which may be a part of it.
        """
        super().__init__(context, "", name)
        self._parser_state = ParserState(LinearLexer(Input(text, name)))
        self._name = name
        self._location_is_given = False
        self._position = 0
        self._line = line_offset + 1
        self._first: FileLineColLoc | None = None
        self._latest: Operation | None = None
        self._early_aliases = set[int]()
        self._first_uses = dict[str, Span[str]]()

    def parse_operation(self) -> Operation:
        location = self._location()
        self._first = self._first or location
        op = super().parse_operation()
        if not self._location_is_given:
            op.location = location
        elif isinstance(op.location, UnknownLoc) and (place := name_of_location(location)):
            remember_place(op, place)
        self._latest = op
        return op

    def _get_op_by_name(self, name: str) -> type[Operation]:
        ours = our_name(name)
        known = self.ctx.get_optional_op(ours, dialect_stack=self._parser_state.dialect_stack)
        if known is not None:
            return known
        start = self.lexer.input.content.rfind(name, 0, self.pos)
        dialect = self.ctx.get_optional_dialect(ours.partition(".")[0])
        names = [] if dialect is None else [each.name for each in dialect.operations]
        message = f"operation '{name}' is not registered{did_you_mean(ours, names)}"
        self.raise_error(message, start, start + len(name))

    def parse_module(self, allow_implicit_module: bool = True) -> ModuleOp:
        self._read_location_aliases()
        try:
            module = super().parse_module(allow_implicit_module)
        except ParseError as error:
            error.span = self._place_of(error)
            raise
        # A module that is not written begins where its first operation does.
        if module is not self._latest and self._first is not None:
            module.location = self._first
        return module

    def _read_location_aliases(self) -> None:
        start = self.pos
        for alias in LOCATION_ALIASES.finditer(self.lexer.input.content):
            self._resume_from(alias.start(1))
            self._parse_alias_def()
            self._early_aliases.add(alias.start(1))
        self._resume_from(start)

    def _parse_alias_def(self) -> None:
        # What was read early is read again where it is, and only then in the way of another one.
        if self.pos in self._early_aliases:
            del self.attribute_aliases[self._current_token.text]
        super()._parse_alias_def()

    def resolve_operand(
        self, operand: UnresolvedOperand, type: AttributeInvT
    ) -> SSAValue[AttributeInvT]:
        name = operand.operand_name
        if name not in self.ssa_values and name not in self.forward_ssa_references:
            self._first_uses[name] = operand.span
        return super().resolve_operand(operand, type)

    def _place_of(self, error: ParseError) -> Span[str] | Span[bytes]:
        """Where a text is wrong: where something is used that nothing defines."""
        if error.msg.startswith(UNDEFINED_VALUES):
            return self._first_uses[next(iter(self.forward_ssa_references))]
        if error.msg.startswith(UNDEFINED_BLOCKS) and isinstance(error, MultipleSpansParseError):
            return error.refs[0][0]
        return error.span

    def parse_optional_location(self) -> LocationAttr | None:
        # An operation looks for its location last: then this is about the operation itself.
        location = super().parse_optional_location()
        self._location_is_given = location is not None
        return location

    @property
    def end_of_read_text(self) -> int:
        """Where what was read so far ends; the next token may be lines and comments later."""
        text = self.lexer.input.content[: self.pos].rstrip()
        while text[text.rfind("\n") + 1 :].lstrip().startswith("//"):
            text = text[: text.rfind("\n") + 1].rstrip()
        return max(len(text) - 1, 0)

    def _parse_dialect_resource_handle(
        self, dialect_name: str, interface: OpAsmDialectInterface
    ) -> str:
        # Elided elements are no resource: xDSL would give them a name of their own in each module.
        if self.parse_optional_keyword(ELIDED) is not None:
            return ELIDED
        return super()._parse_dialect_resource_handle(dialect_name, interface)

    def _parse_dense_literal_type(
        self,
    ) -> RankedStructure[IntegerType | IndexType | AnyFloat | ComplexType]:
        # xDSL derives the constraint anew for each constant, which takes longer than all the rest.
        start = self.pos
        type = self.parse_type()
        if not DENSE_TYPE.verifies(type):
            self.raise_error(
                f"the type of a dense constant is {type}, expected a tensor, memref or vector of "
                "integers, indices or floats",
                start,
            )
        if DYNAMIC_INDEX in type.get_shape():
            message = f"the type of a dense constant is {type}, expected a static shape"
            self.raise_error(message, start)
        return type

    def _location(self) -> FileLineColLoc:
        # Operations begin in the order of the text: each line break is counted once.
        text = self.lexer.input
        self._line += text.content.count(text.newline, self._position, self.pos)
        self._position = self.pos
        column = self.pos - text.get_start_of_line(self.pos) + 1
        return FileLineColLoc(StringAttr(self._name), IntAttr(self._line), IntAttr(column))


def parse_ir(
    context: Context,
    content: bytes,
    name: str,
    *,
    line_offset: int = 0,
    implicit_module: bool = True,
) -> ModuleOp:
    """
    Read a module.

    Args:
        context: the dialects that may appear.
        content: IR in UTF-8.
        name: what messages call the text, its path for files.
        line_offset: lines of the file before `content`, which may be a part of it.
        implicit_module: whether operations may stand outside of a `builtin.module`.

    Raises:
        UserError: when `content` is not text.
        ParseError: with the place in the text.
        VerifyException: for a type or attribute that does not verify, with the place in the text.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise UserError(f"{name}: not a text in UTF-8 (byte {error.start})") from error
    try:
        parser = LocatedParser(context, text, name, line_offset)
        if implicit_module and not COMMENTS.sub("", text).strip():
            empty = ModuleOp([])
            remember_place(empty, name)
            return empty
        try:
            module = parser.parse_module(implicit_module)
        except (VerifyException, *NO_LITERAL) as error:
            end = parser.end_of_read_text
            place = Span(end, end, parser.lexer.input, line_offset).get_location()
            raise VerifyException(f"{place}: {in_one_line(str(error))}") from error
        if any(name in text for name in UPSTREAM_OPERATIONS):
            # Needed by few texts, and slow to import.
            from vaqf.compiler.upstream.reading import from_upstream

            from_upstream(module)
        return module
    except ParseError as error:
        error.span = replace(error.span, line_offset=line_offset)
        if NO_FORMAT in error.msg:
            error.msg = f"{error.msg.rstrip('.')}: mlir-opt --mlir-print-op-generic prints one"
        raise
    except RecursionError:
        raise UserError(f"{name}: operations are nested too deep to be read") from None
