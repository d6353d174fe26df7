"""The folder of a project: it appears complete, or not at all."""

import json
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeGuard

from vaqf.dialects.diagnostics import UserError

MANIFEST = "manifest.json"
"""File in every project that says what made it, from what."""

GENERATOR = "generator"
"""Entry of the manifest by which a folder is known to be a project of VAQF."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def is_json_object(value: object) -> TypeGuard[dict[str, Json]]:
    """Whether a value that was read from JSON is an object."""
    return isinstance(value, dict)


def read_manifest(folder: Path) -> dict[str, Json]:
    """
    The manifest of a project.

    Raises:
        UserError: when the folder is not a project of VAQF.
    """
    if not folder.exists():
        raise UserError(f"{folder}: no such folder")
    not_a_project = UserError(f"{folder}: is not a project that vaqf compile wrote")
    try:
        manifest: object = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise not_a_project from None
    if not is_json_object(manifest):
        raise not_a_project
    generator = manifest.get(GENERATOR)
    if not is_json_object(generator) or "vaqf" not in generator:
        raise not_a_project
    return manifest


def expect_replaceable(folder: Path) -> None:
    """
    Check that a project may be written to a folder: it is new, empty, or a project already.

    Raises:
        UserError: when it is anything else.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UserError(f"{folder}: is a file, expected a folder for the project")
    if next(folder.iterdir(), None) is None:
        return
    try:
        read_manifest(folder)
    except UserError:
        raise UserError(
            f"{folder}: exists and is not a project that vaqf compile wrote: "
            "remove it, or give another folder with -o"
        ) from None


@contextmanager
def replacing_folder(folder: Path) -> Generator[Path]:
    """
    Write a folder somewhere else, and put it into its place when all went well.

    Gives:
        An empty folder to write to. It replaces `folder` at the end of the block; when the block
        raises, it is removed, and what was at `folder` is as it was.

    Raises:
        UserError: when something is at `folder` that may not be replaced.
    """
    expect_replaceable(folder)
    folder = folder.resolve()
    parent = next(each for each in folder.parents if each.exists())
    try:
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=parent))
    except OSError as error:
        raise UserError(f"{folder}: cannot be written: {error.strerror}") from error
    try:
        new = scratch / "new"
        new.mkdir()
        yield new
        expect_replaceable(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _exchange(new, folder, scratch / "old")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _exchange(new: Path, folder: Path, old: Path) -> None:
    """Put `new` at `folder`, and what was there at `old`."""
    with suppress(FileNotFoundError):
        folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
