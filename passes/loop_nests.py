"""Loops that are one pipeline: the innermost one, and those around it that do nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from xdsl.dialects import scf
from xdsl.dialects.builtin import IndexType, ModuleOp, UnitAttr
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Operation, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.accel.schedule import FLATTEN_ATTRIBUTE
from vaqf.passes.index_values import IndexArithmetic, Indices, compute, index_value

ASSUMED_TRIPS = 8
"""How many iterations are looked at of a loop whose bounds are not known."""

FOLLOWED = 1024
"""
How many iterations of a nest are followed, at least three of the outermost loop: far more than are
under way in a pipeline at the same time.
"""

Numbers = Mapping[SSAValue, int]


def is_index_arithmetic(op: Operation) -> bool:
    """Whether an op only computes indices, conditions, or which of several arrays is meant."""
    return op.dialect_name() == "arith" or isinstance(op, accel.SlotOp)


def only_loop_in(loop: scf.ForOp) -> scf.ForOp | None:
    """The loop that is all that another one does beside index arithmetic."""
    found = [op for op in loop.body.block.ops if not is_index_arithmetic(op)]
    match found:
        case [scf.ForOp() as inner, scf.YieldOp()] if not inner.iter_args:
            return inner
        case _:
            return None


def calls_of(module: ModuleOp, engine: FuncOp) -> Iterator[Numbers]:
    """For each call of an engine, the arguments that are constants."""
    for call in module.walk():
        if isinstance(call, CallOp) and call.callee.root_reference == engine.sym_name:
            passed = zip(engine.args, map(index_value, call.arguments), strict=True)
            yield {argument: number for argument, number in passed if number is not None}


@dataclass(frozen=True)
class Nest:
    """Loops of which each but the last does nothing but the next one, from the outermost."""

    loops: tuple[scf.ForOp, ...]

    @property
    def innermost(self) -> scf.ForOp:
        """The loop that does the work."""
        return self.loops[-1]

    @staticmethod
    def around(innermost: scf.ForOp) -> Nest:
        """The loops that are flattened into one pipeline with an innermost one."""
        loops = [innermost]
        while isinstance(outer := loops[0].parent_op(), scf.ForOp):
            if FLATTEN_ATTRIBUTE not in outer.attributes:
                break
            loops.insert(0, outer)
        return Nest(tuple(loops))

    def wider(self) -> Nest | None:
        """The nest with one more loop around it; None when that loop does something else."""
        outer = self.loops[0].parent_op()
        if not isinstance(outer, scf.ForOp) or outer.iter_args:
            return None
        if only_loop_in(outer) is not self.loops[0]:
            return None
        return Nest((outer, *self.loops))

    def flatten(self) -> None:
        """Compute all indices in the innermost loop, and mark the others."""
        first = self.innermost.body.block.first_op
        assert first is not None
        for loop in self.loops[:-1]:
            loop.attributes[FLATTEN_ATTRIBUTE] = UnitAttr()
            for op in list(loop.body.block.ops):
                if is_index_arithmetic(op):
                    op.detach()
                    self.innermost.body.block.insert_op_before(op, first)

    def is_known(self, arguments: Numbers) -> bool:
        """Whether it is known how often each loop runs, with the sizes of one call."""
        known = self._outside(dict(arguments))
        return all(bound in known for loop in self.loops for bound in (loop.lb, loop.ub, loop.step))

    def distinct(self, calls: Iterable[Numbers], wanted: Iterable[SSAValue]) -> list[Numbers]:
        """
        Calls whose iterations differ.

        Args:
            calls: the sizes of each.
            wanted: indices and conditions in the nest whose values matter.
        """
        bounds = (bound for loop in self.loops for bound in (loop.lb, loop.ub, loop.step))
        used = [each for each in sources([*bounds, *wanted]) if not is_computed(each)]
        found: dict[tuple[int | None, ...], Numbers] = {}
        for arguments in calls:
            known = self._outside(dict(arguments))
            found.setdefault(tuple(known.get(each) for each in used), arguments)
        return list(found.values())

    def iterations(self, arguments: Numbers, wanted: Iterable[SSAValue]) -> Iterations:
        """
        What is known in each iteration, in their order.

        Some iterations are followed only: later ones repeat what they do.

        Args:
            arguments: the sizes of one call.
            wanted: indices and conditions in the nest whose values matter.
        """
        bounds = (bound for loop in self.loops for bound in (loop.lb, loop.ub, loop.step))
        needed = set(sources([*bounds, *wanted]))
        outside = self._outside(dict(arguments)).items()
        every = Iterations(1, {value: np.array([number]) for value, number in outside})
        outer = self.loops[0].body.block.args[0]
        for loop in self.loops:
            every = every.inside(loop).followed(outer)
            IndexArithmetic.of(loop.body.block, needed).evaluate(every.known)
        return every

    def _outside(self, known: dict[SSAValue, int]) -> dict[SSAValue, int]:
        """What is known around the nest: of other loops, the first iteration."""
        bounds = {bound for loop in self.loops for bound in (loop.lb, loop.ub, loop.step)}
        around: list[Operation] = []
        op: Operation | None = self.loops[0]
        while op is not None and not isinstance(op, FuncOp):
            block = op.parent_block()
            if block is not None:
                before = list(block.ops)
                around = [*before[: before.index(op)], *around]
            op = op.parent_op()
            if isinstance(op, scf.ForOp):
                known[op.body.block.args[0]] = index_value(op.lb) or 0
        if isinstance(op, FuncOp):
            # What is fixed and unknown, as where a matrix starts, changes no distance.
            for argument in op.args:
                if argument not in bounds and isinstance(argument.type, IndexType):
                    known.setdefault(argument, 0)
        for each in around:
            number = index_value(each.results[0]) if each.results else None
            number = compute(each, known) if number is None else number
            if number is not None:
                known[each.results[0]] = number
        return known


@dataclass(frozen=True)
class Iterations:
    """Iterations of a nest of loops, one after the other."""

    count: int

    known: dict[SSAValue, Indices]
    """What is known: one number for each of them, or one for all."""

    def of(self, value: SSAValue) -> Indices:
        """A number that is known, for each iteration."""
        return np.broadcast_to(self.known[value], self.count)

    def at(self, numbers: Indices) -> Iterations:
        """Some of them, or one several times."""
        known = {
            value: indices[numbers] if indices.size == self.count else indices
            for value, indices in self.known.items()
        }
        return Iterations(len(numbers), known)

    def inside(self, loop: scf.ForOp) -> Iterations:
        """Those of a loop in each of these."""
        first, step = (
            self.of(bound) if bound in self.known else np.full(self.count, otherwise)
            for bound, otherwise in ((loop.lb, 0), (loop.step, 1))
        )
        trips = np.full(self.count, ASSUMED_TRIPS)
        if loop.ub in self.known:
            trips = np.maximum(0, -(-(self.of(loop.ub) - first) // step))
        numbers = np.repeat(np.arange(self.count), trips)
        within = np.arange(len(numbers)) - np.repeat(trips.cumsum() - trips, trips)
        found = self.at(numbers)
        found.known[loop.body.block.args[0]] = first[numbers] + within * step[numbers]
        return found

    def followed(self, outer: SSAValue) -> Iterations:
        """
        As many as are followed.

        Args:
            outer: the variable of the outermost loop.
        """
        values = self.of(outer)
        turns = np.flatnonzero(values[1:] != values[:-1]) + 1
        if len(turns) < 3 or self.count <= FOLLOWED:
            return self
        return self.at(np.arange(max(FOLLOWED, turns[2])))


def is_computed(value: SSAValue) -> bool:
    """Whether a value follows from others by index arithmetic."""
    owner = value.owner
    return isinstance(owner, Operation) and is_index_arithmetic(owner) and bool(owner.operands)


def sources(values: Iterable[SSAValue]) -> list[SSAValue]:
    """Values, and all that they are computed from."""
    waiting, seen = list(values), dict[SSAValue, None]()
    while waiting:
        value = waiting.pop()
        if value in seen:
            continue
        seen[value] = None
        if is_computed(value):
            assert isinstance(value.owner, Operation)
            waiting += value.owner.operands
    return list(seen)
