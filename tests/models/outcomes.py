"""What is known to work: the outcome of every check on every fixture, and the table of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

from tests.models.fixtures import FOLDER, Fixture, fixtures, manifest

ROOT = Path(__file__).parents[2]

OUTCOMES = FOLDER / "outcomes.json"
"""By fixture, what the checks found; `survey.py` writes it, and the tests compare with it."""

FULL_SIZE = FOLDER / "full_size.json"
"""What `full_size_matrix.py` measured; it is run by hand."""

PAGE = ROOT / "docs" / "supported-models.md"


class Check(StrEnum):
    """What is checked of a fixture, in order."""

    LEVELS = "levels"
    """It imports, and the `onnx` and `vit` levels are what ONNX Runtime computes."""
    AGREEMENT = "agreement"
    """Its `vit` level is that of the same model from another writer."""
    PROJECT = "project"
    """It compiles to C++, which computes every bit of what the IR does."""


class FullSize(TypedDict):
    """What was measured on one model of 12 blocks."""

    error: float | None
    """Of the `vit` level, relative to the largest output of ONNX Runtime."""
    failure: str
    """Why it is refused, or what is wrong; empty when all is well."""


@cache
def outcomes() -> Mapping[str, str]:
    """By fixture, the first check that fails; empty when none does."""
    return cast(dict[str, str], json.loads(OUTCOMES.read_text()))


def failing_check(fixture: Fixture) -> Check | None:
    """The check that a fixture is known to fail; None when it passes all."""
    failing = outcomes()[fixture.name]
    return Check(failing) if failing else None


_SIGNS = {
    "": "yes",
    Check.LEVELS: "**no**",
    Check.AGREEMENT: "other IR",
    Check.PROJECT: "vit level",
}


def page() -> str:
    """`docs/supported-models.md`."""
    small = {each.name: _SIGNS[outcomes()[each.name]] for each in fixtures()}
    passed = sum(each == "yes" for each in small.values())
    text = _INTRODUCTION.format(passed=passed, count=len(small)) + _table(small)
    if FULL_SIZE.exists():
        measured = cast(dict[str, FullSize], json.loads(FULL_SIZE.read_text()))
        cells = {name: _full_size_cell(each) for name, each in measured.items()}
        largest = max((each["error"] or 0.0 for each in measured.values()), default=0.0)
        text += _FULL_SIZE.format(
            passed=sum(not each["failure"] for each in measured.values()),
            count=len(measured),
            largest=largest,
        ) + _table(cells)
    return text


def _full_size_cell(measured: FullSize) -> str:
    return "**no**" if measured["failure"] else f"{measured['error']:.0e}"


def _table(cells: Mapping[str, str]) -> str:
    """Families as rows, writers as columns, both numbered below to keep the columns narrow."""
    families, writers = manifest()["families"], manifest()["writers"]
    rows = [
        ["family", *(f"`{writer}`" for writer in writers)],
        ["---"] * (1 + len(writers)),
        *(
            [family["title"], *(cells.get(f"{name}.{writer}", "") for writer in writers)]
            for name, family in families.items()
        ),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


_INTRODUCTION = """\
# Models that are supported

This page is generated from what the tests found: `python -m tests.models.survey --write`.

Vision Transformers come from several libraries, and from each of them through several writers:
exporters, their versions, and optimisers. Below is every family of models through every writer
that makes a difference. In each cell is a model of 2 blocks, which the tests

- import, and compare with ONNX Runtime at the levels `onnx` and `vit`, within 10⁻⁴ of the largest
  output;
- compare with the same model from the writer `legacy17`: the level `vit` must be the same but for
  names and for how weights are stored;
- compile to a project, whose C++ must compute every bit of what the IR does.

`legacy` is torch's exporter on TorchScript and `dynamo` that on `torch.export`; the number is the
opset. `static` models have a batch of one instead of a symbol, `external` ones their weights in a
second file, and `constants` ones in `Constant` nodes. The rest is what happened to the file after
the export: ONNX Runtime's offline optimisation of level `basic` or `extended`, onnxslim, or
onnxsim. [The manifest](../tests/models/families/manifest.json) has the versions.

{passed} of {count} models pass everything ("yes"). Empty cells are not tested: there only the size
differs from the first row. What is refused ("no") is refused with every node that is in the way.

"""

_FULL_SIZE = """
## At full size

The same families with 12 blocks and the width of DeiT-tiny, most on images of 224 x 224:
`python -m tests.models.full_size_matrix`, run by hand. {passed} of the {count} models that were
measured import, are equal to ONNX Runtime, and compile to a project. A cell has the largest error
of the level `vit`, relative to the largest output; the largest of all is {largest:.1e}. Empty cells
were not measured.

"""
