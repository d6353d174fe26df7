"""Tests of what is installed."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_package_is_installed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    top_level = set(settings["package-dir"].values())
    packages = {
        "vaqf." + ".".join(path.parent.relative_to(ROOT).parts)
        for folder in top_level
        for path in (ROOT / folder).rglob("__init__.py")
    }
    assert packages == set(settings["packages"])
