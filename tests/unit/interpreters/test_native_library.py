"""C++ that is compiled when it is needed."""

import shutil
from pathlib import Path

import pytest

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


def test_without_a_place_for_it_there_is_none(source: Path, cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file, where the folder would be")
    assert native_library(source, ["-DVALUE=42"]) is None


def test_a_file_that_is_no_library_is_none(
    source: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert native_library(source, ["-DVALUE=42"]) is not None
    (file,) = cache.iterdir()
    other = tmp_path / "other" / "vaqf" / file.name
    other.parent.mkdir(parents=True)
    other.write_text("cut off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    assert native_library(source, ["-DVALUE=42"]) is None
