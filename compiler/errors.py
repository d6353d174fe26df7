"""How the tools end: with an exit code, and a clear message when something went wrong."""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import NoReturn

from xdsl.utils.exceptions import ArgSpecParseError, DiagnosticException, ParseError
from xdsl.utils.lexer import Span

from vaqf.dialects.diagnostics import ReportError

USER_ERROR = 2
"""Exit code when what the user gave is wrong: a file, an option, a model."""

INTERNAL_ERROR = 70
"""Exit code when VAQF is wrong (`EX_SOFTWARE` of BSD's `sysexits.h`)."""

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of the signal."""

TERMINATED = 143
"""Exit code when another process ends this one: 128 and the number of the signal."""

BROKEN_PIPE = 141
"""Exit code when the reader of the output went away: 128 and the number of the signal."""

DEBUG_VARIABLE = "VAQF_DEBUG"
"""Environment variable: when set and not empty, errors come with a traceback."""


def in_one_line(text: str) -> str:
    """Fold a message of several lines into one."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def said_by(name: str, error: Exception) -> str:
    """
    The message of an error, which begins with the name of the pass that gave up; in one line, but
    for a report, which is told as it is.
    """
    if isinstance(error, ReportError):
        return str(error)
    message = in_one_line(str(error))
    is_named = message.startswith((f"{name}: ", f"invalid IR after {name}: "))
    return message if is_named else f"{name}: {message}"


def with_type(error: BaseException) -> str:
    """In one line the type of an error that is not meant for users, and its message."""
    return in_one_line(f"{type(error).__name__}: {error}").removesuffix(":")


def located(span: Span[str] | Span[bytes], message: str) -> str:
    """
    What is wrong with a text, where, and the line itself with a caret below.

    Returns:
        `file:line:column: message`, the line, the caret.
    """
    _, *source = span.print_with_context().rstrip("\n").split("\n")
    return "\n".join([f"{span.get_location()}: {in_one_line(message)}", *source[:2]])


def describe_error(error: BaseException) -> str | None:
    """What to tell the user about an error; None when it is not a mistake of the user."""
    match error:
        case ParseError():
            return located(error.span, error.msg)
        case ArgSpecParseError():
            return in_one_line(str(error))
        case ReportError():
            return str(error)
        case DiagnosticException():
            return in_one_line(str(error))
        case OSError(strerror=str(reason), filename=str(path)):
            return f"{path}: {reason}"
        case OSError(strerror=str(reason)):
            return reason
        case _:
            return None


class Terminated(SystemExit):
    """Another process ends this one, which is nothing that a pass could have done."""


def _terminate(*_: object) -> NoReturn:
    """End as after an error, so that nothing half-written stays behind."""
    raise Terminated(TERMINATED)


_interrupted = threading.Event()


def _interrupt(*_: object) -> NoReturn:
    _interrupted.set()
    raise KeyboardInterrupt


def expect_no_interrupt() -> None:
    """
    End where Ctrl-C was pressed but its exception got lost, as it does in some imports of torch.

    Raises:
        KeyboardInterrupt: then.
    """
    if _interrupted.is_set():
        raise KeyboardInterrupt


def run_tool(tool: str, work: Callable[[], int]) -> int:
    """
    Run a tool, and turn whatever it raises into an exit code and a line on the standard error.

    Args:
        tool: name of the command, as it begins its messages.
        work: the tool; it returns its exit code.

    Returns:
        Exit code of the process.
    """
    signal.signal(signal.SIGTERM, _terminate)
    _interrupted.clear()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        code = work()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Python flushes the standard output once more at exit: let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        print(f"{tool}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except (Exception, ArgSpecParseError) as error:
        debug = bool(os.environ.get(DEBUG_VARIABLE))
        if debug:
            traceback.print_exception(error)
        message = describe_error(error)
        if message is not None:
            print(f"{tool}: error: {message}", file=sys.stderr)
            return USER_ERROR
        hint = "" if debug else f"; set {DEBUG_VARIABLE}=1 to see where"
        notes = "".join(f", {each}" for each in getattr(error, "__notes__", ()))
        summary = with_type(error) + notes
        print(f"{tool}: internal error, please report it: {summary}{hint}", file=sys.stderr)
        return INTERNAL_ERROR
