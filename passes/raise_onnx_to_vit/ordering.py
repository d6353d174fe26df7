"""
An order of operations, and of the operands of sums, that depends on what they compute alone.

Exporters and optimisers are free to sort nodes, and to swap the terms of a sum. Here residual
connections come before what is added to them, weights behind activations, and the layers that share
an input, such as those of queries, keys and values, stand together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from xdsl.ir import Block, Operation, OpResult, SSAValue

from vaqf.dialects import vit

Form = tuple[object, ...]
"""What a value is computed by, without names; equal ones are the same object."""


class _Forms:
    """What every value of a block is computed by."""

    def __init__(self, arguments: Iterable[SSAValue]):
        self._forms: dict[SSAValue, Form] = {
            each: ("argument", index) for index, each in enumerate(arguments)
        }
        self._depths = dict.fromkeys(self._forms, 0)
        self._weights: set[SSAValue] = set()
        self._unique: dict[tuple[object, ...], Form] = {}

    def enter(self, op: Operation) -> None:
        """Learn what the result of an operation is; its operands must be known."""
        (result,) = op.results
        is_parameter = isinstance(op, vit.ParameterOp)
        attributes = () if is_parameter else sorted(map(str, op.properties.items()))
        head = (op.name, str(result.type), *attributes)
        operands = [self._forms[each] for each in op.operands]
        self._forms[result] = self._unique.setdefault(
            (*head, *map(id, operands)), (*head, *operands)
        )
        self._depths[result] = 1 + max((self._depths[each] for each in op.operands), default=0)
        if self._weights.issuperset(op.operands):
            self._weights.add(result)

    def place_in_sum(self, value: SSAValue) -> tuple[bool, int, Form]:
        """What the terms of a sum are sorted by."""
        return value in self._weights, self._depths[value], self._forms[value]


def put_in_order(block: Block) -> None:
    """Sort the operations of a block with a terminator, and drop those that it does not need."""
    forms = _Forms(block.args)
    for op in block.ops:
        if isinstance(op, vit.AddOp):
            op.operands = sorted(op.operands, key=forms.place_in_sum)
        if op.results:
            forms.enter(op)
    ops, order = tuple(block.ops), _Order(block).ops()
    for op in ops:
        op.detach()
    block.add_ops(order)
    for op in reversed(ops):
        if op.parent is None:
            op.erase()


@dataclass(frozen=True)
class _Order:
    """The order of the operations that a block needs."""

    block: Block

    @cached_property
    def _needed(self) -> list[Operation]:
        """Every operation behind those that compute its operands, in the order of the operands."""
        found: dict[Operation, None] = {}
        waiting = [op for op in (self.block.last_op,) if op is not None]
        while waiting:
            operands = (each.op for each in waiting[-1].operands if isinstance(each, OpResult))
            missing = next((each for each in operands if each not in found), None)
            if missing is not None:
                waiting.append(missing)
            else:
                found[waiting.pop()] = None
        return list(found)

    @cached_property
    def _layers(self) -> dict[SSAValue, list[Operation]]:
        """The linear layers of each input."""
        layers: defaultdict[SSAValue, list[Operation]] = defaultdict(list)
        for op in self._needed:
            if isinstance(op, vit.LinearOp):
                layers[op.input].append(op)
        return layers

    def ops(self) -> list[Operation]:
        """All of them."""
        written: dict[Operation, None] = {}
        for op in self._needed:
            together = self._layers[op.input] if isinstance(op, vit.LinearOp) else [op]
            for each in together:
                written |= dict.fromkeys(_with_operands(each, written))
        return list(written)


def _with_operands(op: Operation, written: dict[Operation, None]) -> Iterator[Operation]:
    """An operation behind what computes its operands, without what is written already."""
    if op not in written:
        for operand in op.operands:
            if isinstance(operand, OpResult):
                yield from _with_operands(operand.op, written)
        yield op
