"""What can go wrong with a pass on its own: it gives up, or leaves IR that does not verify."""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import DiagnosticException, VerifyException

from vaqf.compiler.errors import Terminated, said_by, with_type
from vaqf.compiler.plugins import said_in_plugin
from vaqf.compiler.verification import verify


class Criterion(StrEnum):
    """What counts as broken."""

    CRASHES = "crashes"
    """The pass raises."""

    DOES_NOT_VERIFY = "does-not-verify"
    """The IR after the pass is invalid."""

    DIFFERS = "differs"
    """What the IR after the pass computes is not what is expected."""


def kinds_of(message: str) -> frozenset[str]:
    """
    What messages of one kind have in common: all but numbers and addresses.

    A report of several lines has one kind for each reason that it gives; these are indented, and
    come before what is told besides.
    """
    _, *rest = message.strip().split("\n")
    reasons = list(takewhile(lambda line: line.startswith(" "), rest))
    told = [each for each in reasons if not each.startswith("   ")] or [message.strip()]
    return frozenset(re.sub(r"0x[0-9a-f]+|\d+(\.\d+)?(e[-+]?\d+)?", "#", each) for each in told)


def is_like(message: str, other: str) -> bool:
    """Whether a message is of the kind of another; a report gives no more reasons than that."""
    return kinds_of(message) <= kinds_of(other)


@dataclass(frozen=True)
class Failure:
    """How a pass failed."""

    criterion: Criterion
    """Which of the two."""

    message: str
    """What was said. A report has several lines."""

    def is_like(self, other: Failure) -> bool:
        """Whether this is a failure of the kind of another."""
        return self.criterion is other.criterion and is_like(self.message, other.message)


def told(error: Exception) -> str:
    """The message of an error; with its type, when it is not meant for users."""
    if isinstance(error, DiagnosticException):
        return str(error).strip()
    return with_type(error)


def failure_of(running: ModulePass, context: Context, module: ModuleOp) -> Failure | None:
    """
    Run a pass, and verify what it leaves.

    Args:
        running: the pass.
        context: what it knows.
        module: what it changes, also where it fails.

    Returns:
        How it failed; None when it did not.
    """
    try:
        with redirect_stdout(sys.stderr):
            running.apply(context, module)
    except DiagnosticException as error:
        return Failure(Criterion.CRASHES, said_by(running.name, error))
    except Terminated:
        raise
    except (Exception, SystemExit) as error:
        return Failure(Criterion.CRASHES, f"{running.name}: {said_in_plugin(error)}")
    try:
        verify(module, after=running)
    except VerifyException as error:
        return Failure(Criterion.DOES_NOT_VERIFY, told(error))
    except Exception as error:  # a verifier that expects other things to be right
        message = f"invalid IR after {running.name}: {told(error)}"
        return Failure(Criterion.DOES_NOT_VERIFY, message)
    return None
