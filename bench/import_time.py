"""
What importing a whole model costs, beside loading it with onnx.

Every call runs in a fresh process, the two of a file one after the other, again and again. Times
are those of the call alone, without the start of Python; the memory is the peak of the process.
Compare the ratios of one run, not times of different machines.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from onnx import ModelProto
from onnx.external_data_helper import (
    convert_model_to_external_data,
    write_external_data_tensors,
)

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.models.full_size import write_full_size_model

CALLS: Mapping[str, tuple[str, str]] = {
    "onnx.load": ("import onnx", "onnx.load(path)"),
    "import_model": (
        "from pathlib import Path; from vaqf.frontends.onnx import import_model",
        "import_model(Path(path))",
    ),
}
"""What is compared: what a process imports first, and the call that is measured."""

PROGRAM = """
import resource, sys, time
{imports}
path = sys.argv[1]
wall, processor = time.perf_counter(), time.process_time()
{call}
print(time.perf_counter() - wall, time.process_time() - processor)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Cost:
    """One call, made once, or the ratio of two calls."""

    seconds: float
    """Wall time."""

    processor_seconds: float
    """User and system time."""

    mebibytes: float
    """Peak of the resident memory of the process."""

    def over(self, other: "Cost") -> "Cost":
        """How many times the other one this is."""
        return Cost(
            self.seconds / other.seconds,
            self.processor_seconds / other.processor_seconds,
            self.mebibytes / other.mebibytes,
        )

    @staticmethod
    def median_of(costs: "list[Cost]") -> "Cost":
        """The middle of several costs, number by number."""
        return Cost(
            median(each.seconds for each in costs),
            median(each.processor_seconds for each in costs),
            median(each.mebibytes for each in costs),
        )

    def __str__(self) -> str:
        return f"{self.seconds:8.2f} {self.processor_seconds:8.2f} {self.mebibytes:10.2f}"


def measure(call: str, model: Path) -> Cost:
    """Make a call in a process of its own."""
    imports, statement = CALLS[call]
    program = PROGRAM.format(imports=imports, call=statement)
    command = [sys.executable, "-c", program, str(model)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Cost(*map(float, done.stdout.split()))


def write_models(folder: Path) -> None:
    """Write DeiT-base with made-up weights, in one file, and beside its weights."""
    alone = write_full_size_model("deit_base.legacy17", folder)
    model = ModelProto.FromString(alone.read_bytes())
    convert_model_to_external_data(model, location="external.onnx.data")
    write_external_data_tensors(model, str(folder))
    (folder / "external.onnx").write_bytes(model.SerializeToString())


def models(folder: Path) -> dict[str, Path]:
    """Models to measure, which another process writes: its memory would count for its children."""
    writer = get_context("spawn").Process(target=write_models, args=(folder,))
    writer.start()
    writer.join()
    return {
        "one file": folder / "deit_base.legacy17.onnx",
        "external data": folder / "external.onnx",
    }


def report(label: str, model: Path, repeat: int) -> None:
    """Measure all calls on one model, and print their costs and ratios."""
    costs: dict[str, list[Cost]] = {call: [] for call in CALLS}
    for call in CALLS:
        measure(call, model)  # from now on the file is in memory
    for _ in range(repeat):
        for call, runs in costs.items():
            runs.append(measure(call, model))
    print(f"\n{label}: {model.name}, median of {repeat}")
    print(f"{'':16} {'wall s':>8} {'CPU s':>8} {'peak MiB':>10}")
    for call, runs in costs.items():
        print(f"{call:16} {Cost.median_of(runs)}")
    loaded, imported = costs.values()
    ratios = [ours.over(theirs) for ours, theirs in zip(imported, loaded, strict=True)]
    print(f"{'ratio':16} {Cost.median_of(ratios)}")


def main() -> None:
    """Print a table for each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", type=Path, help="an ONNX file (default: DeiT-base with made-up weights)"
    )
    parser.add_argument("--repeat", type=int, default=7, help="runs of each call (default: 7)")
    arguments = parser.parse_args()
    given: Path | None = arguments.model
    with tempfile.TemporaryDirectory() as folder:
        measured = models(Path(folder)) if given is None else {"given": given}
        for label, model in measured.items():
            report(label, model, arguments.repeat)


if __name__ == "__main__":
    main()
