"""The IR before a pass that failed, with the pass itself, as a file that `vaqf-opt` runs again."""

from __future__ import annotations

import re

from xdsl.passes import ModulePass

from vaqf.compiler.specification import print_specification
from vaqf.dialects.diagnostics import UserError

HEADER = "// configuration: --passes="
"""How the first line begins; the passes follow."""


def reproducer(failed: ModulePass, text: str) -> str:
    """
    A file that fails as a pass did.

    Args:
        failed: the pass.
        text: of the IR before it.
    """
    return f"{HEADER}{print_specification(failed)}\n{text}"


def passes_of(name: str, text: str) -> str:
    """
    The passes that a reproducer runs.

    Raises:
        UserError: when it is none.
    """
    first = text.partition("\n")[0]
    found = re.fullmatch(f"{re.escape(HEADER)}(.*)", first)
    if found is None:
        raise UserError(
            f"{name}: is no reproducer: its first line is {first[:60]!r}, expected "
            f"'{HEADER}...' as --mlir-pass-pipeline-crash-reproducer writes it"
        )
    return found[1]
