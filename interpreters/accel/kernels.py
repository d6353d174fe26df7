"""
Operations that run very often: what does not change between two runs is worked out once.

A kernel is what remains of an operation when its attributes and types are known: a function of the
operands alone.
"""

from collections.abc import Callable
from typing import TypeVar

from xdsl.interpreter import InterpreterFunctions, PythonValues
from xdsl.ir import Operation
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects.diagnostics import describe
from vaqf.interpreters.arithmetic.integers import OutOfRangeError

Kernel = Callable[[PythonValues], None]
"""Takes the operands in their order, without those optional ones that are absent."""

OperationT = TypeVar("OperationT", bound=Operation)


class KernelFunctions(InterpreterFunctions):
    """Remembers the kernels of the operations of one module, which must not change meanwhile."""

    def __init__(self) -> None:
        self._kernels: dict[Operation, Kernel] = {}

    def run(
        self, op: OperationT, make: Callable[[OperationT], Kernel], operands: PythonValues
    ) -> PythonValues:
        """
        Run the kernel of an operation without results.

        Raises:
            InterpretationError: naming the operation, when its operands are not what it needs.
        """
        kernel = self._kernels.get(op)
        if kernel is None:
            kernel = self._kernels[op] = make(op)
        try:
            kernel(operands)
        except (InterpretationError, OutOfRangeError, IndexError, ValueError) as error:
            raise InterpretationError(f"{describe(op)}: {error}") from error
        return ()
