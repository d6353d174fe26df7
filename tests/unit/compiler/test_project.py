"""Tests of folders that appear complete or not at all."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vaqf.compiler.project import (
    GENERATOR,
    MANIFEST,
    replacing_folder,
)
from vaqf.dialects.diagnostics import UserError


def write_project(folder: Path, content: str) -> None:
    with replacing_folder(folder) as new:
        (new / "src").mkdir()
        (new / "src" / "top.cpp").write_text(content)
        (new / MANIFEST).write_text(json.dumps({GENERATOR: {"vaqf": "0"}}))


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_new_folder_with_its_parents(tmp_path: Path) -> None:
    write_project(tmp_path / "a" / "b", "1")
    assert (tmp_path / "a" / "b" / "src" / "top.cpp").read_text() == "1"
    assert names_in(tmp_path) == ["a"]
    assert names_in(tmp_path / "a") == ["b"]


def test_project_is_replaced(tmp_path: Path) -> None:
    write_project(tmp_path / "p", "1")
    (tmp_path / "p" / "stale").touch()
    write_project(tmp_path / "p", "2")
    assert names_in(tmp_path / "p") == [MANIFEST, "src"]
    assert (tmp_path / "p" / "src" / "top.cpp").read_text() == "2"
    assert names_in(tmp_path) == ["p"]


def test_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    write_project(tmp_path / "p", "1")
    assert names_in(tmp_path / "p") == [MANIFEST, "src"]


@pytest.mark.parametrize("manifest", [None, "", "[]", "{}", '{"generator": {"other": "1"}}'])
def test_foreign_folder_is_refused(tmp_path: Path, manifest: str | None) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "thesis.tex").write_text("dear")
    if manifest is not None:
        (folder / MANIFEST).write_text(manifest)
    with pytest.raises(UserError, match="is not a project that vaqf compile wrote"):
        write_project(folder, "1")
    assert (folder / "thesis.tex").read_text() == "dear"
    assert names_in(tmp_path) == ["p"]


def test_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("dear")
    with pytest.raises(UserError, match="is a file, expected a folder"):
        write_project(tmp_path / "p", "1")
    with pytest.raises(UserError, match="cannot be written: Not a directory"):
        write_project(tmp_path / "p" / "q", "1")
    assert (tmp_path / "p").read_text() == "dear"


def test_failure_leaves_what_was_there(tmp_path: Path) -> None:
    write_project(tmp_path / "p", "1")
    for folder in (tmp_path / "p", tmp_path / "q", tmp_path / "r" / "s"):
        with pytest.raises(RuntimeError), replacing_folder(folder) as new:
            (new / "half").touch()
            raise RuntimeError
    assert names_in(tmp_path) == ["p"]
    assert names_in(tmp_path / "p") == [MANIFEST, "src"]


WRITES_FOR_EVER = """
import signal, sys, time
from pathlib import Path
from vaqf.compiler.errors import run_tool
from vaqf.compiler.project import replacing_folder

def work():
    with replacing_folder(Path(sys.argv[1])) as new:
        (new / "half").touch()
        print("writing", flush=True)
        time.sleep(600)

# What a shell runs in the background ignores Ctrl-C, and so do the tests of that shell.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(run_tool("test", work))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_leave_what_was_there(tmp_path: Path, number: signal.Signals) -> None:
    write_project(tmp_path / "p", "1")
    for folder in (tmp_path / "p", tmp_path / "q"):
        command = [sys.executable, "-c", WRITES_FOR_EVER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"writing\n"
            process.send_signal(number)
            process.communicate()
        assert process.returncode == 128 + number
    assert names_in(tmp_path) == ["p"]
    assert names_in(tmp_path / "p") == [MANIFEST, "src"]


def test_sudden_death_leaves_no_project(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITES_FOR_EVER, str(tmp_path / "p")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.kill()
    assert not (tmp_path / "p").exists()
