"""Recipes: what they say, what is printed reads as the same, and what is said of a wrong one."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.compiler.board import Board
from vaqf.compiler.recipe import (
    BoardPart,
    Numbers,
    Pattern,
    Recipe,
    RecipeError,
    Rule,
    limited_board,
    parse_recipe,
    parse_rules,
    print_pattern,
    print_recipe,
    read_recipe,
)
from vaqf.dialects.diagnostics import UserError

EXAMPLE = """
# Half of the encoder is narrow.
blocks[0-5].mlp.*: w1a6;
blocks[*].attn.*: w1a8;  # a comment ends with its line
patch_embed, head: w8a8;
board zcu102 { lut 70%; clock 200MHz }
"""

NAMES = st.text(
    st.characters(exclude_characters='."\n', codec="utf-8", exclude_categories=("Cs", "Cc")),
    min_size=1,
)
RANGES = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda pair: (min(pair), max(pair)))
NUMBERS = st.lists(RANGES, max_size=3).map(lambda ranges: Numbers(tuple(ranges)))
PATTERNS = st.lists(NAMES | st.sampled_from(("blocks", "fc*", "board", "0")) | NUMBERS, min_size=1)
RULES = st.builds(
    Rule,
    st.lists(PATTERNS.map(lambda parts: Pattern(tuple(parts))), min_size=1, max_size=3).map(tuple),
    st.sampled_from((1, 8, 16)),
    st.none() | st.integers(1, 16),
) | st.builds(
    Rule,
    st.just((Pattern(("head",)),)),
    st.none(),
    st.integers(1, 16),
)
BUDGETS = st.dictionaries(
    st.sampled_from(("lut", "ff", "dsp", "bram", "uram")), st.integers(1, 100)
).map(lambda budgets: tuple(budgets.items()))
BOARDS = st.builds(
    BoardPart,
    st.sampled_from(("zcu102", "mine.toml", "./a/b-c.toml")),
    BUDGETS,
    st.none() | st.integers(1, 1000),
)
RECIPES = st.builds(Recipe, st.lists(RULES, max_size=4).map(tuple), st.none() | BOARDS)


def error_of(text: str) -> list[str]:
    """What is said of a recipe, line by line."""
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, "recipe")
    return str(caught.value).split("\n")


def test_example() -> None:
    mlp = Pattern(("blocks", Numbers(((0, 5),)), "mlp", "*"))
    attention = Pattern(("blocks", Numbers(), "attn", "*"))
    assert parse_recipe(EXAMPLE, "example") == Recipe(
        (
            Rule((mlp,), 1, 6),
            Rule((attention,), 1, 8),
            Rule((Pattern(("patch_embed",)), Pattern(("head",))), 8, 8),
        ),
        BoardPart("zcu102", (("lut", 70),), 200),
    )


def test_documentation() -> None:
    """What it shows can be read."""
    page = (Path(__file__).parents[3] / "docs" / "recipes.md").read_text()
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    recipe = parse_recipe(shown, "recipes.md")
    assert len(recipe.rules) == 5 and recipe.board == BoardPart("zcu102", (("lut", 70),), 200)
    on_command_lines = re.findall(r"--recipe '(.*?)'", page)
    patterns = re.findall(r"^\| `([^`]*)` \| (?!width|both)", page, re.MULTILINE)
    assert len(on_command_lines) == 1 and len(patterns) == 7
    for text in (*on_command_lines, *(f"{pattern}: a8" for pattern in patterns)):
        parse_recipe(text, "recipes.md")


def test_names_as_reports_write_them() -> None:
    """And a name in quotes, with points or not, is what it says."""
    (rule,) = parse_rules('blocks.{0-2,4}.mlp.fc1, "node MatMul.3": a6', "rules")
    assert rule.patterns == (
        Pattern(("blocks", Numbers(((0, 2), (4, 4))), "mlp", "fc1")),
        Pattern(("node MatMul", "3")),
    )
    assert [print_pattern(each) for each in rule.patterns] == [
        "blocks[0-2,4].mlp.fc1",
        '"node MatMul".3',
    ]


def test_nothing() -> None:
    assert parse_recipe(" # nothing\n", "recipe") == Recipe()
    assert print_recipe(Recipe()) == ""


@given(RECIPES)
def test_printed_recipes_read_as_the_same(recipe: Recipe) -> None:
    text = print_recipe(recipe)
    assert "\n" not in text
    assert parse_recipe(text, "printed") == recipe
    assert parse_recipe(text.replace("; ", " ;\n  "), "printed") == recipe


@pytest.mark.parametrize(
    ("text", "message", "line", "caret"),
    [
        ("blocks[0-5.mlp: w1", "1:11: expected ',' or ']', got '.mlp'", 0, 10),
        ("a: w3", "1:4: weight bits are 3, accepted are 1, 8 and 16", 0, 3),
        ("a: w8;\n  b: a17", "2:6: activation bits are 17, accepted range is [1, 16]", 1, 5),
        ("a: b4", "1:4: precision is 'b4', expected one such as w1a8, w8, a6", 0, 3),
        ("a w1", "1:3: expected ':', ',', '.' or '[', got 'w1'", 0, 2),
        ("a: w1 b: w8", "1:7: expected ';' or the end, got 'b'", 0, 6),
        ("a:", "1:3: expected a precision such as w1a8, got the end of the recipe", 0, 2),
        ("a: w1; ?", "1:8: expected '{' or the name of a layer, got '?'", 0, 7),
        ("a[5-2]: w1", "1:3: the range 5-2 is empty", 0, 2),
        ('"a..b": w1', '1:1: a part of the name "a..b" is empty', 0, 0),
        ("board", "1:6: expected the name of a board, got the end of the recipe", 0, 5),
        ("board b { lut 70; }", "1:17: expected % or MHz, got ';'", 0, 16),
        ("board b { lut 70MHz }", "1:17: the unit of lut is MHz, expected %", 0, 16),
        ("board b { clock 3GHz }", "1:18: the unit of the clock is GHz, expected MHz", 0, 17),
        ("board b { clock 0MHz }", "1:17: the clock is 0 MHz, accepted range is [1, 1000]", 0, 16),
        ("board b { lut 101% }", "1:15: lut is 101%, accepted range is [1, 100]", 0, 14),
        ("board b { luts 7% }", "1:11: unknown resource 'luts', did you mean 'lut'?", 0, 10),
        (
            "board b { xyz 7% }",
            "1:11: unknown resource 'xyz', known are lut, ff, dsp, bram, uram, clock",
            0,
            10,
        ),
        ("board b { lut 7%; lut 8% }", "1:19: a second limit of lut, expected one", 0, 18),
        (
            "board b { clock 7MHz; clock 8MHz }",
            "1:23: a second limit of clock, expected one",
            0,
            22,
        ),
        ("board a {} board b {}", "1:12: a second board, expected one", 0, 11),
    ],
)
def test_mistakes(text: str, message: str, line: int, caret: int) -> None:
    """The place, the reason, the line and a caret."""
    first, source, below = error_of(text)
    assert first == f"recipe:{message}"
    assert source == text.split("\n")[line]
    assert below.index("^") == caret


def test_rules_only() -> None:
    with pytest.raises(RecipeError, match="1:14: expected rules for layers, not a board"):
        parse_rules("a: w1; board zcu102 {}", "rules")


def test_board_with_limits() -> None:
    part = parse_recipe("board zcu102 { lut 55%; bram 80%; clock 150MHz }", "recipe").board
    assert part is not None
    board, plain = limited_board(part), Board.of("zcu102")
    assert (board.clock_mhz, board.usable.lut, board.usable.bram36) == (150, 0.55, 0.8)
    assert board.usable.dsp == plain.usable.dsp and board.resources == plain.resources
    assert limited_board(BoardPart("zcu102")) == plain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("board zcu012 {}", r"recipe:1:7: unknown board 'zcu012', did you mean 'zcu10\d'\?"),
        ("board zcu102 { uram 5% }", "recipe:1:7: board 'zcu102' has no uram"),
    ],
)
def test_wrong_boards(text: str, message: str) -> None:
    part = parse_recipe(text, "recipe").board
    assert part is not None
    with pytest.raises(RecipeError, match=message):
        limited_board(part)


def test_recipe_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.recipe"
    file.write_text(EXAMPLE)
    assert read_recipe(f"@{file}") == read_recipe(EXAMPLE)
    file.write_text("head: w2")
    with pytest.raises(RecipeError, match=r"mine\.recipe:1:7: weight bits are 2"):
        read_recipe(f"@{file}")
    with pytest.raises(UserError, match=r"none\.recipe: no such file"):
        read_recipe(f"@{tmp_path / 'none.recipe'}")
    file.write_bytes(b"\xff")
    with pytest.raises(UserError, match="cannot be read: it is not text in UTF-8"):
        read_recipe(f"@{file}")
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        read_recipe(f"@{tmp_path}")
