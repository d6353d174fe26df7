"""The walk-through of CONTRIBUTING.md, done to a copy of the source, word for word."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("dialects", "interpreters", "frontends", "passes", "backends", "compiler", "training")
BLOCK = re.compile(r"<!-- (\S+): ([^>]*?) -->\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)


def add_to(path: Path, anchor: str, text: str) -> None:
    """Insert `text` before the one place where `anchor` stands in a file."""
    content = path.read_text()
    assert content.count(anchor) == 1, f"'{anchor}' must stand once in {path.name}"
    path.write_text(content.replace(anchor, text + anchor))


def test_walk_through(tmp_path: Path) -> None:
    package = tmp_path / "vaqf"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, package / folder)
    steps = BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text())
    assert [step[0] for step in steps] == ["append"] * 2 + ["create"] * 4
    for action, place, text in steps:
        if action == "append":
            with (package / place).open("a") as file:
                file.write(text)
        else:
            (package / place).parent.mkdir(parents=True, exist_ok=True)
            (package / place).write_text(text)
    dialect = package / "dialects/vit/__init__.py"
    add_to(dialect, "MeanTokensOp\n", "ReluOp, ")
    add_to(dialect, "        GeluOp,\n", "        ReluOp,\n")
    universe = package / "compiler/universe.py"
    add_to(universe, '    "select-token-early",\n', '    "replace-gelu-by-relu",\n')

    # The copy comes before the installed package on the path of every tool that lit runs.
    tools = tmp_path / "bin"
    tools.mkdir()
    tool = tools / "vaqf-opt"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m vaqf.compiler.opt "$@"\n')
    tool.chmod(0o755)
    environment = os.environ | {
        "PYTHONPATH": str(tmp_path),
        "PATH": os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    for test in sorted((package / "tests").rglob("*.mlir")):
        command = re.findall(r"// RUN: (.*)", test.read_text())
        for line in command:
            shell = line.replace("%s", str(test))
            done = subprocess.run(
                ["bash", "-o", "pipefail", "-c", shell],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{test.name}: {shell}\n{done.stdout}{done.stderr}"
