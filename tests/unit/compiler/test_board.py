"""Boards: those that we ship, files of users, and what is said of a wrong one."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from vaqf.compiler.board import Board, board_names, parse_board
from vaqf.compiler.cli import main
from vaqf.dialects.diagnostics import UserError

ZCU102 = (files("vaqf.compiler") / "boards" / "zcu102.toml").read_text()


def error_of(text: str) -> str:
    """What is said of a description."""
    with pytest.raises(UserError) as caught:
        parse_board(text, "mine", "mine.toml")
    return str(caught.value)


def test_our_boards() -> None:
    assert board_names() == [
        "kv260",
        "u250",
        "u280",
        "ultra96_v2",
        "vck190",
        "zc706",
        "zcu102",
        "zcu104",
    ]
    for name in board_names():
        assert Board.of(name).name == name


def test_zcu102() -> None:
    board = Board.of("zcu102")
    assert (board.part, board.clock_mhz) == ("xczu9eg-ffvb1156-2-e", 200)
    assert (board.resources.lut, board.resources.dsp) == (274080, 2520)
    assert (board.resources.bram36, board.memory.port_bits) == (912, 128)


def test_board_of_a_user(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(ZCU102.replace("clock_mhz = 200", "clock_mhz = 250"))
    board = Board.of(str(file))
    assert (board.name, board.clock_mhz) == ("mine", 250)


def test_unknown_board() -> None:
    with pytest.raises(UserError, match=r"unknown board 'zcu012', did you mean 'zcu10\d'\?"):
        Board.of("zcu012")


def test_missing_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    with pytest.raises(UserError, match=r"mine\.toml: no such file"):
        Board.of(str(file))


def test_binary_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"cannot be read: it is not text in UTF-8"):
        Board.of(str(file))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[usable]", "[usable", "is not TOML: "),
        ("clock_mhz", "clock", "unknown field 'clock', did you mean 'clock_mhz'?"),
        ("clock_mhz = 200\n", "", "field 'clock_mhz' is missing"),
        ("uram = 0\n", "", "field 'resources.uram' is missing"),
        ("uram = 0\n", "bram18 = 0\n", "unknown field 'resources.bram18'"),
        ("= 200", "= 0", "'clock_mhz' is 0, expected a whole number, 1 to 1000"),
        ("= 200", "= true", "'clock_mhz' is True, expected a whole number, 1 to 1000"),
        ("274_080", "'many'", "'resources.lut' is 'many', expected a whole number, at least 1"),
        ("DSP48E2", "DSP48", "'dsp_kind' is 'DSP48', expected one of DSP48E1, DSP48E2, DSP58"),
        ("ff = 0.7", "ff = 70", "'usable.ff' is 70, expected a share, above 0 and at most 1"),
        ("= 12.8", "= inf", "'memory.gigabytes_per_second' is inf, expected a number above 0"),
        ("port_bits = 128", "port_bits = 100", "is 100, expected a power of two, 32 to 1024"),
        ("[memory]", "[other]", "unknown field 'other'"),
    ],
)
def test_wrong_file(old: str, new: str, message: str) -> None:
    assert old in ZCU102
    text = error_of(ZCU102.replace(old, new, 1))
    assert text.startswith("mine.toml: ") and message in text


def test_group_that_is_no_table() -> None:
    head, _, _ = ZCU102.partition("[resources]")
    text = f"{head}resources = 1\nusable = 1\nmemory = 1\n"
    assert error_of(text) == "mine.toml: 'resources' is 1, expected a table"


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["board", "LUT", "FF"]
    assert [row.split()[0] for row in rows] == board_names()
    assert "274,080" in rows[board_names().index("zcu102")]


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "u280", "--json"]) == 0
    (board,) = json.loads(capsys.readouterr().out)
    assert board["name"] == "u280" and board["resources"]["uram"] == 960
