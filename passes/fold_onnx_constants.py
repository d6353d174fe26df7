"""Compute what depends on neither the input nor the weights of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import Interpreter
from xdsl.ir import Block, Operation, OpResult, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from vaqf.dialects import onnx
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.onnx.base import elements_of
from vaqf.dialects.onnx.data import CONSTANT_ELEMENTS
from vaqf.dialects.onnx.opaque import is_known
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.onnx import (
    EVALUATION_FAILURES,
    LARGEST_EVALUATED,
    constant_array,
    constant_value,
    register_onnx_functions,
)
from vaqf.passes.statistics import Statistic

Array = NDArray[np.generic]

_NEVER_FOLDED = (onnx.InitializerOp, onnx.OpaqueOp)
"""Weights, and nodes that cannot be executed."""


def _is_foldable(op: Operation, values: dict[SSAValue, Array]) -> bool:
    """Whether the results of an operation can be computed, and are small."""
    if type(op) not in onnx.Onnx.operations or isinstance(op, _NEVER_FOLDED):
        return False
    if not isinstance(op, onnx.ShapeOp | onnx.SizeOp) and not all(
        operand in values for operand in op.operands
    ):
        return False
    return all(
        is_known(result)
        and elements_of(result) in CONSTANT_ELEMENTS
        and prod(shape_of(result)) <= LARGEST_EVALUATED
        for result in op.results
    )


def _computed(
    interpreter: Interpreter, op: Operation, values: dict[SSAValue, Array]
) -> Sequence[Array]:
    try:
        with np.errstate(all="ignore"):
            # The sizes of a weight are known where its values are not looked at.
            return interpreter.run_op(op, tuple(values.get(each) for each in op.operands))
    except EVALUATION_FAILURES as error:
        fail(op, " ".join(str(error).split()))


def _replaced(result: OpResult, array: Array) -> SSAValue:
    """The constant that takes the place of a result; the result itself when none holds it."""
    if (value := constant_value(array, elements_of(result))) is None:
        return result
    constant = onnx.ConstantOp(value)
    constant.location = result.op.location
    constant.result.name_hint = result.name_hint
    Rewriter.insert_op(constant, InsertPoint.before(result.op))
    result.replace_all_uses_with(constant.result)
    return constant.result


def _erase_dead(block: Block) -> None:
    for op in reversed(list(block.ops)):
        if type(op) in onnx.Onnx.operations and not any(each.uses for each in op.results):
            op.detach()
            op.erase()


def fold(block: Block, interpreter: Interpreter) -> None:
    """Fold the operations of a block, and erase those that nothing needs."""
    values: dict[SSAValue, Array] = {}
    for op in list(block.ops):
        if not _is_foldable(op, values):
            continue
        if isinstance(op, onnx.ConstantOp):
            values[op.result] = constant_array(op.elements)
            continue
        for result, array in zip(op.results, _computed(interpreter, op, values), strict=True):
            values[_replaced(result, array)] = array
    _erase_dead(block)


@dataclass(frozen=True)
class FoldOnnxConstantsPass(ModulePass):
    """
    Compute what depends on neither the input nor the weights, such as shapes and masks.

    Values have at most 65,536 elements. Those of more than 1,024 that are not all the same stay
    computed in the graph: no `onnx.constant` holds them.
    """

    name = "fold-onnx-constants"

    statistics = (Statistic("operations computed, or found to be of no use", removed="onnx.*"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        interpreter = Interpreter(op)
        register_onnx_functions(interpreter)
        for function in op.ops:
            if isinstance(function, FuncOp):
                for block in function.body.blocks:
                    fold(block, interpreter)
