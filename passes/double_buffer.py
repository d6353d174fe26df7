"""Let the stages of a loop's iterations overlap: load, compute, and what follows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.schedule import OVERLAP_ATTRIBUTE
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.array_uses import array_uses
from vaqf.passes.engines.code import Code
from vaqf.passes.hardware import hardware_size
from vaqf.passes.index_values import index_value
from vaqf.passes.loop_nests import is_index_arithmetic
from vaqf.passes.statistics import Statistic


@dataclass
class Node:
    """What a loop does with arrays at one place of its body: a burst, or a loop."""

    op: Operation
    reads: list[SSAValue] = field(default_factory=list[SSAValue])
    writes: list[SSAValue] = field(default_factory=list[SSAValue])

    @staticmethod
    def of(op: Operation) -> Node:
        """A node, with the arrays of the engine that it uses."""
        node = Node(op)
        for inner in op.walk():
            for use in array_uses(inner):
                array, _ = array_behind(use.array)
                if isinstance(array.owner, accel.BufferOp):
                    if use.reads and array not in node.reads:
                        node.reads.append(array)
                    if use.writes and array not in node.writes:
                        node.writes.append(array)
        return node

    @property
    def arrays(self) -> list[SSAValue]:
        """All arrays that it uses."""
        return list(dict.fromkeys((*self.reads, *self.writes)))

    def uses_any(self, arrays: Sequence[SSAValue]) -> bool:
        """Whether it uses one of some arrays."""
        return any(each in arrays for each in self.arrays)


def nodes_of(loop: scf.ForOp) -> list[Node]:
    """The nodes of a loop, in order."""
    *ops, _ = loop.body.block.ops
    return [Node.of(op) for op in ops if not is_index_arithmetic(op)]


def positions(loop: scf.ForOp, nodes: Sequence[Node]) -> dict[Operation, int]:
    """
    The stage of each node: one before that of the first node that needs what it writes, and so as
    late as possible.

    Raises:
        PassFailedException: when an iteration needs what the one before it computes.
    """
    ahead: dict[Operation, int] = {}
    for number, node in reversed(list(enumerate(nodes))):
        for earlier in nodes[:number]:
            for array in earlier.reads:
                if array in node.writes:
                    fail(
                        loop,
                        f"'{array.name_hint or 'an array'}' passes values from one iteration to "
                        "the next, so that they cannot overlap",
                    )
        users = [user for user in nodes[number + 1 :] if user.uses_any(node.writes)]
        ahead[node.op] = max((ahead[user.op] + 1 for user in users), default=0)
    depth = max(ahead.values(), default=0)
    if not depth:
        fail(loop, "has no two stages of which one needs what the other computes")
    return {op: depth - each for op, each in ahead.items()}


def handed_over(
    loop: scf.ForOp, nodes: Sequence[Node], position: dict[Operation, int]
) -> list[SSAValue]:
    """
    The arrays that one stage hands to the next.

    Raises:
        PassFailedException: when a stage needs what one further back has written, or when something
            outside of the loop uses the array.
    """
    stages: dict[SSAValue, set[int]] = {}
    for node in nodes:
        for array in node.arrays:
            stages.setdefault(array, set()).add(position[node.op])
    found = [array for array, where in stages.items() if len(where) > 1]
    for array in found:
        name, where = array.name_hint or "an array", sorted(stages[array])
        if any(later - earlier != 1 for earlier, later in pairwise(where)) or len(where) > 2:
            fail(
                loop,
                f"stages {', '.join(map(str, where))} use '{name}', expected two stages of which "
                "one follows the other",
            )
        if any(not _is_inside(use.operation, loop) for use in array.uses):
            fail(loop, f"'{name}' is handed from one stage to the next, but used elsewhere, too")
    return found


def _is_inside(op: Operation, loop: scf.ForOp) -> bool:
    parent = op.parent_op()
    return parent is not None and (parent is loop or _is_inside(parent, loop))


def stages_of(nodes: Sequence[Node], position: dict[Operation, int]) -> Iterator[list[Node]]:
    """Nodes that follow each other in one stage: bursts, which share a port; others stand alone."""
    for number in range(max(position.values()) + 1):
        here = [node for node in nodes if position[node.op] == number]
        bursts = [node for node in here if isinstance(node.op, accel.LoadOp)]
        if bursts:
            yield bursts
        yield from ([node] for node in here if node not in bursts)


@dataclass(frozen=True)
class Turn:
    """One iteration of the new loop: each stage works on an iteration of the old one."""

    code: Code
    loop: scf.ForOp
    variable: SSAValue
    """Counts the turns."""

    slots: tuple[SSAValue, SSAValue]
    """Which of two arrays is filled in this turn, and which was filled in the turn before."""

    pairs: dict[SSAValue, SSAValue]
    """For each array that is handed over, the pair of arrays that take turns."""

    def active(self, stage: int, last: int) -> SSAValue:
        """Whether a stage has an iteration to work on."""
        code, stop = self.code, self.loop.ub
        begun = code.is_at_least(self.variable, stage, f"has_begun_{stage}") if stage else None
        if stage == last:
            assert begun is not None
            return begun
        end = code.plus(stop, code.constant(stage), f"end_{stage}")
        left = code.is_less(self.variable, end, f"is_left_{stage}")
        return left if begun is None else code.both(begun, left, f"is_active_{stage}")

    def write(self, nodes: Sequence[Node], stage: int) -> None:
        """The ops of one stage."""
        old = self.loop.body.block.args[0]
        number = self.code.minus(self.variable, stage, old.name_hint or "number")
        mapping: dict[SSAValue, SSAValue] = {old: number}
        for node in nodes:
            for array in node.arrays:
                if array in self.pairs and array not in mapping:
                    slot = self.slots[stage % 2]
                    name = array.name_hint or "array"
                    mapping[array] = self.code.slot(self.pairs[array], slot, name)
        needed = self.arithmetic([node.op for node in nodes])
        wanted = {node.op for node in nodes} | needed
        for op in self.loop.body.block.ops:
            if op in wanted:
                self.code.insert(op.clone(mapping))

    def arithmetic(self, ops: Sequence[Operation]) -> set[Operation]:
        """The index arithmetic of the loop that ops need."""
        body, found = self.loop.body.block, set[Operation]()
        left = [operand for op in ops for inner in op.walk() for operand in inner.operands]
        while left:
            owner = left.pop().owner
            if isinstance(owner, Operation) and owner.parent_block() is body and owner not in found:
                found.add(owner)
                left += owner.operands
        return found


def overlap(engine: FuncOp, loop: scf.ForOp) -> None:
    """
    Rewrite one loop.

    Raises:
        PassFailedException: when its iterations cannot overlap.
    """
    if index_value(loop.lb) != 0 or index_value(loop.step) != 1 or loop.iter_args:
        fail(loop, "expected a loop that counts from 0 in steps of 1 and carries no values")
    nodes = nodes_of(loop)
    position = positions(loop, nodes)
    arrays = handed_over(loop, nodes, position)
    last = max(position.values())
    code = Code(engine.body.block, loop.location)
    pairs: dict[SSAValue, SSAValue] = {}
    for array in arrays:
        if isinstance(array.owner, accel.BufferOp) and array.owner.partition is not None:
            fail(array.owner, "is split already: run double-buffer before partition-arrays")
        name = array.name_hint or "array"
        pairs[array] = code.buffer(name, element_width(array), 2, *shape_of(array))

    replacement = Block()
    with code.inside(replacement):
        turns = code.plus(loop.ub, code.constant(last), "turns")
        with code.loop("turn", turns) as turn:
            slot = code.remainder(turn, 2, "slot")
            following = code.plus(turn, code.constant(1), "next_turn")
            other = code.remainder(following, 2, "other_slot")
            context = Turn(code, loop, turn, (slot, other), pairs)
            stages = list(stages_of(nodes, position))
            active = {
                number: context.active(number, last)
                for number in dict.fromkeys(position[stage[0].op] for stage in stages)
            }
            regions: list[Region] = []
            for stage in stages:
                block, number = Block(), position[stage[0].op]
                with code.inside(block), code.when(active[number]):
                    context.write(stage, number)
                regions.append(Region(block))
            concurrent = accel.ConcurrentOp(regions)
            concurrent.location = loop.location
            code.insert(concurrent)
    ops = list(replacement.ops)
    for op in ops:
        op.detach()
    block = loop.parent_block()
    assert block is not None
    block.insert_ops_before(ops, loop)
    Rewriter.erase_op(loop)
    for array in arrays:
        assert isinstance(array.owner, Operation)
        Rewriter.erase_op(array.owner)


@dataclass(frozen=True)
class DoubleBufferPass(ModulePass):
    """
    Let the iterations of every loop with `accel.overlap` overlap, stage by stage.

    While one tile of output channels is summed, the weights of the next one load and the one before
    it is requantized. What a stage hands to the next exists twice: one is filled while the other is
    used.
    """

    name = "double-buffer"

    statistics = (
        Statistic("loops whose stages overlap", added="accel.concurrent"),
        Statistic("slots that take turns", added="accel.slot"),
    )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        hardware_size(op, "lanes")
        found = [
            (engine, each)
            for function in op.ops
            if isinstance(engine := function, FuncOp)
            for each in engine.walk()
            if isinstance(each, scf.ForOp) and OVERLAP_ATTRIBUTE in each.attributes
        ]
        for engine, loop in found:
            overlap(engine, loop)
