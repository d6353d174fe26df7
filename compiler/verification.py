"""Verifying a module, with messages that name the operation and its place."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.traits import SymbolUserOpInterface
from xdsl.utils.exceptions import VerifyException

from vaqf.compiler.errors import in_one_line
from vaqf.dialects.diagnostics import describe


def _verifies(op: Operation) -> bool:
    try:
        op.verify(verify_nested_ops=False)
    except VerifyException:
        return False
    return True


def verify(module: ModuleOp, after: ModulePass | None = None) -> None:
    """
    Verify every operation of a module.

    Args:
        module: what to verify.
        after: the pass that made it so, for the message.

    Raises:
        VerifyException: in one line, with the operation and its location.
    """
    try:
        module.verify()
    except VerifyException as error:
        # xDSL names the operation only within a print of the whole module: look for it again.
        culprit = next((op for op in module.walk(region_first=True) if not _verifies(op)), module)
        blame = "" if after is None else f"invalid IR after {after.name}: "
        raise VerifyException(f"{blame}{describe(culprit)}: {in_one_line(str(error))}") from None


def _surroundings(op: Operation) -> tuple[object, ...]:
    """
    What the verifiers of our operations look at: the operation itself, its place, and what defines
    its operands.
    """
    owners = (each.owner for each in op.operands)
    defining = (each for each in owners if isinstance(each, Operation))
    return (
        op.parent,
        op.next_op is None,
        *op.operands,
        *(each.type for each in op.operands),
        *op.result_types,
        *op.properties.items(),
        *op.attributes.items(),
        *(item for each in defining for item in each.properties.items()),
    )


class RepeatedVerification:
    """
    Verifies a module after each of many passes, most of which leave most operations alone.

    An operation is looked at again when it or its surroundings changed. What follows from further
    away is left to `verify`, which looks at everything: use it after the last pass.
    """

    def __init__(self) -> None:
        self._verified: dict[Operation, tuple[object, ...]] = {}

    def verify(self, module: ModuleOp, after: ModulePass) -> None:
        """
        Verify the operations of a module that a pass may have made invalid.

        Raises:
            VerifyException: in one line, with the operation and its location.
        """
        verified: dict[Operation, tuple[object, ...]] = {}
        for op in module.walk(region_first=True):
            surroundings = _surroundings(op)
            is_local = not op.regions and not op.has_trait(SymbolUserOpInterface)
            if not (is_local and self._verified.get(op) == surroundings) and not _verifies(op):
                verify(module, after)
            verified[op] = surroundings
        self._verified = verified
