"""Evaluation of values that follow from weights alone."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, OpResult, SSAValue

from vaqf.dialects.diagnostics import fail

Array = NDArray[np.number]


def evaluate(interpreter: Interpreter, value: SSAValue) -> Array:
    """
    The array that a value stands for, computed from the weights that it depends on.

    Nothing is kept: a weight is in memory only as long as its evaluation takes.

    Args:
        interpreter: knows the ops and has the parameters.
        value: does not depend on an argument of a function.
    """
    known: dict[SSAValue, Array] = {}

    def compute(wanted: SSAValue) -> Array:
        if wanted not in known:
            op = wanted.owner
            if not isinstance(op, Operation):
                raise ValueError(f"{wanted} is an argument, it does not follow from weights")
            results = interpreter.run_op(op, tuple(compute(each) for each in op.operands))
            known.update(zip(op.results, results, strict=True))
        return known[wanted]

    return compute(value)


def largest_magnitude(interpreter: Interpreter, value: SSAValue) -> float:
    """
    The largest absolute value in an array that follows from weights alone.

    Raises:
        PassFailedException: when the array has an element that is not a finite number.
    """
    magnitude = float(np.abs(evaluate(interpreter, value)).max(initial=0))
    if not isfinite(magnitude) and isinstance(value, OpResult):
        fail(value.op, f"the result has an element {magnitude}, expected finite numbers")
    return magnitude
