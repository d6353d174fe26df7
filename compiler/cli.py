"""`vaqf`: from a model to an accelerator, and running either."""

import argparse
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import NoReturn, Protocol, cast

from vaqf.compiler.errors import run_tool
from vaqf.compiler.hints import did_you_mean, flag_meant
from vaqf.dialects.diagnostics import UserError

COMMANDS = {
    "check": "tell whether a model can be compiled, and all that stands in the way",
    "train": "train a model to binary weights and low-bit activations, from float on",
    "search": "find the widest activations that reach a frame rate on a board",
    "compile": "write an HLS project for a model, or the IR of any level",
    "run": "execute an ONNX model, or IR of any level",
    "compare": "compare two levels, models or projects layer by layer",
    "bisect": "find the pass that breaks a model or IR, and write the IR that shows it",
    "eval": "tell how often a model, IR or a project is right on labelled images",
    "csim": "build a project's C++ simulation and run it",
    "explain": "tell everything about one layer of a project",
    "gui": "open IR in the interactive interface of xDSL, with our dialects and passes",
    "boards": "list the boards that accelerators are made for",
}
"""Each subcommand, defined in `vaqf.compiler.commands`, and what it does."""

START = """\
start here:
  vaqf check model.onnx
  vaqf compile model.onnx --calibration images.npz -o build/model
  vaqf csim build/model --input images.npz

`vaqf COMMAND --help` explains a command, with examples. `vaqf-opt` runs single passes.
"""


class Command(Protocol):
    """What the module of a subcommand defines. It imports what is slow when it runs."""

    EXAMPLES: str
    """Shown at the end of the help."""

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        ...

    @staticmethod
    def run(arguments: argparse.Namespace) -> int:
        """Do it; gives the exit code."""
        ...


class OneLineParser(argparse.ArgumentParser):
    """Mistakes in the arguments are reported as all others are."""

    def error(self, message: str) -> NoReturn:
        unknown = re.match("argument COMMAND: invalid choice: '(.*?)'", message)
        hint = did_you_mean(unknown[1], COMMANDS) if unknown else ""
        raise UserError(f"{message}{hint or f' (see {self.prog} --help)'}")


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    raw = argparse.RawDescriptionHelpFormatter
    tool = OneLineParser(
        prog="vaqf",
        description="From a Vision Transformer in ONNX to an FPGA accelerator in HLS C++.",
        epilog=START,
        formatter_class=raw,
    )
    versions = f"vaqf {version('vaqf')}, xdsl {version('xdsl')}"
    tool.add_argument("--version", action="version", version=versions)
    commands = tool.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, meaning in COMMANDS.items():
        command = cast(Command, import_module(f"vaqf.compiler.commands.{name}"))
        one = commands.add_parser(
            name,
            help=meaning,
            description=f"{meaning[0].upper()}{meaning[1:]}.",
            epilog=command.EXAMPLES,
            formatter_class=raw,
        )
        command.add_arguments(one)
        one.set_defaults(command=command.run, help=one.format_help)
    return tool


def read(argv: Sequence[str] | None) -> argparse.Namespace:
    """
    The arguments of a command.

    Raises:
        UserError: for those that it does not have, with the nearest name.
    """
    arguments, unknown = parser().parse_known_args(argv)
    if unknown:
        hint = flag_meant(unknown[0], arguments.help())
        raise UserError(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """
    Entry point of `vaqf`; gives the exit code. The arguments are those of the process if None.
    """

    def work() -> int:
        arguments = read(argv)
        return arguments.command(arguments)

    return run_tool("vaqf", work)


if __name__ == "__main__":
    sys.exit(main())
