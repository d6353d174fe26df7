"""What a recipe says of a board, put to a board."""

from dataclasses import replace

from vaqf.compiler.board import Board
from vaqf.compiler.recipe.errors import RecipeError
from vaqf.compiler.recipe.tree import BoardPart
from vaqf.dialects.diagnostics import UserError


def limited_board(part: BoardPart) -> Board:
    """
    The board that a recipe names, with its clock and budgets in the place of its own.

    Raises:
        RecipeError: when there is no such board, or it lacks a resource that is limited.
    """
    try:
        board = Board.of(part.name)
    except UserError as error:
        raise RecipeError(str(error), part.span) from None
    shares = {name: percent / 100 for name, percent in part.budgets}
    if "uram" in shares and not board.resources.uram:
        raise RecipeError(f"board '{part.name}' has no uram", part.span)
    usable = replace(
        board.usable,
        lut=shares.get("lut", board.usable.lut),
        ff=shares.get("ff", board.usable.ff),
        dsp=shares.get("dsp", board.usable.dsp),
        bram36=shares.get("bram", board.usable.bram36),
        uram=shares.get("uram", board.usable.uram),
    )
    return replace(board, clock_mhz=part.clock_mhz or board.clock_mhz, usable=usable)
