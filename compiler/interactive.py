"""The interactive interface of xDSL, with our dialects and passes (extra `vaqf[gui]`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.universe import Universe

from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.plugins import with_plugins
from vaqf.compiler.specification import parse_passes
from vaqf.dialects.diagnostics import UserError

if TYPE_CHECKING:
    from xdsl.interactive.app import InputApp


def interface(file: Path, passes: str, plugins: Sequence[str]) -> InputApp:
    """
    The interface for a file.

    Args:
        file: IR, which is read once to tell what is wrong with it.
        passes: a pipeline that is chosen at the start.
        plugins: Python files with passes of the user.

    Raises:
        UserError: when Textual is not installed, a file cannot be read, or a pass is unknown.
        ParseError: when the file is no IR.
    """
    if find_spec("textual") is None:
        raise UserError("the interface needs Textual: pip install 'vaqf[gui]'")
    from xdsl.interactive.app import InputApp

    try:
        text = file.read_bytes()
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
    parse_ir(full_context(), text, str(file))
    universe = Universe.get_multiverse()
    available = with_plugins(universe.all_passes, plugins)
    return InputApp(
        tuple(universe.all_dialects.items()),
        tuple((name, load()) for name, load in sorted(available.items())),
        str(file),
        text.decode(),
        parse_passes(available, passes),
    )
