"""Running one operation of the `accel` dialect on arrays."""

from collections.abc import Sequence

import numpy as np
from xdsl.dialects.builtin import IndexType, ModuleOp
from xdsl.interpreter import Interpreter, PythonValues
from xdsl.ir import Operation, SSAValue
from xdsl.utils.test_value import create_ssa_value

from vaqf.dialects.accel.memory import DRAM, LOCAL, ONCHIP, buffer_type, element_bounds
from vaqf.interpreters.accel import AccelFunctions
from vaqf.interpreters.arithmetic.integers import Integers


def index() -> SSAValue:
    """An operand that is an index; its value is given when the operation runs."""
    return create_ssa_value(IndexType())


INDEX = index()
"""An index, for operations that do not mind when all of theirs are one value."""


def run(op: Operation, *operands: object) -> PythonValues:
    """Run an operation, which must be valid; gives its results."""
    op.verify()
    interpreter = Interpreter(ModuleOp([]))
    interpreter.register_implementations(AccelFunctions())
    return interpreter.run_op(op, operands)


def dram(bits: int, *shape: int) -> SSAValue:
    """An operand in DRAM."""
    return create_ssa_value(buffer_type(bits, shape, DRAM))


def matrix(bits: int, *shape: int) -> SSAValue:
    """An operand that is a matrix of activations."""
    return create_ssa_value(buffer_type(bits, shape, ONCHIP))


def local(bits: int, *shape: int) -> SSAValue:
    """An operand inside of an engine."""
    return create_ssa_value(buffer_type(bits, shape, LOCAL))


def integers(bits: int, shape: Sequence[int], seed: int = 0) -> Integers:
    """Elements of any value that fits."""
    low, high = element_bounds(bits)
    generator = np.random.default_rng([seed, bits, *shape])
    if bits == 1:
        return 2 * generator.integers(0, 2, shape) - 1
    return generator.integers(low, high, shape, endpoint=True)
