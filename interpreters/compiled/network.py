"""A network at the quantized level, prepared to run fast."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from math import prod

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import Float32Type, IntegerType, f32
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, SSAValue

from vaqf.dialects import quant, vit
from vaqf.dialects.quant.formats import element_of, largest_magnitude
from vaqf.dialects.shapes import is_tensor, shape_of
from vaqf.interpreters.arithmetic.integers import EXACT_IN_FLOAT32, EXACT_IN_FLOAT64
from vaqf.interpreters.compiled.layers import Computation, Layers
from vaqf.interpreters.compiled.wholes import Wholes
from vaqf.interpreters.schedule import preparation, run, values_used

Array = NDArray[np.number]

TOGETHER = 8
"""
The fewest samples that are computed at a time: weights are brought in once for all of them.
"""

ELEMENTS = 1 << 19
"""
As many elements may the largest value of more samples have: calls count little then, and values
do not leave the cache.
"""

MOVEMENTS = (
    vit.ReshapeOp,
    vit.ConcatenateOp,
    vit.SelectTokenOp,
    vit.SliceOp,
    quant.ExtractPatchesOp,
)
"""Operations that are interpreted on any type of number: they only move them."""


def whole_type(value: SSAValue) -> type[np.float32] | type[np.float64] | None:
    """The type that holds a tensor's elements exactly; None when none is known to."""
    if not is_tensor(value.type):
        return None
    element = value.type.element_type
    match element:
        case quant.IntType() | quant.UnsignedType() | quant.BinaryType() | Float32Type():
            return np.float32
        case IntegerType() if largest_magnitude(element) <= EXACT_IN_FLOAT32:
            return np.float32
        case IntegerType() if largest_magnitude(element) <= EXACT_IN_FLOAT64:
            return np.float64
        case _:
            return None


def _interpreted(
    interpreter: Interpreter, op: Operation, parameters: Collection[SSAValue]
) -> Computation | None:
    """
    An operation as the interpreter executes it, sample by sample; on integers, or as they are where
    they only move.
    """
    if op.regions or len(op.results) != 1:
        return None
    (result,) = op.results
    type = whole_type(result)
    if type is None:
        return None
    moves = isinstance(op, MOVEMENTS)
    kept = [moves or element_of(each) == f32 for each in op.operands]
    constant = [each in parameters for each in op.operands]

    def run(operands: Sequence[Wholes]) -> Wholes:
        given = [
            each if is_kept else each.astype(np.int64)
            for each, is_kept in zip(operands, kept, strict=True)
        ]
        samples = next(len(each) for each, same in zip(given, constant, strict=True) if not same)
        results = [
            interpreter.run_op(
                op,
                tuple(
                    each if same else each[sample]
                    for each, same in zip(given, constant, strict=True)
                ),
            )[0]
            for sample in range(samples)
        ]
        return np.stack(results).astype(type, copy=False)

    return Computation(run, op.operands, result)


@dataclass(frozen=True)
class CompiledNetwork:
    """All computations from the arguments to the results, in order."""

    computations: Sequence[Computation]
    last_uses: Sequence[Sequence[SSAValue]]
    """For each computation what nothing behind it needs."""

    arguments: Sequence[SSAValue]
    results: Sequence[SSAValue]
    constants: Mapping[SSAValue, Wholes]
    """
    Parameters that are values themselves, such as position embeddings. All other values have one
    more axis in front, of the samples that are computed at a time.
    """

    together: int
    """Samples that are computed at a time."""

    def run(self, samples: Sequence[Sequence[Array]]) -> Iterator[tuple[Array, ...]]:
        """The results for each of some samples: integers, as the interpreter gives them."""
        values = dict(self.constants)
        for value, given in zip(self.arguments, zip(*samples, strict=True), strict=True):
            values[value] = np.stack(given).astype(np.float32)
        for each, last_uses in zip(self.computations, self.last_uses, strict=True):
            values[each.result] = each.layer([values[operand] for operand in each.operands])
            for value in last_uses:
                del values[value]
        results: list[Iterable[Array]] = []
        for each in self.results:
            type = np.float32 if element_of(each) == f32 else np.int64
            result: Array = values[each].astype(type, copy=False)
            results.append(repeat(result, len(samples)) if each in self.constants else result)
        return zip(*results, strict=True)

    def run_samples(self, samples: Iterable[Sequence[Array]]) -> Iterator[tuple[Array, ...]]:
        """The results for each sample; some are computed at a time."""
        waiting = iter(samples)
        while together := list(islice(waiting, self.together)):
            yield from self.run(together)

    @staticmethod
    def of(interpreter: Interpreter, function: FuncOp) -> CompiledNetwork | None:
        """
        Prepare a network.

        Args:
            interpreter: Knows the operations, and has the parameters.
            function: Of one block.

        Returns:
            None when it is not at the quantized level, or something in it has no exact type or no
            elements.
        """
        block = function.body.block
        *ops, terminator = block.ops
        if not any(isinstance(op, quant.LinearOp) for op in ops) or not block.args:
            return None
        if any(is_tensor(each.type) and 0 in shape_of(each) for op in ops for each in op.results):
            return None
        prepared = preparation(block)
        once = [op for op in ops if op in prepared]
        rest = [op for op in ops if op not in prepared]
        needed = {value for op in (*rest, terminator) for value in values_used(op)}
        kept = [value for op in once for value in op.results if value in needed]
        parameters = run(interpreter, once, {}, kept)
        layers = Layers(parameters, {})
        found: list[Computation] = []
        computed = set[SSAValue]()
        for op in rest:
            if computed.issuperset(op.results):
                continue
            each = layers.of(op) or _interpreted(interpreter, op, parameters)
            if each is None:
                return None
            found.append(each)
            computed.update(_computed_on_the_way(op, each.result))
        constants: dict[SSAValue, Wholes] = {}
        for value in (*(value for each in found for value in each.operands), *terminator.operands):
            type = whole_type(value)
            if type is None:
                return None
            if value in parameters:
                constants[value] = parameters[value].astype(type)
        largest = max((prod(shape_of(each.result)) for each in found), default=ELEMENTS)
        return CompiledNetwork(
            found,
            _last_uses(found, terminator.operands),
            block.args,
            terminator.operands,
            constants,
            max(TOGETHER, ELEMENTS // largest),
        )


def _computed_on_the_way(op: Operation, result: SSAValue) -> Iterator[SSAValue]:
    """The result of a computation, and what leads to it from the first operation that it is of."""
    yield result
    while result.owner is not op:
        assert isinstance(result.owner, Operation)
        result = result.owner.operands[0]
        yield result


def _last_uses(
    computations: Sequence[Computation], results: Sequence[SSAValue]
) -> Sequence[Sequence[SSAValue]]:
    """For each computation the values that it is the last one to take or to give."""
    last = {
        value: number
        for number, each in enumerate(computations)
        for value in (*each.operands, each.result)
    }
    values: list[list[SSAValue]] = [[] for _ in computations]
    for value, number in last.items():
        if value not in results:
            values[number].append(value)
    return values
