"""Whether values are used only where they are defined, which xDSL does not verify."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.irdl.dominance import DominanceInfo
from xdsl.traits import IsolatedFromAbove


@dataclass(frozen=True)
class UndefinedUse:
    """An operation takes a value where that is not defined."""

    user: Operation
    operand: int
    """Its number."""

    @property
    def message(self) -> str:
        """What is wrong, without the operation."""
        hint = self.user.operands[self.operand].name_hint
        name = "" if hint is None else f" (%{hint})"
        return (
            f"operand #{self.operand}{name} is not defined there: its definition comes later, or "
            "is in another region"
        )


def undefined_use(module: ModuleOp) -> UndefinedUse | None:
    """
    The first use of a value that its definition does not dominate; None when there is none.

    The order of operations in a `builtin.module` means nothing, as in MLIR.
    """
    return next(_in_region(module.body, set(), is_ordered=False), None)


def _in_region(
    region: Region, visible: set[SSAValue], *, is_ordered: bool = True
) -> Iterator[UndefinedUse]:
    """Those in a region, which may use what is visible outside of it."""
    blocks = list(region.blocks)
    if len(blocks) == 1:
        yield from _in_block(blocks[0], visible, is_ordered=is_ordered)
        return
    dominance = DominanceInfo(region)
    for block in blocks:
        before = (each for each in blocks if dominance.strictly_dominates(each, block))
        defined = {value for each in before for value in _defined_by(each)}
        yield from _in_block(block, visible | defined, is_ordered=is_ordered)


def _in_block(block: Block, visible: set[SSAValue], *, is_ordered: bool) -> Iterator[UndefinedUse]:
    """Those in a block; what it defines is visible in it alone."""
    defined = set(block.args) if is_ordered else set(_defined_by(block))
    defined -= visible
    visible |= defined
    for op in block.ops:
        for number, operand in enumerate(op.operands):
            if operand not in visible:
                yield UndefinedUse(op, number)
        for region in op.regions:
            yield from _in_region(region, set() if op.has_trait(IsolatedFromAbove) else visible)
        new = set(op.results) - visible
        visible |= new
        defined |= new
    visible -= defined


def _defined_by(block: Block) -> Iterator[SSAValue]:
    yield from block.args
    for op in block.ops:
        yield from op.results
