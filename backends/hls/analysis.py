"""What is known about index values: their number, their divisors, their parity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Block, BlockArgument, SSAValue

from vaqf.backends.hls.design import Engine

COMPARISONS: Sequence[tuple[str, Callable[[int, int], bool]]] = (
    ("==", int.__eq__),
    ("!=", int.__ne__),
    ("<", int.__lt__),
    ("<=", int.__le__),
    (">", int.__gt__),
    (">=", int.__ge__),
    ("<", int.__lt__),
    ("<=", int.__le__),
    (">", int.__gt__),
    (">=", int.__ge__),
)
"""Predicates of `arith.cmpi` by their number; index values are not negative."""


def constant_of(value: SSAValue) -> int | None:
    """The number that a value is, when it is a constant."""
    match value.owner:
        case arith.ConstantOp(value=IntegerAttr() as attribute):
            return attribute.value.data
        case _:
            return None


def induction_loop(value: SSAValue) -> scf.ForOp | None:
    """The loop whose counter a value is."""
    if isinstance(value, BlockArgument) and value.index == 0:
        parent = value.owner.parent_op()
        return parent if isinstance(parent, scf.ForOp) else None
    return None


def evaluate(value: SSAValue, known: Mapping[SSAValue, int]) -> int | None:
    """
    The number that a value has, given some others; None when it depends on more.

    Args:
        value: An index or a condition.
        known: What is given.
    """
    if value in known:
        return known[value]
    op = value.owner
    if isinstance(op, Block):
        return None
    if (constant := constant_of(value)) is not None:
        return constant
    operands = [evaluate(each, known) for each in op.operands]
    numbers = [each for each in operands if each is not None]
    if len(numbers) != len(operands):
        return None
    match op, numbers:
        case arith.AddiOp(), [a, b]:
            return a + b
        case arith.SubiOp(), [a, b]:
            return a - b
        case arith.MuliOp(), [a, b]:
            return a * b
        case arith.DivUIOp(), [a, b] if b:
            return a // b
        case arith.CeilDivUIOp(), [a, b] if b:
            return -(-a // b)
        case arith.RemUIOp(), [a, b] if b:
            return a % b
        case arith.MinUIOp(), [a, b]:
            return min(a, b)
        case arith.MaxUIOp(), [a, b]:
            return max(a, b)
        case arith.CmpiOp(), [a, b]:
            return int(COMPARISONS[op.predicate.value.data][1](a, b))
        case arith.AndIOp(), [a, b]:
            return int(bool(a) and bool(b))
        case arith.SelectOp(), [condition, a, b]:
            return a if condition else b
        case _:
            return None


def multiple_of(value: SSAValue) -> int:
    """A number that always divides a value; 0 when the value is always 0."""
    if (constant := constant_of(value)) is not None:
        return constant
    if (loop := induction_loop(value)) is not None:
        return gcd(multiple_of(loop.lb), multiple_of(loop.step))
    match value.owner:
        case arith.AddiOp(lhs=a, rhs=b) | arith.SubiOp(lhs=a, rhs=b):
            return gcd(multiple_of(a), multiple_of(b))
        case arith.MuliOp(lhs=a, rhs=b):
            return multiple_of(a) * multiple_of(b)
        case _:
            return 1


@dataclass(frozen=True)
class Parity:
    """Whether a value is odd: the sum modulo 2 of some unknown values and a constant."""

    unknown: frozenset[SSAValue]
    odd: bool

    def __xor__(self, other: Parity) -> Parity:
        return Parity(self.unknown ^ other.unknown, self.odd != other.odd)


def parity(value: SSAValue) -> Parity:
    """Whether a value is odd, as far as sums and differences tell."""
    if (constant := constant_of(value)) is not None:
        return Parity(frozenset(), constant % 2 == 1)
    match value.owner:
        case arith.AddiOp(lhs=a, rhs=b) | arith.SubiOp(lhs=a, rhs=b) | arith.XOrIOp(lhs=a, rhs=b):
            return parity(a) ^ parity(b)
        case arith.RemUIOp(lhs=a, rhs=b) if (constant_of(b) or 1) % 2 == 0:
            return parity(a)
        case _:
            return Parity(frozenset([value]), False)


def environments(engine: Engine | None) -> list[dict[SSAValue, int]]:
    """For each call of an engine, the arguments that are constants; one empty one for the top."""
    if engine is None:
        return [{}]
    passed: list[dict[SSAValue, int]] = []
    for call in engine.calls:
        numbers = [evaluate(each, {}) for each in call.arguments]
        passed.append(
            {
                argument: number
                for argument, number in zip(engine.arguments, numbers, strict=True)
                if number is not None
            }
        )
    return passed


def values_at_calls(value: SSAValue, engine: Engine | None) -> list[int] | None:
    """The numbers that a value has in the calls of its engine; None when one is not known."""
    found = [evaluate(value, known) for known in environments(engine)]
    numbers = [each for each in found if each is not None]
    return numbers if len(numbers) == len(found) else None


def trip_counts(loop: scf.ForOp, engine: Engine | None) -> tuple[int, int] | None:
    """How often a loop runs, at least and at most; None when that is not known."""
    least_to_most = [values_at_calls(each, engine) for each in (loop.lb, loop.ub, loop.step)]
    first, last, step = least_to_most
    if first is None or last is None or step is None:
        return None
    counts = [
        max(0, -(-(end - start) // by)) for start, end, by in zip(first, last, step, strict=True)
    ]
    return min(counts), max(counts)
