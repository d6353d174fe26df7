"""
Arithmetic on indices, which count elements: numbers that are never negative and never overflow.

xDSL's own functions wrap around at the width of an index, and lack unsigned division.
"""

from collections.abc import Callable

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects.diagnostics import describe

_PREDICATES: tuple[Callable[[int, int], bool], ...] = (
    int.__eq__,
    int.__ne__,
    *(int.__lt__, int.__le__, int.__gt__, int.__ge__),
    *(int.__lt__, int.__le__, int.__gt__, int.__ge__),
)
"""In the order of `arith.cmpi`: signed comparisons, then unsigned ones."""


@register_impls
class IndexFunctions(InterpreterFunctions):
    """An index is an `int`."""

    @impl(arith.ConstantOp)
    def constant(
        self, interpreter: Interpreter, op: arith.ConstantOp, args: PythonValues
    ) -> PythonValues:
        if not isinstance(op.value, IntegerAttr):
            raise InterpretationError(f"{describe(op)}: is {op.value}, expected an integer")
        return (op.value.value.data,)

    @impl(arith.AddiOp)
    def add(self, interpreter: Interpreter, op: arith.AddiOp, args: PythonValues) -> PythonValues:
        return (args[0] + args[1],)

    @impl(arith.SubiOp)
    def subtract(
        self, interpreter: Interpreter, op: arith.SubiOp, args: PythonValues
    ) -> PythonValues:
        if args[0] < args[1]:
            raise InterpretationError(f"{describe(op)}: {args[0]} - {args[1]} is no index")
        return (args[0] - args[1],)

    @impl(arith.MuliOp)
    def multiply(
        self, interpreter: Interpreter, op: arith.MuliOp, args: PythonValues
    ) -> PythonValues:
        return (args[0] * args[1],)

    @impl(arith.DivUIOp)
    def divide(
        self, interpreter: Interpreter, op: arith.DivUIOp, args: PythonValues
    ) -> PythonValues:
        return (args[0] // args[1],)

    @impl(arith.CeilDivUIOp)
    def divide_up(
        self, interpreter: Interpreter, op: arith.CeilDivUIOp, args: PythonValues
    ) -> PythonValues:
        return (-(-args[0] // args[1]),)

    @impl(arith.RemUIOp)
    def remainder(
        self, interpreter: Interpreter, op: arith.RemUIOp, args: PythonValues
    ) -> PythonValues:
        return (args[0] % args[1],)

    @impl(arith.MinUIOp)
    def minimum(
        self, interpreter: Interpreter, op: arith.MinUIOp, args: PythonValues
    ) -> PythonValues:
        return (min(args),)

    @impl(arith.CmpiOp)
    def compare(
        self, interpreter: Interpreter, op: arith.CmpiOp, args: PythonValues
    ) -> PythonValues:
        return (_PREDICATES[op.predicate.value.data](*args),)

    @impl(arith.AndIOp)
    def both(self, interpreter: Interpreter, op: arith.AndIOp, args: PythonValues) -> PythonValues:
        return (args[0] and args[1],)

    @impl(arith.SelectOp)
    def choose(
        self, interpreter: Interpreter, op: arith.SelectOp, args: PythonValues
    ) -> PythonValues:
        condition, chosen, otherwise = args
        return (chosen if condition else otherwise,)
