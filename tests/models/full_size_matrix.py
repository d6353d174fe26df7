"""
Take every family through every writer at full size: 12 blocks, as wide as DeiT-tiny.

    python -m tests.models.full_size_matrix [--again] [--writers NAME,...] [FAMILY ...]

Run by hand; it takes hours, and goes on where it stopped. Every model is exported to a folder that
holds one at a time, compared with ONNX Runtime, and compiled to a project. It needs what
`make_fixtures.py` needs. What it measures goes to `families/full_size.json`, and from there to
`docs/supported-models.md`.
"""

# The libraries of models are only partly typed:
# pyright: reportUnknownMemberType=false

import argparse
import json
import time
import warnings
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.models.checks import TOLERANCE, relative_errors, run_onnx_runtime, write_project
from tests.models.export.families import FAMILIES, Family
from tests.models.export.writers import write_all, writers_of
from tests.models.fixtures import Fixture
from tests.models.outcomes import FULL_SIZE, PAGE, FullSize, page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="measure what was measured before")
    parser.add_argument("--writers", help="only these, separated by commas")
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    arguments = parser.parse_args()
    wanted: list[str] = arguments.families
    only: str | None = arguments.writers
    warnings.simplefilter("ignore")
    for family in FAMILIES:
        if wanted and family.name not in wanted:
            continue
        names = {
            each.name
            for each in writers_of(family)
            if (only is None or each.name in only.split(","))
            and (arguments.again or not _is_measured(Fixture(family.name, each.name)))
        }
        _measure_family(family, names)
    PAGE.write_text(page())
    print(page())


def _measured() -> dict[str, FullSize]:
    return json.loads(FULL_SIZE.read_text()) if FULL_SIZE.exists() else {}


def _is_measured(fixture: Fixture) -> bool:
    found = _measured().get(fixture.name)
    return found is not None and not found["failure"]


def _measure_family(family: Family, writers: set[str]) -> None:
    """Measure the models that some writers make of a family."""
    chosen = tuple(each for each in writers_of(family) if each.name in writers)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        started = time.perf_counter()
        for writer, file in write_all(family, family.tiny, chosen, lambda _: path):
            exported = time.perf_counter()
            fixture = Fixture(family.name, writer.name)
            found = _measure(family, file)
            _record(fixture, found)
            print(
                f"{fixture.name}: {found['failure'] or found['error']} "
                f"(written in {exported - started:.0f} s, "
                f"measured in {time.perf_counter() - exported:.0f} s)",
                flush=True,
            )
            for each in Path(folder).iterdir():
                each.unlink()
            started = time.perf_counter()


def _measure(family: Family, file: Path) -> FullSize:
    """Compare a model with ONNX Runtime, and compile it."""
    images = np.random.default_rng(7).standard_normal((1, *family.tiny.image_shape), np.float32)
    expected = run_onnx_runtime(file, images)
    error = None
    try:
        with redirect_stderr(StringIO()), TemporaryDirectory() as folder:
            onnx_error, error = relative_errors(file, images, expected, family.output)
            write_project(file, Path(folder) / "project")
    # A survey goes on whatever is wrong with one model.
    except Exception as failure:
        return FullSize(error=error, failure=f"{type(failure).__name__}: {failure}")
    is_wrong = max(onnx_error, error) > TOLERANCE
    return FullSize(error=error, failure=f"an error of {error:.1e}" if is_wrong else "")


def _record(fixture: Fixture, found: FullSize) -> None:
    FULL_SIZE.write_text(json.dumps(_measured() | {fixture.name: found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
