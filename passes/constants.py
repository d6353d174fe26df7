"""Evaluation of values that follow from weights alone."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import FloatAttr, f64
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, OpResult, SSAValue

from vaqf.dialects.diagnostics import fail

Array = NDArray[np.number]

MAGNITUDE_ATTRIBUTE = "quant.largest_scale"
"""Name of the attribute of a weight's op: the largest of its scales."""


def evaluate(interpreter: Interpreter, value: SSAValue, op: Operation, name: str) -> Array:
    """
    The array that a value stands for, computed from the weights that it depends on.

    Nothing is kept: a weight is in memory only as long as its evaluation takes.

    Args:
        interpreter: Knows the ops and has the parameters.
        value: What to evaluate.
        op: The op that needs it, for the message.
        name: What it is to that op, for the message.

    Raises:
        PassFailedException: when the value depends on an argument of the function.
    """
    known: dict[SSAValue, Array] = {}

    def compute(wanted: SSAValue) -> Array:
        if wanted not in known:
            producer = wanted.owner
            if not isinstance(producer, Operation):
                fail(op, f"'{name}' depends on an argument of the function, expected weights alone")
            arguments = tuple(compute(each) for each in producer.operands)
            known.update(
                zip(producer.results, interpreter.run_op(producer, arguments), strict=True)
            )
        return known[wanted]

    return compute(value)


def largest_magnitude(interpreter: Interpreter, value: SSAValue, op: Operation, name: str) -> float:
    """
    The largest absolute value in an array that follows from weights alone.

    Takes the arguments of `evaluate`. What `note_magnitude` has noted is not computed again.

    Raises:
        PassFailedException: also when the array has an element that is not a finite number.
    """
    if isinstance(value, OpResult):
        match value.op.attributes.get(MAGNITUDE_ATTRIBUTE):
            case FloatAttr() as noted:
                return noted.value.data
            case _:
                pass
    magnitude = float(np.abs(evaluate(interpreter, value, op, name)).max(initial=0))
    if not isfinite(magnitude):
        fail(op, f"'{name}' has an element {magnitude}, expected finite numbers")
    return magnitude


def note_magnitude(interpreter: Interpreter, value: OpResult) -> None:
    """
    Note the largest absolute value in an array that follows from weights alone, on its op.

    Raises:
        PassFailedException: as `largest_magnitude` does.
    """
    magnitude = largest_magnitude(interpreter, value, value.op, "result")
    value.op.attributes[MAGNITUDE_ATTRIBUTE] = FloatAttr(magnitude, f64)
