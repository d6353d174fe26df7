"""`vaqf boards`."""

from __future__ import annotations

import argparse
import json
import sys

EXAMPLES = """\
examples:
  every board, and what it has:
    vaqf boards
  all of it, for a program, or to see what a file of your own needs:
    vaqf boards --json
  check a file of yours:
    vaqf boards mine.toml

A board is a TOML file. Copy one of compiler/boards, change it, and give its path to --board.
"""

HEADER = ("board", "LUT", "FF", "DSP", "kind", "BRAM36", "URAM", "ports", "GB/s", "MHz")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("boards", nargs="*", metavar="BOARD", help="names or .toml files (default: all of ours)")
    add("--json", action="store_true", help="print everything that is known of them, as JSON")


def run(arguments: argparse.Namespace) -> int:
    """List the boards; gives the exit code."""
    from dataclasses import asdict

    from vaqf.compiler.board import Board, board_names

    names: list[str] = arguments.boards
    boards = [Board.of(name) for name in names or board_names()]
    if arguments.json:
        sys.stdout.write(json.dumps([asdict(board) for board in boards], indent=2) + "\n")
        return 0
    rows = [
        HEADER,
        *(
            (
                board.name,
                f"{board.resources.lut:,}",
                f"{board.resources.ff:,}",
                f"{board.resources.dsp:,}",
                board.dsp_kind,
                f"{board.resources.bram36:,}",
                f"{board.resources.uram:,}",
                f"{board.memory.ports} x {board.memory.port_bits}",
                f"{board.memory.gigabytes_per_second:g}",
                str(board.clock_mhz),
            )
            for board in boards
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *numbers in rows:
        cells = [name.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)]
        sys.stdout.write("  ".join(cells) + "\n")
    return 0
