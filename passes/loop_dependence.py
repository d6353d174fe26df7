"""Whether iterations of a loop may overlap, and why."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects import arith, scf
from xdsl.ir import Operation, SSAValue

from vaqf.dialects.diagnostics import fail
from vaqf.passes.array_uses import Use, array_uses
from vaqf.passes.roll_layers import index_value


def depends_on(value: SSAValue, variable: SSAValue) -> bool:
    """Whether an index is computed from a loop variable."""
    if value is variable:
        return True
    owner = value.owner
    return isinstance(owner, Operation) and any(
        depends_on(operand, variable) for operand in owner.operands
    )


def stride(index: SSAValue, variable: SSAValue) -> int | None:
    """By how much an index grows when a loop variable grows by one; None when that varies."""
    if index is variable:
        return 1
    if not depends_on(index, variable):
        return 0
    match index.owner:
        case arith.AddiOp(lhs=left, rhs=right):
            parts = stride(left, variable), stride(right, variable)
            return None if parts[0] is None or parts[1] is None else parts[0] + parts[1]
        case arith.MuliOp(lhs=left, rhs=right):
            factor, part = index_value(right), stride(left, variable)
            return None if factor is None or part is None else factor * part
        case _:
            return None


def uses_in(loop: scf.ForOp) -> Iterator[tuple[Operation, Use]]:
    """What the ops of an innermost loop do with arrays, in their order."""
    for op in loop.body.walk():
        for use in array_uses(op):
            yield op, use


def check_whole(op: Operation, uses: list[Use]) -> None:
    """
    Check an array that iterations use as a whole: each must write it before it reads it.

    Raises:
        PassFailedException: when an iteration starts with what the one before it left.
    """
    if any(use.row is not None for use in uses) or uses[0].reads:
        fail(
            op,
            f"'{uses[0].name}' passes values from one iteration to the next, "
            "so that they cannot overlap",
        )


def check_rows(op: Operation, uses: list[Use], loop: scf.ForOp) -> None:
    """
    Check an array that iterations use by rows: each must have rows of its own.

    Raises:
        PassFailedException: when an iteration uses a row that another one writes.
    """
    rows = max(use.rows for use in uses)
    row, step = uses[0].row, index_value(loop.step)
    apart = None if row is None else stride(row, loop.body.block.args[0])
    if any(use.row is not row for use in uses) or apart is None or step is None:
        fail(
            op,
            f"the rows of '{uses[0].name}' cannot be told from those of other iterations, "
            "expected one row number: the loop variable plus or times something fixed",
        )
    if abs(apart * step) < rows:
        fail(
            op,
            f"every iteration changes {rows} {'row' if rows == 1 else 'rows'} of "
            f"'{uses[0].name}', the next one starts {abs(apart * step)} further, "
            "so that they cannot overlap",
        )


def reason_to_overlap(loop: scf.ForOp) -> str:
    """
    Why no iteration of an innermost loop needs what one before it computes.

    Raises:
        PassFailedException: when one does, or that cannot be told.
    """
    found: dict[SSAValue, list[tuple[Operation, Use]]] = {}
    for op, use in uses_in(loop):
        found.setdefault(use.array, []).append((op, use))
    updated: dict[str, int] = {}
    for users in found.values():
        uses = [use for _, use in users]
        if not any(use.writes for use in uses):
            continue
        if uses[0].row is None:
            check_whole(users[0][0], uses)
            continue
        if len(uses) == 1 and not uses[0].reads:
            continue  # What one op writes stays in the order of the iterations.
        check_rows(users[0][0], uses, loop)
        if any(use.reads for use in uses):
            updated[uses[0].name] = max(use.rows for use in uses)
    what = loop.body.block.args[0].name_hint or "iteration"
    if not updated:
        return f"every {what} is independent"
    rows = max(updated.values())
    names = " and ".join(updated)
    if rows == 1:
        return f"every {what} updates its own row of {names}"
    return f"every {rows} {what}s update their own rows of {names}"
