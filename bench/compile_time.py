"""
How long `vaqf compile` takes on a whole model, beside loading it with onnx and ONNX Runtime.

Each command runs in a process of its own; wall time and peak memory are those of that process and
its children. Compare the ratios of one run, not times of different machines.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.models.full_size import write_full_size_model


@dataclass(frozen=True)
class Measurement:
    """One command, run once."""

    seconds: float
    """Wall time."""

    processor_seconds: float
    """User and system time of the process and its children."""

    mebibytes: float
    """Largest resident set of any of its processes."""


NOT_REACHED = 3
"""Exit code of a search that ends well, with the answer that a rate is not reached."""


def measure(command: list[str]) -> Measurement:
    """
    Run a command and measure it.

    Raises:
        SystemExit: when it fails, with what it wrote to stderr.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - started
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        message = "" if done.returncode in (0, NOT_REACHED) else done.stderr
        fields = (seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
        os.write(write, ("\n".join([*map(repr, fields), message])).encode()[:60000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        seconds, processor, memory, *message = pipe.read().split("\n")
    os.waitpid(child, 0)
    if any(message):
        raise SystemExit(f"{' '.join(command)} failed:\n" + "\n".join(message))
    return Measurement(float(seconds), float(processor), float(memory))


def main() -> None:
    """Print a table of all commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", type=Path, help="an ONNX file (default: DeiT-base with made-up weights)"
    )
    parser.add_argument("--repeat", type=int, default=3, help="runs of each command (default: 3)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        given: Path | None = arguments.model
        model = given or write_full_size_model("deit_base.legacy17", Path(folder))
        project = str(Path(folder) / "project")
        compiler = str(Path(sys.executable).parent / "vaqf")
        session = (
            f"import onnxruntime; onnxruntime.InferenceSession({str(model)!r}, "
            "providers=['CPUExecutionProvider'])"
        )
        commands = {
            "onnx.load": [sys.executable, "-c", f"import onnx; onnx.load({str(model)!r})"],
            "ONNX Runtime session": [sys.executable, "-c", session],
            "vaqf compile --stop-after vit": [
                compiler, "compile", str(model), "--stop-after", "vit", "-o", project + ".mlir"
            ],
            "vaqf search": [compiler, "search", str(model), "--fps", "24"],
            "vaqf search, no such rate": [compiler, "search", str(model), "--fps", "10000"],
            "vaqf compile": [compiler, "compile", str(model), "-o", project],
        }  # fmt: skip
        repeat: int = arguments.repeat
        print(f"{model.name}, best of {repeat}")
        print(f"{'command':32} {'wall s':>8} {'CPU s':>8} {'peak MiB':>9} {'x onnx.load':>12}")
        reference: float | None = None
        for label, command in commands.items():
            runs = [measure(command) for _ in range(repeat)]
            best = min(runs, key=lambda run: run.seconds)
            reference = reference or best.seconds
            print(
                f"{label:32} {best.seconds:8.2f} {best.processor_seconds:8.2f} "
                f"{max(run.mebibytes for run in runs):9.0f} {best.seconds / reference:12.1f}"
            )


if __name__ == "__main__":
    main()
