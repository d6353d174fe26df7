"""C++ that is compiled for the machine at hand when it is first needed, and kept."""

import ctypes
import os
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

LONGEST = 30
"""Seconds after which a compiler is given up."""


def cache_folder() -> Path:
    """Where libraries are kept, of which each can be made again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vaqf"


def native_library(source: Path, flags: Sequence[str]) -> ctypes.CDLL | None:
    """
    The functions of a source file.

    The compiler is `$CXX`, or `g++`. A library is kept in `$XDG_CACHE_HOME/vaqf`, or
    `~/.cache/vaqf`, under a name that tells its source, the flags, the compiler, and the
    instructions of the machine, so that none of them is used with others; and what is in it, so
    that a damaged one is not used at all.

    Args:
        source: C++.
        flags: With which it is compiled, beside those that make a library.

    Returns:
        None where there is no compiler that takes them.
    """
    try:
        command = [*shlex.split(os.environ.get("CXX") or "g++"), *flags]
        macros = _output([*command, "-dM", "-E", "-x", "c++", os.devnull])
        parts = [macros, shlex.join(command).encode(), source.read_bytes()]
        stem = f"{source.stem}-{_digest(b''.join(parts))}"
        with suppress(OSError, RuntimeError):
            return _kept(cache_folder(), stem, source, command)
        # There is nowhere to keep it, or it cannot be loaded from there.
        with tempfile.TemporaryDirectory() as folder:
            return ctypes.CDLL(str(_compiled(source, command, Path(folder))))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _kept(folder: Path, stem: str, source: Path, command: Sequence[str]) -> ctypes.CDLL:
    """The library in a folder; it is made where it is not there, or damaged."""
    for library in folder.glob(f"{stem}-*.so"):
        if library.is_file() and library.stem == f"{stem}-{_digest(library.read_bytes())}":
            return ctypes.CDLL(str(library))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as made:
        library = _compiled(source, command, Path(made))
        name = f"{stem}-{_digest(library.read_bytes())}.so"
        # Complete or not at all, whoever else makes it now.
        return ctypes.CDLL(str(library.replace(folder / name)))


def _compiled(source: Path, command: Sequence[str], folder: Path) -> Path:
    library = folder / "library.so"
    _output([*command, "-shared", "-fPIC", str(source), "-o", str(library)])
    return library


def _output(command: Sequence[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True, timeout=LONGEST).stdout


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
