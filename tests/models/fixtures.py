"""The committed fixtures: small models of all families, through all writers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

import numpy as np
from numpy.typing import NDArray

INPUT = "pixel_values"

FOLDER = Path(__file__).parent / "families"

MANIFEST = FOLDER / "manifest.json"
"""What the fixtures are, and what made them; `make_fixtures.py` writes it."""


class File(TypedDict):
    """A fixture in the manifest."""

    tools: dict[str, str]
    """Versions of the packages that made it."""
    sha256: str
    """Of the model file."""


class Family(TypedDict):
    """A family in the manifest."""

    title: str
    """For readers."""
    image: tuple[int, int, int]
    """Colours x height x width."""
    output: str
    """Name of the model's output."""
    files: dict[str, File]
    """By writer."""


class Manifest(TypedDict):
    """What `manifest.json` has in it."""

    families: dict[str, Family]
    """By name, in the order of tables."""
    writers: dict[str, str]
    """Titles by name, in the order of tables."""


@cache
def manifest() -> Manifest:
    """The manifest."""
    return cast(Manifest, json.loads(MANIFEST.read_text()))


@dataclass(frozen=True)
class Fixture:
    """A small model in a file: of 2 blocks and 2 heads, with all its weights."""

    family: str
    writer: str

    @property
    def name(self) -> str:
        """As tests print it."""
        return f"{self.family}.{self.writer}"

    @property
    def file(self) -> Path:
        """The model."""
        return FOLDER / f"{self.name}.onnx"

    @property
    def data(self) -> tuple[Path, ...]:
        """Files with external data."""
        return tuple(FOLDER.glob(f"{self.name}.onnx.data"))

    @property
    def output(self) -> str:
        """Name of the model's output."""
        return manifest()["families"][self.family]["output"]

    def images(self, count: int = 1) -> NDArray[np.float32]:
        """Random images: count x colours x height x width."""
        shape = manifest()["families"][self.family]["image"]
        return np.random.default_rng(7).standard_normal((count, *shape), np.float32)


def fixtures() -> tuple[Fixture, ...]:
    """All fixtures, family by family."""
    families: Mapping[str, Family] = manifest()["families"]
    return tuple(
        Fixture(name, writer)
        for name, family in families.items()
        for writer in manifest()["writers"]
        if writer in family["files"]
    )
