"""C++ that is compiled for the machine at hand when it is first needed, and kept."""

import ctypes
import os
import subprocess
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path


def cache_folder() -> Path:
    """Where libraries are kept, of which each can be made again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vaqf"


def native_library(source: Path, flags: Sequence[str]) -> ctypes.CDLL | None:
    """
    The functions of a source file.

    The compiler is `$CXX`, or `g++`. A library is kept under a name that tells its source, the
    flags, the compiler, and the instructions of the machine: none of them is used with others.

    Args:
        source: C++.
        flags: With which it is compiled, beside those that make a library.

    Returns:
        None where there is no compiler that takes them, or nowhere to keep the library.
    """
    compiler = [os.environ.get("CXX") or "g++", *flags]
    try:
        macros = _output([*compiler, "-dM", "-E", "-x", "c++", os.devnull])
        key = sha256(b"\0".join([macros, " ".join(compiler).encode(), source.read_bytes()]))
        library = cache_folder() / f"{source.stem}-{key.hexdigest()[:16]}.so"
        if not library.exists():
            library.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=library.parent) as folder:
                made = Path(folder) / library.name
                _output([*compiler, "-shared", "-fPIC", str(source), "-o", str(made)])
                # Complete or not at all, whoever else makes it now.
                made.replace(library)
        return ctypes.CDLL(str(library))
    except (OSError, RuntimeError, subprocess.CalledProcessError):
        return None


def _output(command: Sequence[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout
