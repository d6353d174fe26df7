"""
The `mlir-opt` of upstream MLIR, where it is installed.

    python -m tests.mlir_opt    # says so where it is not
"""

import shutil
import subprocess
from functools import cache
from pathlib import Path

VERSION = 22
"""The syntax of IRDL, and what it can say, differ from version to version."""

NAMES = (f"mlir-opt-{VERSION}", "mlir-opt", f"/usr/lib/llvm-{VERSION}/bin/mlir-opt")
"""What the program may be called."""

MISSING = (
    f"mlir-opt {VERSION} is not installed (Debian: apt install mlir-{VERSION}-tools): "
    "the tests that need it are skipped"
)
"""Told where there is no such program."""


@cache
def find_mlir_opt() -> str | None:
    """The program, in the right version; None where it is not installed."""
    for path in filter(None, map(shutil.which, NAMES)):
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        if f"LLVM version {VERSION}." in said:
            return path
    return None


def mlir_opt(irdl: Path, input: bytes, *flags: str) -> subprocess.CompletedProcess[bytes]:
    """
    Run `mlir-opt` with dialects that an IRDL file defines.

    Args:
        irdl: the file.
        input: IR as text or bytecode.
        flags: what to do with it.
    """
    program = find_mlir_opt()
    assert program is not None
    return subprocess.run(
        [program, f"--irdl-file={irdl}", *flags], input=input, capture_output=True
    )


if __name__ == "__main__" and find_mlir_opt() is None:
    print(MISSING)
