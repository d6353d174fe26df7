"""Verifying a module, with messages that name the operation and its place."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import VerifyException

from vaqf.compiler.dominance import undefined_use
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
    Verify every operation of a module, and that values are used only where they are defined.

    Args:
        module: what to verify.
        after: the pass that made it so, for the message.

    Raises:
        VerifyException: in one line, with the operation and its location.
    """
    blame = "" if after is None else f"invalid IR after {after.name}: "
    if (use := undefined_use(module)) is not None:
        raise VerifyException(f"{blame}{describe(use.user)}: {use.message}")
    try:
        module.verify()
    except VerifyException as error:
        # xDSL names the operation only within a print of the whole module: look for it again.
        culprit = next((op for op in module.walk(region_first=True) if not _verifies(op)), module)
        raise VerifyException(f"{blame}{describe(culprit)}: {in_one_line(str(error))}") from None
