"""The commands of `docs/debugging.md` find the bugs that it is about."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "debugging.md"
BLOCKS = re.compile(r"^```sh\n(.*?)^```\n```text\n(.*?)^```", re.DOTALL | re.MULTILINE)


def chapters() -> list[tuple[str, list[tuple[str, str]]]]:
    """The chapters that have commands: title, and commands with what they should print."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for part in re.split(r"^#+ ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        blocks = BLOCKS.findall(part)
        assert len(blocks) == part.count("```sh"), "each command has an output"
        if blocks:
            found.append((part.partition("\n")[0], blocks))
    return found


def expect_lines(wanted: str, output: str) -> None:
    """Each line is there, in this order; `...` is anything."""
    lines, position = output.splitlines(), 0
    for line in wanted.splitlines():
        pattern = ".*".join(map(re.escape, line.split("...")))
        for number in range(position, len(lines)):
            if re.fullmatch(pattern, lines[number].rstrip()):
                position = number + 1
                break
        else:
            pytest.fail(f"'{line}' is not in\n{output}")


def test_the_page_is_true(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    tools = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join([tools, os.environ["PATH"]])}
    titles: list[str] = []
    for title, blocks in chapters():
        titles.append(title)
        for commands, wanted in blocks:
            done = subprocess.run(
                ["bash", "-c", commands],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            expect_lines(wanted, done.stdout)
    assert titles[1:] == ["A wrong scale", "A layer that saturates", "A wrong edge of a tile"]


def test_other_outputs_are_told() -> None:
    expect_lines("a ... c\nd", "x\na b c\ny\nd\n")
    for wanted in ("d\na", "a", "a ...d"):
        with pytest.raises(pytest.fail.Exception, match="is not in"):
            expect_lines(wanted, "a b c\nd\n")
