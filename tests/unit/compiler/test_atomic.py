"""Tests of files that appear whole or not at all."""

from pathlib import Path

import pytest

from vaqf.compiler.atomic import write_atomically


def test_new_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "f"
    write_atomically(file, "ä")
    assert file.read_bytes() == "ä".encode()
    file.chmod(0o640)
    write_atomically(file, b"2")
    assert file.read_bytes() == b"2"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["f"]


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    write_atomically(tmp_path / "link", "1")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "1"


def test_special_files_are_written_to() -> None:
    write_atomically(Path("/dev/null"), "1")
    assert Path("/dev/null").is_char_device()


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write_atomically(tmp_path / "no" / "f", "1")
    assert caught.value.filename == str(tmp_path / "no" / "f")
