"""Index arithmetic whose operands are known."""

from __future__ import annotations

from collections.abc import Mapping

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import Operation, SSAValue


def index_value(value: SSAValue) -> int | None:
    """The value of an index constant."""
    match value.owner:
        case arith.ConstantOp(value=IntegerAttr() as attribute) if isinstance(
            value.type, IndexType
        ):
            return attribute.value.data
        case _:
            return None


def compute(op: Operation, known: Mapping[SSAValue, int]) -> int | None:
    """The index or condition that an op computes from known ones; None when it is not known."""
    if any(operand not in known for operand in op.operands):
        return None
    match op, [known[operand] for operand in op.operands]:
        case arith.AddiOp(), [left, right]:
            return left + right
        case arith.SubiOp(), [left, right]:
            return left - right
        case arith.MuliOp(), [left, right]:
            return left * right
        case arith.DivUIOp(), [left, right] if right:
            return left // right
        case arith.CeilDivUIOp(), [left, right] if right:
            return -(-left // right)
        case arith.RemUIOp(), [left, right] if right:
            return left % right
        case arith.MinUIOp(), [left, right]:
            return min(left, right)
        case arith.AndIOp(), [left, right]:
            return left & right
        case arith.SelectOp(), [condition, left, right]:
            return left if condition else right
        case arith.CmpiOp(), [left, right]:
            comparison = {
                "eq": left == right,
                "ne": left != right,
                "ult": left < right,
                "uge": left >= right,
            }
            result = comparison.get(arith.CMPI_COMPARISON_OPERATIONS[op.predicate.value.data])
            return None if result is None else int(result)
        case _:
            return None
