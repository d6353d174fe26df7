"""Passes of users: `--load-pass-plugin`."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vaqf.compiler.opt import main as vaqf_opt

MODULE = "func.func @forward() {\n  func.return\n}\n"

PLUGIN = """
from dataclasses import dataclass
from xdsl.dialects.builtin import UnitAttr
from xdsl.passes import ModulePass

@dataclass(frozen=True)
class MarkPass(ModulePass):
    name = "mark"
    label: str = "marked"

    def apply(self, ctx, op):
        op.attributes[self.label] = UnitAttr()
"""


@pytest.fixture
def module(tmp_path: Path) -> str:
    """A file with IR."""
    file = tmp_path / "module.mlir"
    file.write_text(MODULE, encoding="utf-8")
    return str(file)


def plugin(folder: Path, text: str) -> str:
    """A file with passes."""
    file = folder / "passes.py"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_pass_of_a_file(module: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--load-pass-plugin", plugin(tmp_path, PLUGIN)]
    assert vaqf_opt([module, *flags, "-p", 'mark{label="seen"},cse']) == 0
    assert "attributes {seen}" in capsys.readouterr().out
    assert vaqf_opt([module, "-p", "mark"]) == 2
    assert "unknown pass 'mark'" in capsys.readouterr().err


def test_a_pass_that_crashes_is_named_and_reproduced(
    module: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crash = PLUGIN.replace("op.attributes[self.label] = UnitAttr()", "1 / 0")
    flags, failed = ["--load-pass-plugin", plugin(tmp_path, crash)], tmp_path / "failed.mlir"
    reproducer = f"--mlir-pass-pipeline-crash-reproducer={failed}"
    assert vaqf_opt([module, *flags, "-p", "cse,mark,dce", reproducer]) == 2
    *_, told, error = capsys.readouterr().err.splitlines()
    assert error.startswith("vaqf-opt: error: mark: ZeroDivisionError: division by zero (")
    assert re.search(r"passes\.py:\d+\)$", error)
    name, again = told.split(": vaqf-opt ")
    assert name == f"wrote {failed}"
    assert vaqf_opt(shlex.split(again)) == 2
    assert capsys.readouterr().err.splitlines()[-1] == error


def test_a_pass_that_ends_the_process_leaves_a_reproducer(module: str, tmp_path: Path) -> None:
    text = PLUGIN.replace("op.attributes[self.label] = UnitAttr()", "import os; os.abort()")
    failed = tmp_path / "failed.mlir"
    command = ["-p", "cse,mark", f"--mlir-pass-pipeline-crash-reproducer={failed}"]
    tool = [sys.executable, "-m", "vaqf.compiler.opt", module]
    tool += ["--load-pass-plugin", plugin(tmp_path, text)]
    done = subprocess.run([*tool, *command], capture_output=True, check=False)
    assert done.returncode == -signal.SIGABRT
    assert failed.read_text().startswith("// configuration: --passes=mark")
    assert b"passes.py" in done.stderr


def test_a_run_that_does_not_fail_keeps_what_is_there(module: str, tmp_path: Path) -> None:
    before = tmp_path / "before.mlir"
    before.write_text("of another run")
    assert vaqf_opt([module, "-p", "cse", f"--mlir-pass-pipeline-crash-reproducer={before}"]) == 0
    assert before.read_text() == "of another run"


def test_what_a_pass_prints_is_no_part_of_the_result(
    module: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PLUGIN.replace("op.attributes[self.label] = UnitAttr()", "print('hello')")
    assert vaqf_opt([module, "--load-pass-plugin", plugin(tmp_path, text), "-p", "mark"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("builtin.module") and told.err == "hello\n"


def test_a_pass_that_wants_to_end_the_process(
    module: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PLUGIN.replace("op.attributes[self.label] = UnitAttr()", "raise SystemExit(0)")
    assert vaqf_opt([module, "--load-pass-plugin", plugin(tmp_path, text), "-p", "mark"]) == 2
    assert "error: mark: SystemExit: 0 (" in capsys.readouterr().err
    file = plugin(tmp_path, "print('loaded')\nraise SystemExit(0)\n")
    assert vaqf_opt([module, "--load-pass-plugin", file]) == 2
    told = capsys.readouterr()
    assert "passes.py: cannot be loaded: SystemExit: 0 (" in told.err
    assert told.out == "" and "loaded" in told.err


def test_passes_of_files_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--load-pass-plugin", plugin(tmp_path, PLUGIN), "--list-passes"]
    assert vaqf_opt(flags) == 0
    listed = "passes of --load-pass-plugin:\nmark\n    label: str (default marked)\n"
    assert listed in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "passes.py: defines no pass, expected a subclass of xdsl.passes.ModulePass"),
        (PLUGIN.replace('"mark"', '"cse"'), "passes.py: there is a pass 'cse' already"),
        ("1 / 0\n", "passes.py: cannot be loaded: ZeroDivisionError: division by zero"),
        ("def\n", "passes.py: cannot be loaded: SyntaxError: "),
    ],
)
def test_files_without_a_pass(
    text: str, message: str, module: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vaqf_opt([module, "--load-pass-plugin", plugin(tmp_path, text)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_files_that_are_not_there(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert vaqf_opt([module, "--load-pass-plugin", "missing.py"]) == 2
    assert "missing.py: no such file" in capsys.readouterr().err
    assert vaqf_opt([module, "--load-pass-plugin", module]) == 2
    assert "is no Python file, its name should end in .py" in capsys.readouterr().err
