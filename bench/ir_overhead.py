"""
Which part of `vaqf compile` goes into printing and verifying IR.

DeiT-tiny is compiled several times, each time in a process of its own that adds up the time of the
calls that print and verify. The first one warms up. Compare the shares, not the seconds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

ACCEPTED = 15
"""Percent of the time."""

COMMAND = "--command"
"""Flag of the process that compiles: the arguments of `vaqf` follow."""

P = ParamSpec("P")
R = TypeVar("R")


class Stopwatch:
    """Time within a function."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, with its time added up."""

        def timed(*args: P.args, **kwargs: P.kwargs) -> R:
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


def compile_in_this_process(command: Sequence[str]) -> int:
    """Print the seconds of both, and give the exit code."""
    import vaqf.compiler.build
    import vaqf.compiler.compilation
    from vaqf.compiler.cli import main as vaqf_main

    printing, verifying = Stopwatch(), Stopwatch()
    vaqf.compiler.build.print_ir = printing(vaqf.compiler.build.print_ir)
    vaqf.compiler.compilation.verify = verifying(vaqf.compiler.compilation.verify)
    code = vaqf_main(list(command))
    print(json.dumps({"printing": printing.seconds, "verifying": verifying.seconds}))
    return code


def seconds_of(command: Sequence[str]) -> dict[str, float]:
    """The seconds of both, and of all of a process that compiles."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, COMMAND, *command], check=True, stdout=subprocess.PIPE
    )
    total = time.perf_counter() - started
    return {**json.loads(done.stdout), "all of it": total}


def main() -> int:
    """Print the shares; gives the exit code."""
    if sys.argv[1:2] == [COMMAND]:
        return compile_in_this_process(sys.argv[2:])
    import numpy as np

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.models.full_size import write_full_size_model

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--images",
        type=int,
        default=32,
        help="of the calibration; 0 for none, where few of noise stand in (default: 32)",
    )
    parser.add_argument("--rounds", type=int, default=5, help="compilations (default: 5)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = ["compile", str(write_full_size_model("deit_tiny.legacy17", Path(folder)))]
        command += ["-o", f"{folder}/project"]
        if arguments.images:
            shape = (arguments.images, 3, 224, 224)
            images = np.random.default_rng(0).standard_normal(shape, np.float32)
            np.savez(Path(folder) / "images.npz", pixel_values=images)
            command += ["--calibration", f"{folder}/images.npz"]
        found = [seconds_of(command) for _ in range(arguments.rounds + 1)][1:]
    print(f"{'':12} {'seconds':>7} {'%':>6}")
    shares: dict[str, float] = {}
    for name in found[0]:
        shares[name] = median(100 * each[name] / each["all of it"] for each in found)
        print(f"{name:12} {median(each[name] for each in found):7.2f} {shares[name]:6.1f}")
    return int(shares["printing"] + shares["verifying"] > ACCEPTED)


if __name__ == "__main__":
    raise SystemExit(main())
