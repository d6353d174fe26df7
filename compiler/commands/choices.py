"""What several commands let the user choose."""

from __future__ import annotations

import argparse
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from vaqf.compiler.board import DEFAULT_BOARD, Board

if TYPE_CHECKING:
    from vaqf.compiler.recipe import Recipe

DEFAULT_WEIGHT_BITS = 1


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments for what is chosen before a search; None where nothing is given."""
    add = parser.add_argument
    add(
        "--board",
        metavar="BOARD",
        help="name of a board, see vaqf boards, or a .toml file of yours (default: zcu102)",
    )
    add("--clock-mhz", type=int, metavar="MHZ", help="another clock than that of the board")
    add(
        "--weight-bits",
        type=int,
        metavar="BITS",
        help="width of encoder weights, 1, 8 or 16 (default: 1)",
    )
    add(
        "--frames",
        type=int,
        choices=(1, 2),
        help="frames that are computed at once: with 2, one is in linear layers while the other is "
        "not; more frames a second, each of them later",
    )
    add(
        "--recipe",
        metavar="RECIPE",
        help="widths of single layers, and limits of a board; @FILE reads them from a file",
    )


def recipe_of(text: str | None) -> Recipe:
    """
    The recipe that the user gives.

    Raises:
        RecipeError: with line, column and what is wrong there.
    """
    from vaqf.compiler.recipe import Recipe, read_recipe

    return Recipe() if text is None else read_recipe(text)


def board_of(name: str | None, recipe: Recipe, clock_mhz: int | None = None) -> Board:
    """
    The board that the user names, or the recipe does.

    Args:
        name: as the user names it.
        recipe: can name one as well, with limits.
        clock_mhz: another clock than that of the board.

    Raises:
        UserError: when name and recipe differ, when it is unknown, or for a clock out of range.
    """
    from vaqf.compiler.recipe import limited_board
    from vaqf.compiler.recipe.parsing import CLOCK_MHZ
    from vaqf.dialects.diagnostics import UserError

    if recipe.board is None:
        board = Board.of(name or DEFAULT_BOARD)
    elif name not in (None, recipe.board.name):
        raise UserError(f"--board is '{name}', and the recipe is for '{recipe.board.name}'")
    else:
        board = limited_board(recipe.board)
    if clock_mhz is None:
        return board
    if clock_mhz not in CLOCK_MHZ:
        raise UserError(f"the clock is {clock_mhz} MHz, accepted range is [1, 1000]")
    return replace(board, clock_mhz=clock_mhz)


def expect_rate(fps: float) -> None:
    """
    Check a rate.

    Raises:
        UserError: when it is no positive number.
    """
    from vaqf.dialects.diagnostics import UserError

    if not (isfinite(fps) and fps > 0):
        raise UserError(f"--fps is {fps:g}, it must be positive")
