"""Writing loops and index arithmetic."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import (
    DenseArrayBase,
    IndexType,
    LocationAttr,
    UnitAttr,
    UnknownLoc,
    i1,
    i64,
)
from xdsl.ir import Block, Operation, Region, SSAValue

from vaqf.dialects.accel import BufferOp, SlotOp
from vaqf.dialects.accel.memory import LOCAL, buffer_type
from vaqf.dialects.accel.schedule import OVERLAP_ATTRIBUTE
from vaqf.passes.index_values import index_value

OperationT = TypeVar("OperationT", bound=Operation)


class Code:
    """
    Appends ops to an engine, all of them with one location.

    Buffers and constants go to the top of the engine, before everything else.
    """

    def __init__(self, top: Block, location: LocationAttr):
        self.top = top
        self.block = top
        self.location = location
        self.constants: dict[int, SSAValue] = {}
        self.storage: Operation | None = None
        for op in top.ops:
            if not isinstance(op, BufferOp | arith.ConstantOp):
                break
            self.storage = op
            number = index_value(op.results[0])
            # A constant with a name of its own, such as a size, reads badly as just a number.
            if number is not None and op.results[0].name_hint == f"c{number}":
                self.constants[number] = op.results[0]

    def add(self, op: OperationT) -> OperationT:
        """Append an op to the innermost loop; what has no location gets that of the engine."""
        for each in op.walk():
            if isinstance(each.location, UnknownLoc):
                each.location = self.location
        self.block.add_op(op)
        return op

    def insert(self, op: Operation) -> None:
        """Append an op that has a location to the innermost loop."""
        self.block.add_op(op)

    def _declare(self, op: OperationT) -> OperationT:
        op.location = self.location
        if self.storage is None:
            if self.top.first_op is None:
                self.top.add_op(op)
            else:
                self.top.insert_op_before(op, self.top.first_op)
        else:
            self.top.insert_op_after(op, self.storage)
        self.storage = op
        return op

    def constant(self, value: int) -> SSAValue:
        """An index constant."""
        if value not in self.constants:
            op = self._declare(arith.ConstantOp.from_int_and_width(value, IndexType()))
            op.result.name_hint = f"c{value}"
            self.constants[value] = op.result
        return self.constants[value]

    def number(self, name: str, value: int, width: int) -> SSAValue:
        """A constant number of `width` bits, with a name."""
        op = self._declare(arith.ConstantOp.from_int_and_width(value, width))
        op.result.name_hint = name
        return op.result

    def buffer(self, name: str, width: int, *shape: int) -> SSAValue:
        """A local array of signed integers of `width` bits."""
        op = self._declare(BufferOp(buffer_type(width, shape, LOCAL)))
        op.buffer.name_hint = name
        return op.buffer

    def _arithmetic(self, op: Operation, name: str) -> SSAValue:
        self.add(op)
        op.results[0].name_hint = name
        return op.results[0]

    def plus(self, left: SSAValue, right: SSAValue, name: str) -> SSAValue:
        """`left + right`; nothing to compute when one is the constant 0."""
        if index_value(left) == 0:
            return right
        if index_value(right) == 0:
            return left
        numbers = index_value(left), index_value(right)
        if numbers[0] is not None and numbers[1] is not None:
            return self.constant(numbers[0] + numbers[1])
        return self._arithmetic(arith.AddiOp(left, right), name)

    def times(self, left: SSAValue, right: int, name: str) -> SSAValue:
        """`left * right`; nothing to compute when `left` is known."""
        if (number := index_value(left)) is not None:
            return self.constant(number * right)
        return self._arithmetic(arith.MuliOp(left, self.constant(right)), name)

    def product(self, left: SSAValue, right: SSAValue, name: str) -> SSAValue:
        """`left * right`."""
        return self._arithmetic(arith.MuliOp(left, right), name)

    def divided(self, left: SSAValue, right: int, name: str) -> SSAValue:
        """`left / right`, rounded down."""
        return self._arithmetic(arith.DivUIOp(left, self.constant(right)), name)

    def divided_up(self, left: SSAValue, right: int, name: str) -> SSAValue:
        """`left / right`, rounded up."""
        return self._arithmetic(arith.CeilDivUIOp(left, self.constant(right)), name)

    def remainder(self, left: SSAValue, right: int, name: str) -> SSAValue:
        """`left mod right`."""
        return self._arithmetic(arith.RemUIOp(left, self.constant(right)), name)

    def slot(self, buffer: SSAValue, index: SSAValue, name: str) -> SSAValue:
        """One of several equal arrays."""
        return self._arithmetic(SlotOp(buffer, index), name)

    def is_equal(self, left: SSAValue, right: int, name: str) -> SSAValue:
        """Whether `left` is `right`."""
        return self._arithmetic(arith.CmpiOp(left, self.constant(right), "eq"), name)

    def is_less(self, left: SSAValue, right: SSAValue, name: str) -> SSAValue:
        """Whether `left < right`."""
        return self._arithmetic(arith.CmpiOp(left, right, "ult"), name)

    @contextmanager
    def inside(self, block: Block) -> Generator[None]:
        """Append to `block` for a while."""
        outer, self.block = self.block, block
        yield
        self.block = outer

    def is_at_least(self, left: SSAValue, right: int, name: str) -> SSAValue:
        """Whether `left >= right`."""
        return self._arithmetic(arith.CmpiOp(left, self.constant(right), "uge"), name)

    def both(self, left: SSAValue, right: SSAValue, name: str) -> SSAValue:
        """Whether two conditions hold."""
        return self._arithmetic(arith.AndIOp(left, right), name)

    def minus(self, left: SSAValue, right: int, name: str) -> SSAValue:
        """`left - right`; nothing to compute when `right` is 0, or `left` is known."""
        if not right:
            return left
        if (number := index_value(left)) is not None:
            return self.constant(number - right)
        return self._arithmetic(arith.SubiOp(left, self.constant(right)), name)

    @contextmanager
    def loop(
        self, name: str, stop: SSAValue, step: int = 1, *, overlap: bool = False
    ) -> Generator[SSAValue]:
        """
        A loop from 0 to `stop`; gives its induction variable.

        Args:
            name: of the variable.
            stop: is not reached.
            step: from one iteration to the next.
            overlap: whether `double-buffer` lets the stages of iterations overlap.
        """
        body = Block(arg_types=[IndexType()])
        body.args[0].name_hint = name
        with self.inside(body):
            yield body.args[0]
            self.add(scf.YieldOp())
        loop = scf.ForOp(self.constant(0), stop, self.constant(step), [], Region(body))
        if overlap:
            loop.attributes[OVERLAP_ATTRIBUTE] = UnitAttr()
        self.add(loop)

    @contextmanager
    def when(self, condition: SSAValue) -> Generator[None]:
        """Ops that run only where `condition` holds."""
        assert condition.type == i1
        body = Block()
        with self.inside(body):
            yield
            self.add(scf.YieldOp())
        self.add(scf.IfOp(condition, [], Region(body)))

    @contextmanager
    def behind(
        self, counter: SSAValue, lag: int, count: SSAValue, last: int
    ) -> Generator[SSAValue]:
        """
        Ops on what is some steps behind a counter, where that is one of `count`; gives its number.

        Args:
            counter: of a loop that goes on for `last` iterations after `count`.
            lag: how many steps behind.
            count: how many there are to work on.
            last: the largest lag of all.
        """
        begun = self.is_at_least(counter, lag, f"has_begun_{lag}") if lag else None
        left = None
        if lag != last:
            end = self.plus(count, self.constant(lag), f"end_{lag}")
            left = self.is_less(counter, end, f"is_left_{lag}")
        active = left or begun
        if begun is not None and left is not None:
            active = self.both(begun, left, f"is_active_{lag}")
        assert active is not None
        with self.when(active):
            yield self.minus(counter, lag, f"number_{lag}")

    def select(self, number: SSAValue, cases: Sequence[Block]) -> None:
        """Run the block that `number` counts; the last one for every larger number."""
        for block in cases:
            with self.inside(block):
                self.add(scf.YieldOp())
        *numbered, default = cases
        self.add(
            scf.IndexSwitchOp(
                number,
                DenseArrayBase.from_list(i64, range(len(numbered))),
                Region(default),
                [Region(block) for block in numbered],
                [],
            )
        )
