"""Index arithmetic whose operands are known."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from operator import add, eq, ge, lt, mod, mul, ne, sub

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import Block, Operation, SSAValue

Indices = NDArray[np.int64]
"""An index in each of several iterations; or a condition, 0 or 1."""

Function = Callable[..., int | Indices]
"""
What an op computes from its operands, in one iteration or in several; `ZeroDivisionError` where
that is not defined in the one.
"""


def floor_division(left: int, right: int) -> int:
    """The quotient, rounded down."""
    return left // right


def ceil_division(left: int, right: int) -> int:
    """The quotient, rounded up."""
    return -(-left // right)


def both(left: int, right: int) -> int:
    """Bits, or conditions, of both."""
    return left & right


FUNCTIONS: dict[type[Operation], Function] = {
    arith.AddiOp: add,
    arith.SubiOp: sub,
    arith.MuliOp: mul,
    arith.DivUIOp: floor_division,
    arith.CeilDivUIOp: ceil_division,
    arith.RemUIOp: mod,
    arith.MinUIOp: np.minimum,
    arith.AndIOp: both,
    arith.SelectOp: np.where,
}

COMPARISONS: dict[str, Function] = {"eq": eq, "ne": ne, "ult": lt, "uge": ge}


def index_value(value: SSAValue) -> int | None:
    """The value of an index constant."""
    match value.owner:
        case arith.ConstantOp(value=IntegerAttr() as attribute) if isinstance(
            value.type, IndexType
        ):
            return attribute.value.data
        case _:
            return None


def function_of(op: Operation) -> Function | None:
    """What an op computes; None when it is no index arithmetic."""
    if isinstance(op, arith.CmpiOp):
        return COMPARISONS.get(arith.CMPI_COMPARISON_OPERATIONS[op.predicate.value.data])
    return FUNCTIONS.get(type(op))


def compute(op: Operation, known: Mapping[SSAValue, int]) -> int | None:
    """The index or condition that an op computes from known ones; None when it is not known."""
    function = function_of(op)
    if function is None or any(operand not in known for operand in op.operands):
        return None
    try:
        return int(function(*(known[operand] for operand in op.operands)))
    except ZeroDivisionError:
        return None


@dataclass(frozen=True)
class Assignment:
    """One op of a block, ready to be evaluated."""

    function: Function
    operands: tuple[SSAValue, ...]
    result: SSAValue


@dataclass(frozen=True)
class IndexArithmetic:
    """The index arithmetic of a block, ready to be evaluated for many iterations at once."""

    constants: dict[SSAValue, int]
    steps: tuple[Assignment, ...]

    @staticmethod
    def of(block: Block, needed: Container[SSAValue]) -> IndexArithmetic:
        """
        That of a block, with its parts that run on a condition.

        Args:
            block: the ops.
            needed: values that matter, with all that they are computed from.
        """
        constants: dict[SSAValue, int] = {}
        steps: list[Assignment] = []
        for op in block.ops:
            if isinstance(op, scf.IfOp):
                inside = IndexArithmetic.of(op.true_region.block, needed)
                constants |= inside.constants
                steps += inside.steps
            elif not op.results or op.results[0] not in needed:
                continue
            elif isinstance(op, arith.ConstantOp):
                if (number := index_value(op.result)) is not None:
                    constants[op.result] = number
            elif (function := function_of(op)) is not None:
                steps.append(Assignment(function, tuple(op.operands), op.results[0]))
        return IndexArithmetic(constants, tuple(steps))

    def evaluate(self, known: dict[SSAValue, Indices]) -> None:
        """
        Add all that follows from what is known. What runs on a condition is computed as well where
        that does not hold: it means nothing there.
        """
        known.update((each, np.array([number])) for each, number in self.constants.items())
        with np.errstate(divide="ignore"):
            for step in self.steps:
                if all(each in known for each in step.operands):
                    result = step.function(*[known[each] for each in step.operands])
                    known[step.result] = np.asarray(result)
