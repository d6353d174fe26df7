"""Reading recipes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from xdsl.utils.lexer import Input, Span

from vaqf.compiler.hints import did_you_mean
from vaqf.compiler.recipe.errors import RecipeError
from vaqf.compiler.recipe.tree import (
    RESOURCES,
    BoardPart,
    Numbers,
    Part,
    Pattern,
    Recipe,
    Rule,
)
from vaqf.dialects.diagnostics import UserError

WEIGHT_BITS = (1, 8, 16)
"""Accepted widths of weights."""

ACTIVATION_BITS = range(1, 17)
"""Accepted widths of activations."""

CLOCK_MHZ = range(1, 1001)
"""Accepted clocks."""

TERMINALS = {
    "ANY": "'*'",
    "BOARD": "the name of a board",
    "COLON": "':'",
    "COMMA": "','",
    "DOT": "'.'",
    "LBRACE": "'{'",
    "LSQB": "'['",
    "MINUSSIGN": "'-'",
    "MINUS": "'-'",
    "NAME": "the name of a layer",
    "NUMBER": "a number",
    "PRECISION": "a precision such as w1a8",
    "RBRACE": "'}'",
    "RESOURCE": f"{', '.join(RESOURCES)} or clock",
    "RSQB": "']'",
    "SEMICOLON": "';'",
    "UNIT": "% or MHz",
    "$END": "the end",
}
"""What messages call what may come next; what is not listed goes without saying."""


@cache
def _grammar() -> Lark:
    text = (files("vaqf.compiler.recipe") / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, start="recipe", parser="lalr", propagate_positions=True)


def parse_recipe(text: str, source: str) -> Recipe:
    """
    Read a recipe.

    Args:
        text: the recipe.
        source: what messages call it.

    Raises:
        RecipeError: with line, column and what is wrong there.
    """
    reader = _Reader(Input(text, source))
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        reader.refuse_syntax(error)
    return reader.recipe(tree)


def parse_rules(text: str, source: str) -> tuple[Rule, ...]:
    """
    Read the rules of a recipe that has nothing else.

    Raises:
        RecipeError: as well, when it says something of a board.
    """
    recipe = parse_recipe(text, source)
    if recipe.board is not None:
        raise RecipeError("expected rules for layers, not a board", recipe.board.span)
    return recipe.rules


def read_recipe(argument: str) -> Recipe:
    """
    The recipe that an argument of a command gives: its text, or `@` and the name of a file.

    Raises:
        UserError: when the file cannot be read.
        RecipeError: as `parse_recipe`.
    """
    if not argument.startswith("@"):
        return parse_recipe(argument, "recipe")
    path = Path(argument[1:])
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise UserError(f"{path}: cannot be read: {reason}") from None
    return parse_recipe(text, str(path))


class _Reader:
    """From the tree of the grammar to that of `tree.py`; what the grammar cannot say is checked."""

    def __init__(self, input: Input[str]):
        self.input = input

    def span(self, item: Token | Tree[Token]) -> Span[str]:
        """Where something was read."""
        place = item if isinstance(item, Token) else item.meta
        start, end = place.start_pos, place.end_pos
        assert start is not None and end is not None
        return Span(start, end, self.input)

    def refuse(self, item: Token | Tree[Token], message: str) -> NoReturn:
        """
        Give up because of something that was read.

        Raises:
            RecipeError: always.
        """
        raise RecipeError(message, self.span(item))

    def refuse_syntax(self, error: UnexpectedInput) -> NoReturn:
        """
        Give up where the grammar does not go on.

        Raises:
            RecipeError: always.
        """
        match error:
            case UnexpectedToken(token=token, accepts=accepts, expected=expected):
                names = accepts or expected
                at_end = token.type == "$END"
                found = "the end of the recipe" if at_end else f"'{token}'"
            case UnexpectedCharacters(char=char, allowed=allowed):
                names, at_end, found = allowed or (), False, f"'{char}'"
            case _:
                names, at_end, found = (), True, "the end of the recipe"
        start = len(self.input.content.rstrip()) if at_end else error.pos_in_stream or 0
        wanted = [text for name, text in TERMINALS.items() if name in names]
        expected_text = " or ".join(filter(None, [", ".join(wanted[:-1]), *wanted[-1:]]))
        message = f"expected {expected_text}, got {found}" if wanted else f"unexpected {found}"
        raise RecipeError(message, Span(start, start + 1, self.input)) from None

    def recipe(self, tree: Tree[Token]) -> Recipe:
        """All of it."""
        rules: list[Rule] = []
        board: BoardPart | None = None
        for statement in _trees(tree):
            if statement.data == "rule":
                rules.append(self.rule(statement))
            elif board is None:
                board = self.board(statement)
            else:
                self.refuse(statement, "a second board, expected one")
        return Recipe(tuple(rules), board)

    def rule(self, tree: Tree[Token]) -> Rule:
        """Patterns and a precision."""
        patterns = tuple(map(self.pattern, _trees(tree)))
        (precision,) = _tokens(tree)
        match = re.fullmatch(r"(?:w(?P<weight>\d+))?(?:a(?P<activation>\d+))?", precision)
        if match is None:
            self.refuse(precision, f"precision is '{precision}', expected one such as w1a8, w8, a6")
        weight, activation = (None if bits is None else int(bits) for bits in match.groups())
        if weight is not None and weight not in WEIGHT_BITS:
            self.refuse(precision, f"weight bits are {weight}, accepted are 1, 8 and 16")
        if activation is not None and activation not in ACTIVATION_BITS:
            self.refuse(precision, f"activation bits are {activation}, accepted range is [1, 16]")
        return Rule(patterns, weight, activation)

    def pattern(self, tree: Tree[Token]) -> Pattern:
        """The parts of a name."""
        parts = tuple(part for each in _trees(tree) for part in self.parts(each))
        return Pattern(parts, self.span(tree))

    def parts(self, tree: Tree[Token]) -> Iterator[Part]:
        """What stands between two points: a name, numbers, or both. Names in quotes have points."""
        for token in _tokens(tree):
            for name in token.strip('"').split("."):
                if not name:
                    self.refuse(token, f"a part of the name {token} is empty")
                yield name
        yield from map(self.numbers, _trees(tree))

    def numbers(self, tree: Tree[Token]) -> Numbers:
        """Runs of numbers, or any."""
        ranges: list[tuple[int, int]] = []
        for run in _trees(tree):
            first, *rest = map(int, _tokens(run))
            last = rest[0] if rest else first
            if last < first:
                self.refuse(run, f"the range {first}-{last} is empty")
            ranges.append((first, last))
        return Numbers(tuple(ranges))

    def board(self, tree: Tree[Token]) -> BoardPart:
        """A board, its budgets and its clock."""
        (name,) = _tokens(tree)
        budgets: dict[str, int] = {}
        clock: int | None = None
        for limit in _trees(tree):
            resource, number, unit = _tokens(limit)
            if resource in budgets or (resource == "clock" and clock is not None):
                self.refuse(resource, f"a second limit of {resource}, expected one")
            if resource == "clock":
                if unit != "MHz":
                    self.refuse(unit, f"the unit of the clock is {unit}, expected MHz")
                clock = int(number)
                if clock not in CLOCK_MHZ:
                    self.refuse(number, f"the clock is {clock} MHz, accepted range is [1, 1000]")
                continue
            if resource not in RESOURCES:
                known = (*RESOURCES, "clock")
                hint = did_you_mean(resource, known) or f", known are {', '.join(known)}"
                self.refuse(resource, f"unknown resource '{resource}'{hint}")
            if unit != "%":
                self.refuse(unit, f"the unit of {resource} is {unit}, expected %")
            if not 1 <= int(number) <= 100:
                self.refuse(number, f"{resource} is {number}%, accepted range is [1, 100]")
            budgets[str(resource)] = int(number)
        return BoardPart(str(name), tuple(budgets.items()), clock, self.span(name))


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [each for each in tree.children if isinstance(each, Tree)]


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [each for each in tree.children if isinstance(each, Token) and each.type != "ANY"]
