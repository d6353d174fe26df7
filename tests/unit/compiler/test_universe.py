"""Tests of what VAQF registers with xDSL."""

from importlib import import_module
from pathlib import Path

import pytest
from xdsl.passes import ModulePass
from xdsl.universe import Universe

from vaqf.compiler.universe import DIALECTS, PASSES, TARGETS, VAQF_UNIVERSE

PASS_FOLDER = Path(__file__).parents[3] / "passes"


def passes_defined_in(module_name: str) -> set[str]:
    module = import_module(module_name)
    classes = [each for each in vars(module).values() if isinstance(each, type)]
    return {each.name for each in classes if issubclass(each, ModulePass) and "name" in vars(each)}


def test_every_pass_file_is_registered() -> None:
    modules = [path.stem for path in PASS_FOLDER.iterdir() if path.suffix == ".py" or path.is_dir()]
    defined = {
        name
        for module in modules
        if not module.startswith("__")
        for name in passes_defined_in(f"vaqf.passes.{module}")
    }
    assert defined == set(PASSES)


@pytest.mark.parametrize("name", PASSES)
def test_pass_has_the_name_it_is_registered_under(name: str) -> None:
    assert VAQF_UNIVERSE.all_passes[name]().name == name


@pytest.mark.parametrize("name", DIALECTS)
def test_dialect_has_the_name_it_is_registered_under(name: str) -> None:
    assert VAQF_UNIVERSE.all_dialects[name]().name == name


@pytest.mark.parametrize("name", TARGETS)
def test_target_has_the_name_it_is_registered_under(name: str) -> None:
    assert VAQF_UNIVERSE.all_targets[name]().name == name


def test_xdsl_finds_the_universe() -> None:
    found = Universe.get_multiverse()
    assert set(DIALECTS) <= set(found.all_dialects)
    assert set(PASSES) <= set(found.all_passes)
    assert set(TARGETS) <= set(found.all_targets)
