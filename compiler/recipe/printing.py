"""A recipe as text that reads as the same recipe."""

import re

from vaqf.compiler.recipe.tree import BoardPart, Numbers, Part, Pattern, Recipe, Rule

_BARE = re.compile(r"[A-Za-z0-9_*][A-Za-z0-9_*-]*")


def _print_numbers(numbers: Numbers) -> str:
    return (
        ",".join(
            str(first) if first == last else f"{first}-{last}" for first, last in numbers.ranges
        )
        or "*"
    )


def _print_name(name: str) -> str:
    return name if _BARE.fullmatch(name) and name != "board" else f'"{name}"'


def print_pattern(pattern: Pattern) -> str:
    """Names of layers: `blocks[0-5].mlp.fc1`."""
    text = ""
    previous: Part | None = None
    for part in pattern.parts:
        match part:
            case str():
                text += f".{_print_name(part)}"
            case Numbers() if isinstance(previous, str):
                text += f"[{_print_numbers(part)}]"
            case Numbers():
                text += f".{{{_print_numbers(part)}}}"
        previous = part
    return text.removeprefix(".")


def print_rule(rule: Rule) -> str:
    """A rule: `blocks[0-5].mlp.*, head: w1a6`."""
    patterns = ", ".join(map(print_pattern, rule.patterns))
    weight = "" if rule.weight_bits is None else f"w{rule.weight_bits}"
    activation = "" if rule.activation_bits is None else f"a{rule.activation_bits}"
    return f"{patterns}: {weight}{activation}"


def _print_board(board: BoardPart) -> str:
    limits = [f"{name} {percent}%" for name, percent in board.budgets]
    if board.clock_mhz is not None:
        limits.append(f"clock {board.clock_mhz}MHz")
    return f"board {board.name} {{ {'; '.join(limits)} }}"


def print_recipe(recipe: Recipe) -> str:
    """All of a recipe in one line: rules, then the board."""
    statements = list(map(print_rule, recipe.rules))
    if recipe.board is not None:
        statements.append(_print_board(recipe.board))
    return "; ".join(statements)
