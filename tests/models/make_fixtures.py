"""
Export the models that the tests use: run it once by hand, and commit what it writes.

    python -m tests.models.make_fixtures [FAMILY ...]

It needs torch and the libraries of models (`pip install .[fixtures]`). It writes, beside itself:

- `families/FAMILY.WRITER.onnx`: every family of models through every writer, 2 blocks large, with
  all weights, and `families/manifest.json`, which says what they are and what made them;
- `deit_*.onnx`, when no family is named: DeiT at full size without its weights, which
  `full_size.py` fills in.
"""

# The optimisers and libraries are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

import argparse
import json
import sys
import warnings
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from tests.models.export.families import FAMILIES, Family
from tests.models.export.weightless import write_models_without_weights
from tests.models.export.writers import WRITERS, Writer, write_all, writers_of
from tests.models.fixtures import FOLDER, MANIFEST, Fixture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    wanted: list[str] = parser.parse_args().families
    warnings.simplefilter("ignore")
    FOLDER.mkdir(exist_ok=True)
    for family in FAMILIES:
        if not wanted or family.name in wanted:
            entries = _write_family(family)
            _record(family, entries)
    if not wanted:
        write_models_without_weights(FOLDER.parent)


def _write_family(family: Family) -> dict[str, object]:
    """Write all fixtures of a family; gives their entries in the manifest, by writer."""
    entries: dict[str, object] = {}

    def path(writer: Writer) -> Path:
        return Fixture(family.name, writer.name).file

    for writer, file in write_all(family, family.small, writers_of(family), path):
        tools = {"torch", family.library, *filter(None, [writer.tool])}
        entries[writer.name] = {
            "tools": {each: version(each) for each in sorted(tools)},
            "sha256": sha256(file.read_bytes()).hexdigest(),
        }
        print(f"{file.name}: {file.stat().st_size:,} bytes", file=sys.stderr)
    return entries


def _record(family: Family, entries: dict[str, object]) -> None:
    """Put a family into the manifest; its families and writers stay in the order of the code."""
    families = json.loads(MANIFEST.read_text())["families"] if MANIFEST.exists() else {}
    families[family.name] = {
        "title": family.title,
        "image": family.small.image_shape,
        "output": family.output,
        "files": entries,
    }
    manifest = {
        "families": {each.name: families[each.name] for each in FAMILIES if each.name in families},
        "writers": {each.name: each.title for each in WRITERS},
    }
    MANIFEST.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
