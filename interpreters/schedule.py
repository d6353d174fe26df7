"""In what order the operations of a network run, how often, and how long their results are kept."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import Interpreter
from xdsl.ir import Block, Operation, SSAValue
from xdsl.traits import is_side_effect_free

Array = NDArray[np.number]


def values_used(op: Operation) -> tuple[SSAValue, ...]:
    """Operands of an operation, and what its regions use from around it, each once."""
    defined = set[SSAValue]()
    used: dict[SSAValue, None] = {}
    for each in op.walk():
        used.update((operand, None) for operand in each.operands if operand not in defined)
        defined.update(each.results)
        for region in each.regions:
            defined.update(argument for block in region.blocks for argument in block.args)
    return tuple(used)


def preparation(block: Block) -> set[Operation]:
    """The operations of a block whose results follow from parameters alone."""
    constants = set[SSAValue]()
    found = set[Operation]()
    for op in block.ops:
        if is_side_effect_free(op) and constants.issuperset(values_used(op)):
            found.add(op)
            constants.update(op.results)
    return found


def run(
    interpreter: Interpreter,
    ops: Sequence[Operation],
    known: Mapping[SSAValue, Array],
    wanted: Sequence[SSAValue],
) -> dict[SSAValue, Array]:
    """
    Execute operations in order, and drop every value after its last use.

    Args:
        interpreter: Knows the operations.
        ops: All of one block.
        known: Values that the operations may use.
        wanted: Values to return.
    """
    uses = {op: values_used(op) for op in ops}
    last_use = {value: op for op in ops for value in (*uses[op], *op.results)}
    values = dict(known)
    for op in ops:
        # What a region uses from around it, it looks up in the interpreter's scope.
        interpreter.push_scope(op.name)
        interpreter.set_values((value, values[value]) for value in uses[op])
        results = interpreter.run_op(op, tuple(values[each] for each in op.operands))
        interpreter.pop_scope()
        values.update(zip(op.results, results, strict=True))
        for value in (*uses[op], *op.results):
            if last_use[value] is op and value not in wanted:
                del values[value]
    return {value: values[value] for value in wanted}


def prepare(
    interpreter: Interpreter, function: FuncOp
) -> Callable[[Sequence[Array]], tuple[Array, ...]]:
    """
    Compute what of a function follows from parameters alone.

    Args:
        interpreter: Knows the operations, and has the parameters.
        function: Of one block.

    Returns:
        From the arguments for a sample to the results.
    """
    block = function.body.block
    *ops, terminator = block.ops
    found = preparation(block)
    once = [op for op in ops if op in found]
    every_time = [op for op in ops if op not in found]
    needed = {value for op in (*every_time, terminator) for value in values_used(op)}
    kept = [value for op in once for value in op.results if value in needed]
    prepared = run(interpreter, once, {}, kept)

    def run_sample(arguments: Sequence[Array]) -> tuple[Array, ...]:
        known = prepared | dict(zip(block.args, arguments, strict=True))
        results = run(interpreter, every_time, known, terminator.operands)
        return tuple(results[each] for each in terminator.operands)

    return run_sample
