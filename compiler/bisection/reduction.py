"""Making a module smaller as long as a pass breaks it in the same way."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue
from xdsl.traits import IsTerminator

from vaqf.compiler.bisection.minimal import minimal
from vaqf.compiler.bisection.signature import (
    add_argument,
    drop_arguments,
    function_of,
    is_called,
    is_fixed,
    prepares,
    set_returned,
)
from vaqf.interpreters.accelerator import is_accelerator

Item = TypeVar("Item")

Reals = NDArray[np.float32]

Values = Mapping[SSAValue, Reals]
"""What the network can be given in the place of computing it."""


@dataclass(frozen=True)
class Candidate:
    """A module that may break in the same way."""

    module: ModuleOp

    inputs: Mapping[str, Reals] = field(default_factory=lambda: dict[str, Reals]())
    """What it is executed with; more than it takes, or nothing when it is not executed."""

    @property
    def size(self) -> int:
        """The number of operations, without the module itself."""
        return sum(1 for _ in self.module.walk()) - 1


Holds = Callable[[Candidate], bool]
"""Whether a candidate still breaks in the same way. It does not change the module."""

Record = Callable[[Candidate], Values | None]
"""The values that a candidate can be given. None when any value may become an argument."""


Tell = Callable[[Candidate], None]
"""Called with each candidate for which it holds, none larger than the one before."""


def reduced(candidate: Candidate, holds: Holds, record: Record, tell: Tell) -> Candidate:
    """
    A smaller candidate, of which no operation, result or attribute of the module can be left out.

    What an operation needs of one that is left out becomes an argument of the function.

    Args:
        candidate: for which it holds.
        holds: the property to keep.
        record: called for each candidate that is to be made smaller.
        tell: called with each that was.
    """
    size = candidate.size + 1
    while candidate.size < size:
        size, depth = candidate.size, 0
        while ops := _removable(candidate.module, depth):
            without = _Without(candidate, ops, record(candidate))
            candidate, depth = _smallest(candidate, ops, without.keep, holds, tell), depth + 1
        returned, keep_returned = _returned(candidate.module), partial(_return_only, candidate)
        candidate = _smallest(candidate, returned, keep_returned, holds, tell)
        unused, keep_unused = _unused_arguments(candidate.module), partial(_take_only, candidate)
        candidate = _smallest(candidate, unused, keep_unused, holds, tell)
        names, keep_names = list(candidate.module.attributes), partial(_keep_attributes, candidate)
        candidate = _smallest(candidate, names, keep_names, holds, tell)
    return candidate


def _smallest(
    candidate: Candidate,
    items: Sequence[Item],
    keep: Callable[[Sequence[Item]], Candidate],
    holds: Holds,
    tell: Tell,
) -> Candidate:
    """What is left of a candidate that keeps only those items that it needs."""
    smallest = candidate

    def is_enough(kept: Sequence[Item]) -> bool:
        nonlocal smallest
        smaller = keep(kept)
        if not holds(smaller):
            return False
        smallest = smaller
        tell(smallest)
        return True

    minimal(items, is_enough)
    return smallest


def _removable(module: ModuleOp, depth: int) -> list[Operation]:
    """The operations inside of so many others, but for terminators."""
    blocks = list(module.body.blocks)
    for _ in range(depth):
        blocks = [
            inner
            for block in blocks
            for op in block.ops
            for region in op.regions
            for inner in region.blocks
        ]
    return [op for block in blocks for op in block.ops if not op.has_trait(IsTerminator)]


def _functions(module: ModuleOp) -> list[FuncOp]:
    """Functions whose body is one block."""
    functions = (op for op in module.walk() if isinstance(op, FuncOp))
    return [each for each in functions if len(each.body.blocks) == 1]


def _is_in(op: Operation, ops: Container[object]) -> bool:
    """Whether an operation is one of `ops`, or inside of one."""
    inner: Operation | None = op
    while inner is not None and inner not in ops:
        inner = inner.parent_op()
    return inner is not None


@dataclass(frozen=True)
class _Without:
    """Leaves operations out of a candidate."""

    candidate: Candidate

    ops: Sequence[Operation]
    """Those that may be left out, none of them inside of another."""

    values: Values | None
    """What can be given in the place of computing it; None when everything can."""

    def keep(self, kept: Sequence[Operation]) -> Candidate:
        """The candidate with only these of `ops`, and those whose results cannot be given."""
        source, mapped = self.candidate.module, dict[SSAValue, SSAValue]()
        module = source.clone(mapped)
        copies = dict(zip(source.walk(), module.walk(), strict=True))
        left_out = self._left_out(kept)
        erased = {copies[op] for op in left_out}
        for function in _functions(module):
            if function not in erased:
                _return_what_is_left(function, erased)
        inputs = dict(self.candidate.inputs)
        for value in (result for op in left_out for result in op.results):
            uses = [use for use in mapped[value].uses if not _is_in(use.operation, erased)]
            if not uses:
                continue
            function = function_of(mapped[value])
            assert function is not None, "what can be given is in a function"
            argument, name = add_argument(function, value)
            for use in uses:
                use.operation.operands[use.index] = argument
            if self.values is not None:
                inputs[name] = self.values[value]
        for op in erased:
            op.detach()
            op.drop_all_references()
        return Candidate(module, inputs)

    def _left_out(self, kept: Sequence[Operation]) -> list[Operation]:
        """Those of `ops` that are not needed for what is kept, in their order."""
        left_out = set(self.ops).difference(kept)
        returns = {each.get_return_op() for each in _functions(self.candidate.module)}
        for op in reversed(list(self.candidate.module.walk())):
            # A function can return less.
            if op not in returns and not _is_in(op, left_out):
                left_out -= {each.owner for each in op.operands if not self._can_be_given(each)}
        return [op for op in self.ops if op in left_out]

    def _can_be_given(self, value: SSAValue) -> bool:
        """Whether a value can be an argument of the function that it is in."""
        if self.values is not None:
            return value in self.values
        function = function_of(value)
        return function is not None and len(function.body.blocks) == 1


def _return_what_is_left(function: FuncOp, erased: Container[object]) -> None:
    """
    Let a function return no result of what is erased, but what only that has used.

    Nobody would see it otherwise.

    Args:
        function: with a body of one block.
        erased: operations.
    """
    terminator = function.get_return_op()
    if terminator is None:
        return
    kept = [index for index, each in enumerate(terminator.operands) if each.owner not in erased]
    results = (value for op in function.body.block.ops if op not in erased for value in op.results)
    unused = [
        value
        for value in results
        if value.uses and all(_is_in(use.operation, erased) for use in value.uses)
    ]
    set_returned(function, kept, () if is_fixed(function) else unused)


def _returned(module: ModuleOp) -> list[tuple[int, int]]:
    """The numbers of functions, and of what they return."""
    terminators = [each.get_return_op() for each in _functions(module)]
    return [
        (number, index)
        for number, terminator in enumerate(terminators)
        if terminator is not None
        for index in range(len(terminator.operands))
    ]


def _return_only(candidate: Candidate, kept: Sequence[tuple[int, int]]) -> Candidate:
    """The candidate whose functions return only these."""
    module = candidate.module.clone()
    for number, function in enumerate(_functions(module)):
        if function.get_return_op() is not None:
            set_returned(function, [index for each, index in kept if each == number])
    return Candidate(module, candidate.inputs)


def _unused_arguments(module: ModuleOp) -> list[tuple[int, int]]:
    """The numbers of functions that nothing calls, and of their arguments that nothing uses."""
    return [
        (number, argument.index)
        for number, function in enumerate(_functions(module))
        if not is_called(function)
        for argument in function.body.block.args
        if not argument.uses
    ]


def _take_only(candidate: Candidate, kept: Sequence[tuple[int, int]]) -> Candidate:
    """The candidate whose functions take only these of the arguments that they do not use."""
    module = candidate.module.clone()
    dropped = set(_unused_arguments(module)).difference(kept)
    preparing = prepares(module)
    for number, function in enumerate(_functions(module)):
        indices = {index for each, index in dropped if each == number}
        if preparing is not None and is_accelerator(function):
            returned = len(preparing.function_type.outputs)
            first = len(function.body.block.args) - returned
            left = [each for each in range(returned) if first + each not in indices]
            set_returned(preparing, left)
        drop_arguments(function, indices)
    return Candidate(module, candidate.inputs)


def _keep_attributes(candidate: Candidate, kept: Sequence[str]) -> Candidate:
    """The candidate whose module has only these attributes."""
    module = candidate.module.clone()
    module.attributes = {name: module.attributes[name] for name in kept}
    return Candidate(module, candidate.inputs)
