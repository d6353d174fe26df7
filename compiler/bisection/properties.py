"""What stays the same while a module is made smaller: how a pass breaks it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import PythonValues
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from vaqf.compiler.bisection.difference import (
    Difference,
    Refusal,
    outputs_of,
    tried_outputs_of,
)
from vaqf.compiler.bisection.failure import Failure, failure_of, is_like
from vaqf.compiler.bisection.reduction import Candidate, Reals, Values
from vaqf.compiler.verification import verify
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.accelerator import is_accelerator
from vaqf.interpreters.arithmetic.formats import dequantize
from vaqf.interpreters.execute import entry_function
from vaqf.interpreters.samples import Array, Input


def _is_valid(module: ModuleOp) -> bool:
    try:
        verify(module)
    except Exception:  # a part of a valid module may break a verifier in whatever way
        return False
    return True


@dataclass(frozen=True)
class FailsAlike:
    """A pass fails, and says the same but for numbers."""

    running: ModulePass

    context: Context

    failure: Failure
    """How it fails on the whole module."""

    def __call__(self, candidate: Candidate) -> bool:
        module = candidate.module.clone()
        if not _is_valid(module):
            return False
        found = failure_of(self.running, self.context, module)
        return found is not None and found.is_like(self.failure)


@dataclass(frozen=True)
class DiffersAlike:
    """
    A pass changes what a module computes by more than is accepted, and by at least half as large a
    part of it as on the whole module: one that rounds changes every value a little.
    """

    running: ModulePass

    context: Context

    whole: Difference
    """What the pass changes on the whole module."""

    tolerance: float
    """The largest absolute difference that is accepted."""

    def __call__(self, candidate: Candidate) -> bool:
        module = candidate.module.clone()
        if not _is_valid(module):
            return False
        changed = module.clone()
        if failure_of(self.running, self.context, changed) is not None:
            return False
        # What is refused ends early: most candidates are given up before all of them is executed.
        after = tried_outputs_of(changed, candidate.inputs)
        refusal = after.message if isinstance(after, Refusal) else ""
        if not is_like(refusal, self.whole.refusal or ""):
            return False
        before = tried_outputs_of(module, candidate.inputs)
        if isinstance(before, Refusal):
            return False
        found = Difference.between(before, after)
        return found.error > self.tolerance and found.relative >= self.whole.relative / 2


def recorded(candidate: Candidate) -> Values:
    """The values that a network computes and could be given as well: real and quantized ones."""
    function = entry_function(candidate.module)
    values = dict[SSAValue, Reals]()
    if is_accelerator(function):
        return values

    def on_value(op: Operation, results: PythonValues) -> None:
        if op.parent_op() is function:
            for value, array in zip(op.results, results, strict=True):
                real = _real(value, array)
                if real is not None:
                    values[value] = real

    outputs_of(candidate.module, candidate.inputs, on_value)
    return values


def _real(value: SSAValue, array: Array) -> Reals | None:
    """What a user would give for a value; None when that cannot be given."""
    try:
        format = Input.of("", value.type).format
    except UserError:
        return None
    real = array if format is None else dequantize(array.astype(np.int64), format.scale.data)
    return real.astype(np.float32)
