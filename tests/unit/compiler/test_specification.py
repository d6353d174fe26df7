"""Tests of passes as text."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.specification import parse_options, parse_passes, print_pipeline
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class EveryOptionPass(ModulePass):
    """Has one option of each type."""

    name = "every-option"

    text: str
    count: int = 1
    ratio: float = 0.5
    flag: bool = False
    tile_sizes: tuple[int, ...] = ()
    data: str | None = None

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Do nothing."""


AVAILABLE = {EveryOptionPass.name: lambda: EveryOptionPass}

TEXTS = st.text(st.characters(exclude_characters="\f\v\r", codec="utf-8"))


@given(
    st.lists(
        st.builds(
            EveryOptionPass,
            text=TEXTS,
            count=st.integers(),
            ratio=st.floats(allow_nan=False, allow_infinity=False),
            flag=st.booleans(),
            tile_sizes=st.lists(st.integers(), min_size=1).map(tuple),
            data=st.none() | TEXTS,
        )
    )
)
def test_what_is_printed_reads_back(passes: list[EveryOptionPass]) -> None:
    assert parse_passes(AVAILABLE, print_pipeline(passes)) == tuple(passes)


@pytest.mark.parametrize(
    "path", ["a.npz", "../a b/c.npz", "/tmp/x=1.npz", "it's.npz", 'a"b.npz', "a\\b", "~/ä.npz"]
)
def test_paths_read_back(path: str) -> None:
    text = print_pipeline([EveryOptionPass(path)])
    assert parse_passes(AVAILABLE, text) == (EveryOptionPass(path),)


@pytest.mark.parametrize("path", ["a.npz", "../b/c.npz", "/tmp/x=1.npz", "~/x.npz", "8.npz"])
def test_plain_paths_need_no_quotes(path: str) -> None:
    assert parse_passes(AVAILABLE, f"every-option{{text={path} count=3}}") == (
        EveryOptionPass(path, count=3),
    )


def test_defaults_are_not_printed() -> None:
    assert print_pipeline([EveryOptionPass("a", tile_sizes=(1, 2))]) == (
        "every-option{text=a tile-sizes=1,2}"
    )


def test_options_alone() -> None:
    assert parse_options(EveryOptionPass, "text=a ratio=2.5") == EveryOptionPass("a", ratio=2.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("every-options", "unknown pass 'every-options', did you mean 'every-option'?"),
        ("every-option", "pass 'every-option' needs the option 'text'"),
        ("every-option{txt=a}", "pass 'every-option' has no option 'txt', did you mean 'text'?"),
        (
            "every-option{text=a count=1,2}",
            "pass 'every-option': option 'count' is 1,2, expected int",
        ),
        (
            "every-option{text=a tile-sizes=1.5}",
            "pass 'every-option': option 'tile-sizes' is 1.5, expected tuple[int, ...]",
        ),
        (
            "every-option{text=a",
            "pipeline 'every-option{text=a' is malformed: "
            "malformed pass arguments, expected either a space or `}` here (column 20)",
        ),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_passes(AVAILABLE, text)
    assert str(caught.value) == message


def test_control_characters_cannot_be_written() -> None:
    with pytest.raises(UserError, match="control character"):
        print_pipeline([EveryOptionPass("a\rb")])
