"""The statements of one C++ function while they are written."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Block, Operation, SSAValue

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.analysis import constant_of
from vaqf.backends.hls.identifiers import Names, camel_case, plural
from vaqf.backends.hls.storage import Dram, Local, Matrix, Place
from vaqf.backends.hls.text import Writer, call, wrap
from vaqf.backends.hls.unit import Unit, variable_name
from vaqf.dialects.accel.memory import BufferOp
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS

ATOM, UNARY, PRODUCT, SUM, RELATION, EQUALITY, CONJUNCTION, CHOICE = range(8, 0, -1)
"""How tightly expressions bind, from the tightest."""

AnyPlace = TypeVar("AnyPlace", Matrix, Local, Dram)


@dataclass(frozen=True)
class Scalar:
    """A C++ expression for a number or a condition."""

    text: str
    binding: int = ATOM
    """How tightly its outermost operator binds."""

    def within(self, binding: int) -> str:
        """The expression as an operand of something that binds like `binding`."""
        return self.text if self.binding >= binding else f"({self.text})"


class Body:
    """The statements of one C++ function while they are written, and what its values are."""

    def __init__(self, unit: Unit):
        self.unit = unit
        self.names = unit.names.inside()
        self.labels = Names()
        self.out = Writer()
        self.out.depth = 1
        self.scalars: dict[SSAValue, Scalar] = {}
        self.places: dict[SSAValue, Place] = {}
        self.pieces: dict[tuple[SSAValue, SSAValue], Local] = {}
        """The pieces that parameters stand for, by the local array and what selects the piece."""

        self.unnecessary: set[SSAValue] = set()
        """Values that nothing in C++ needs, as those that select pieces handed over whole."""

        self.postponed: dict[Block, list[BufferOp]] = {}
        """Arrays that are declared where a block starts."""

        self.pipelined = False
        """Whether what is written now is inside of a pipelined loop."""

    def scalar(self, value: SSAValue, binding: int = 0) -> str:
        """The expression for a number, as an operand of something that binds like `binding`."""
        if value not in self.scalars:
            constant = constant_of(value)
            if constant is None:
                raise KeyError(f"{value} is used before it is written")
            return str(constant) if constant >= 0 or binding <= SUM else f"({constant})"
        return self.scalars[value].within(binding)

    def place(self, user: Operation, value: SSAValue, kind: type[AnyPlace]) -> AnyPlace:
        """
        Where a buffer is.

        Raises:
            PassFailedException: when it is not of the kind that its user needs.
        """
        found = self.places.get(value)
        if not isinstance(found, kind):
            expected = {Matrix: "on chip", Local: "local", Dram: "in DRAM"}[kind]
            fail(user, f"'{value.name_hint or 'an operand'}' is not {expected} in this function")
        return found

    def piece(
        self, user: Operation, value: SSAValue, slots: tuple[SSAValue, ...] | list[SSAValue]
    ) -> Local:
        """The piece of a local array that the indices in front select."""
        return self.place(user, value, Local).piece(*(self.scalar(each) for each in slots))

    def c_type(self, value: SSAValue) -> str:
        """The C++ type of a number."""
        match value.type:
            case IndexType():
                return "int"
            case IntegerType() as type if type.width.data == 1:
                return "bool"
            case IntegerType() as type if type.width.data == MULTIPLIER_BITS:
                return self.unit.multiplier_type()
            case IntegerType() as type:
                return f"ap_int<{type.width.data}>"
            case _:
                raise KeyError(f"{value.type} is no number")

    def declare(
        self, value: SSAValue, otherwise: str, initial: str, *, constant: bool = True
    ) -> None:
        """A variable for a number."""
        name = self.names.fresh(variable_name(value, otherwise))
        self.out.line(f"{'const ' if constant else ''}{self.c_type(value)} {name} = {initial};")
        self.scalars[value] = Scalar(name)

    @contextmanager
    def scope(self) -> Generator[None]:
        """A block of C++: the names of variables in it can be used again after it."""
        outer = self.names
        self.names = outer.inside()
        yield
        self.names = outer

    @contextmanager
    def loop(self, counter: str, head: str, *directives: str) -> Generator[None]:
        """A labelled loop with its directives."""
        self.out.label(self.labels.fresh(camel_case(plural(counter))))
        with self.out.block(f"for ({head})"):
            for each in directives:
                self.out.pragma(each)
            yield


class Function:
    """A static function for an op, while it is written; `call` puts a call of it into the body."""

    def __init__(self, body: Body, op: Operation, base: str, *doc: str):
        self.body = body
        self.op = op
        self.base = base
        self.doc = doc
        self.names = body.unit.names.inside()
        self.labels = Names()
        self.parameters: list[str] = []
        self.arguments: list[str] = []
        self.out = Writer()
        self.out.depth = 1

    @property
    def unit(self) -> Unit:
        """The file."""
        return self.body.unit

    # Parameters

    def _parameter(self, declaration: str, argument: str) -> None:
        self.parameters.append(declaration)
        self.arguments.append(argument)

    def index(self, name: str, value: SSAValue) -> str:
        """A parameter for an index."""
        return self.number("int", name, self.body.scalar(value))

    def number(self, type: str, name: str, argument: str) -> str:
        """A parameter for a number."""
        name = self.names.fresh(name)
        self._parameter(f"{type} {name}", argument)
        return name

    def matrix(self, name: str, value: SSAValue, *, const: bool) -> Matrix:
        """A parameter for an on-chip matrix."""
        place = self.body.place(self.op, value, Matrix)
        name = self.names.fresh(name)
        self._parameter(("const " if const else "") + place.array.parameter(name), place.array.name)
        return Matrix(type(place.array)(name, place.array.element, place.array.sizes), place.width)

    def local(
        self,
        name: str,
        value: SSAValue,
        slots: tuple[SSAValue, ...] | list[SSAValue] = (),
        *,
        const: bool,
    ) -> Local:
        """A parameter for a local array, or the piece of it that `slots` select."""
        piece = self.body.piece(self.op, value, slots)
        name = self.names.fresh(name)
        self._parameter(("const " if const else "") + piece.array.parameter(name), piece.array.name)
        return piece.renamed(name)

    def words(self, place: Dram, at: str, *, const: bool) -> tuple[str, str]:
        """Parameters for a memory port and the index of a word in it."""
        memory = self.names.fresh("memory")
        self._parameter(f"{'const ' if const else ''}word_t* {memory}", place.memory)
        return memory, self.number("int", "first_word", at)

    # Statements

    def line(self, text: str = "") -> None:
        """One line."""
        self.out.line(text)

    def assign(self, target: str, value: str) -> None:
        """An assignment."""
        self.out.assign(target, value)

    def const(self, type: str, name: str, value: str) -> None:
        """A constant with its value."""
        self.out.assign(f"const {type} {name}", value)

    def variable(self, type: str, name: str, value: str) -> None:
        """A variable with its initial value."""
        self.out.assign(f"{type} {name}", value)

    @contextmanager
    def loop(self, counter: str, count: str, *directives: str) -> Generator[str]:
        """A labelled loop over a counter from 0; gives the counter."""
        self.out.label(self.labels.fresh(camel_case(plural(counter))))
        outer = self.names
        self.names = outer.inside()
        counter = self.names.fresh(counter)
        with self.out.block(f"for (int {counter} = 0; {counter} < {count}; ++{counter})"):
            for each in directives:
                self.out.pragma(each)
            yield counter
        self.names = outer

    @contextmanager
    def unrolled(self, counter: str, count: str) -> Generator[str]:
        """A labelled loop whose iterations are all computed at once; gives the counter."""
        with self.loop(counter, count, pragmas.unroll()) as name:
            yield name

    @contextmanager
    def only_if(self, condition: str | None) -> Generator[None]:
        """Statements under a condition; None for always."""
        if condition is None:
            yield
            return
        with self.out.block(f"if ({condition})"):
            yield

    @contextmanager
    def nested_rows(
        self, sizes: Sequence[int], interval: int, reason: str, *, is_inside: bool
    ) -> Generator[tuple[tuple[str, ...], str]]:
        """
        Loops over several dimensions, as one pipeline.

        Args:
            sizes: Of the dimensions, from the outermost.
            interval: Initiation interval of the innermost loop.
            reason: Why it is that.
            is_inside: Whether they are all that another loop does, which is then part of it.

        Returns:
            The counters, and an expression that numbers all iterations.
        """
        counters: list[str] = []
        number = ""
        with ExitStack() as stack:
            for depth, size in enumerate(sizes):
                innermost = depth == len(sizes) - 1
                if innermost:
                    self.line(f"// II = {interval}: {reason}")
                directives = pragmas.pipeline_of(interval, is_inside or depth > 0)
                base = "row" if innermost else "plane"
                counter = stack.enter_context(
                    self.loop(base, str(size), *(directives if innermost else ()))
                )
                counters.append(counter)
                number = f"{size} * {number} + {counter}" if number else counter
            yield tuple(counters), number

    def finish(self, result: str = "void", directive: str | None = None) -> str:
        """The name of the function."""
        lines = [line for text in self.doc for line in wrap(text, "///")]
        lines += call(f"{result} {{name}}", self.parameters, " {")
        lines.append(directive or pragmas.inline())
        lines += [*self.out.lines, "}"]
        return self.unit.add_function(self.base, tuple(lines), lines)

    def call(self, directive: str | None = None) -> None:
        """Put a call of the function into the body."""
        name = self.finish(directive=directive)
        out = self.body.out
        for each in call(name, self.arguments, ";", out.depth):
            out.line(each)
