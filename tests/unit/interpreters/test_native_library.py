"""C++ that is compiled when it is needed."""

import shutil
from pathlib import Path

import pytest

import vaqf.interpreters.compiled.native_library
from vaqf.interpreters.compiled.kernels import FLAGS
from vaqf.interpreters.compiled.native_library import cache_folder, native_library

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CXX", raising=False)
    return tmp_path / "cache" / "vaqf"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """One function."""
    file = tmp_path / "answer.cpp"
    file.write_text('extern "C" int answer() { return VALUE; }')
    return file


def test_a_library_is_made_once(source: Path, cache: Path) -> None:
    assert cache_folder() == cache
    library = native_library(source, ["-DVALUE=42"])
    assert library is not None and library.answer() == 42
    (file,) = cache.iterdir()
    before = file.stat().st_mtime_ns
    assert native_library(source, ["-DVALUE=42"]) is not None
    assert [each.stat().st_mtime_ns for each in cache.iterdir()] == [before]


def test_other_flags_and_another_source_are_another_library(source: Path, cache: Path) -> None:
    for flags, answer in ((["-DVALUE=1"], 1), (["-DVALUE=2"], 2)):
        library = native_library(source, flags)
        assert library is not None and library.answer() == answer
    source.write_text('extern "C" int answer() { return 3 * VALUE; }')
    library = native_library(source, ["-DVALUE=2"])
    assert library is not None and library.answer() == 6
    assert len(list(cache.iterdir())) == 3


def test_without_a_compiler_there_is_none(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert native_library(source, ["-DVALUE=42"]) is None


def test_what_does_not_compile_leaves_nothing(source: Path, cache: Path) -> None:
    assert native_library(source, []) is None
    assert list(cache.iterdir()) == []


def test_without_a_place_for_it_it_is_made_again(source: Path, cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file, where the folder would be")
    library = native_library(source, ["-DVALUE=42"])
    assert library is not None and library.answer() == 42


@pytest.mark.parametrize("content", [b"", b"cut off"])
def test_a_damaged_library_is_made_again(
    content: bytes, source: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert native_library(source, ["-DVALUE=42"]) is not None
    (file,) = cache.iterdir()
    # In another folder, since this one is loaded.
    other = tmp_path / "other" / "vaqf" / file.name
    other.parent.mkdir(parents=True)
    other.write_bytes(content or file.read_bytes()[:4096])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    library = native_library(source, ["-DVALUE=42"])
    assert library is not None and library.answer() == 42
    assert other.read_bytes() == file.read_bytes()


def test_a_compiler_has_options(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "env g++ -DVALUE=5 -fvisibility=hidden -fsanitize=address")
    library = native_library(source, FLAGS)
    assert library is not None and library.answer() == 5


def test_a_compiler_that_does_not_end_is_given_up(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one would end, with a library, if somebody waited for it."""
    monkeypatch.setattr(vaqf.interpreters.compiled.native_library, "LONGEST", 0.1)
    slow = tmp_path / "slow"
    slow.write_text('#!/bin/sh\nsleep 2\nexec g++ -DVALUE=42 "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setenv("CXX", str(slow))
    assert native_library(source, []) is None
    monkeypatch.setattr(vaqf.interpreters.compiled.native_library, "LONGEST", 60)
    assert native_library(source, []) is not None
