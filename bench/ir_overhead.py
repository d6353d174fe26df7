"""
Which part of `vaqf compile` goes into printing and verifying IR.

The command compiles DeiT-tiny in a process of its own, and once more in this one, where the time
of the outermost calls that print and verify is added up. Compare the shares, not the seconds.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np
from xdsl.ir import Operation
from xdsl.printer import Printer

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.models.full_size import write_full_size_model
from vaqf.compiler.cli import main as vaqf

ACCEPTED = 15
"""Percent of the time."""


P = ParamSpec("P")
R = TypeVar("R")


class Stopwatch:
    """Time within some functions."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._is_running = False

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, with its time added up; what it calls of its kind is within that."""

        def timed(*args: P.args, **kwargs: P.kwargs) -> R:
            if self._is_running:
                return function(*args, **kwargs)
            self._is_running = True
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - started
                self._is_running = False

        return timed


def main() -> int:
    """Print the shares; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--images",
        type=int,
        default=32,
        help="of the calibration; 0 for none, where few of noise stand in (default: 32)",
    )
    arguments = parser.parse_args()
    printing, verifying = Stopwatch(), Stopwatch()
    Printer.print_op = printing(Printer.print_op)
    Operation.verify = verifying(Operation.verify)
    with tempfile.TemporaryDirectory() as folder:
        model = write_full_size_model("deit_tiny.legacy17", Path(folder))
        command = ["compile", str(model)]
        if arguments.images:
            images = np.random.default_rng(0).standard_normal(
                (arguments.images, 3, 224, 224), np.float32
            )
            np.savez(Path(folder) / "images.npz", pixel_values=images)
            command += ["--calibration", f"{folder}/images.npz"]
        started = time.perf_counter()
        subprocess.run(["vaqf", *command, "-o", f"{folder}/first"], check=True)
        total = time.perf_counter() - started
        if code := vaqf([*command, "-o", f"{folder}/second"]):
            return code
    shares = {"printing": printing.seconds, "verifying": verifying.seconds}
    print(f"{'':12} {'seconds':>7} {'%':>6}")
    for name, seconds in {**shares, "all of it": total}.items():
        print(f"{name:12} {seconds:7.2f} {100 * seconds / total:6.1f}")
    return int(100 * sum(shares.values()) > ACCEPTED * total)


if __name__ == "__main__":
    raise SystemExit(main())
