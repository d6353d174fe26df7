"""Index arithmetic whose operands are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import Block, Operation, SSAValue

Function = Callable[..., int]
"""What an op computes from its operands; raises `ZeroDivisionError` where that is not defined."""


def ceil_division(left: int, right: int) -> int:
    """The quotient, rounded up."""
    return -(-left // right)


def select(condition: int, left: int, right: int) -> int:
    """`left` where the condition holds, `right` where it does not."""
    return left if condition else right


FUNCTIONS: dict[type[Operation], Function] = {
    arith.AddiOp: int.__add__,
    arith.SubiOp: int.__sub__,
    arith.MuliOp: int.__mul__,
    arith.DivUIOp: int.__floordiv__,
    arith.CeilDivUIOp: ceil_division,
    arith.RemUIOp: int.__mod__,
    arith.MinUIOp: min,
    arith.AndIOp: int.__and__,
    arith.SelectOp: select,
}

COMPARISONS: dict[str, Function] = {
    "eq": int.__eq__,
    "ne": int.__ne__,
    "ult": int.__lt__,
    "uge": int.__ge__,
}


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
    """One op of a block, ready to be evaluated often."""

    function: Function
    operands: tuple[SSAValue, ...]
    result: SSAValue


@dataclass(frozen=True)
class Conditional:
    """Assignments that hold in the part of a block that runs on a condition."""

    condition: SSAValue
    inside: IndexArithmetic


@dataclass(frozen=True)
class IndexArithmetic:
    """The index arithmetic of a block, ready to be evaluated often."""

    constants: dict[SSAValue, int]
    steps: tuple[Assignment | Conditional, ...]

    @staticmethod
    def of(block: Block) -> IndexArithmetic:
        """That of a block, with its parts that run on a condition."""
        constants: dict[SSAValue, int] = {}
        steps: list[Assignment | Conditional] = []
        for op in block.ops:
            if isinstance(op, scf.IfOp):
                inside = IndexArithmetic.of(op.true_region.block)
                constants |= inside.constants
                steps.append(Conditional(op.cond, inside))
            elif isinstance(op, arith.ConstantOp):
                if (number := index_value(op.result)) is not None:
                    constants[op.result] = number
            elif (function := function_of(op)) is not None:
                steps.append(Assignment(function, tuple(op.operands), op.results[0]))
        return IndexArithmetic(constants, tuple(steps))

    def evaluate(self, known: dict[SSAValue, int]) -> None:
        """Add all that follows from what is known; conditional parts count where they may run."""
        known.update(self.constants)
        self._run(known)

    def _run(self, known: dict[SSAValue, int]) -> None:
        for step in self.steps:
            if isinstance(step, Conditional):
                if known.get(step.condition, 1):
                    step.inside._run(known)
                continue
            try:
                known[step.result] = step.function(*[known[each] for each in step.operands])
            except (KeyError, ZeroDivisionError):
                known.pop(step.result, None)
