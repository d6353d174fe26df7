"""Passes of users, from Python files: `--load-pass-plugin`."""

from __future__ import annotations

import argparse
import faulthandler
import inspect
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from xdsl.passes import ModulePass

from vaqf.compiler.errors import Terminated, with_type
from vaqf.dialects.diagnostics import UserError

PLUGIN_FLAG = "--load-pass-plugin"

MODULES = "vaqf_plugin_"
"""How the names of modules begin that are made of files."""


def add_plugin_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the flag; its value is a list of files."""
    parser.add_argument(
        PLUGIN_FLAG,
        dest="plugins",
        metavar="FILE.py",
        action="append",
        default=[],
        help="a Python file whose passes can be run as well; may be given several times",
    )


def with_plugins(
    known: Mapping[str, Callable[[], type[ModulePass]]], files: Sequence[str]
) -> dict[str, Callable[[], type[ModulePass]]]:
    """
    Passes, and those that Python files define: all subclasses of `ModulePass` with a name.

    Args:
        known: the passes that are there already.
        files: run once each, as Python runs a script.

    Raises:
        UserError: when a file cannot be run, defines no pass, or one with a name that is taken.
    """
    passes = dict(known)
    if files and sys.__stderr__ is not None:
        # A pass that ends the process is told with its line.
        faulthandler.enable(sys.__stderr__)
    for file in files:
        found = list(_passes_in(_module(Path(file))))
        if not found:
            raise UserError(
                f"{file}: defines no pass, expected a subclass of xdsl.passes.ModulePass with a "
                "'name' and the method 'apply'"
            )
        for each in found:
            if each.name in passes:
                raise UserError(f"{file}: there is a pass '{each.name}' already")
            passes[each.name] = lambda each=each: each
    return passes


def is_of_plugin(described: type[ModulePass]) -> bool:
    """Whether a pass was defined by a file."""
    return described.__module__.startswith(MODULES)


def said_in_plugin(error: BaseException) -> str:
    """
    What was raised that is no message for users, with the line where it came from a file with
    passes.
    """
    frames = traceback.walk_tb(error.__traceback__)
    lines = [
        f" ({frame.f_code.co_filename}:{line})"
        for frame, line in frames
        if str(frame.f_globals.get("__name__")).startswith(MODULES)
    ]
    return with_type(error) + (lines[-1] if lines else "")


def _passes_in(module: ModuleType) -> list[type[ModulePass]]:
    return [
        each
        for each in vars(module).values()
        if inspect.isclass(each)
        and issubclass(each, ModulePass)
        and each.__module__ == module.__name__
        and not inspect.isabstract(each)
        and "name" in vars(each)
    ]


def _module(file: Path) -> ModuleType:
    """
    A file as a module.

    Raises:
        UserError: when it cannot be run.
    """
    name = f"{MODULES}{file.stem}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UserError(f"{file}: is no Python file, its name should end in .py")
    module = module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules[name] = module
    try:
        with redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except FileNotFoundError:
        raise UserError(f"{file}: no such file") from None
    except Terminated:
        raise
    except (Exception, SystemExit) as error:
        raise UserError(f"{file}: cannot be loaded: {said_in_plugin(error)}") from error
    return module
