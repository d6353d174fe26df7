"""`vaqf gui`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EXAMPLES = """\
examples:
  vaqf gui build/deit/ir/01-vit.mlir
  vaqf gui build/deit/ir/02-quantized.mlir -p lower-vit-to-accel,widen-activations

It is the interface of xDSL, with our dialects and passes: IR on the left, what the chosen passes
make of it on the right. It needs: pip install 'vaqf[gui]'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from vaqf.compiler.plugins import add_plugin_argument

    add = parser.add_argument
    add("file", metavar="FILE.mlir", help="IR of any level")
    add("-p", "--passes", metavar="PASSES", default="", help="passes that are chosen at the start")
    add_plugin_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the interface until the user leaves it; gives the exit code."""
    from vaqf.compiler.interactive import interface
    from vaqf.dialects.diagnostics import UserError

    shown = interface(Path(arguments.file), arguments.passes, arguments.plugins)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError("the interface needs a terminal: for one pass after the other, vaqf-opt")
    shown.run()
    return 0
