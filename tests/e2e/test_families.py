"""Every family of models through every writer, from the file to the C++ that is run."""

from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from xdsl.utils.exceptions import DiagnosticException

from tests.models.checks import REFERENCE, check_agreement, check_levels, check_project
from tests.models.fixtures import FOLDER, Fixture, fixtures, manifest
from tests.models.outcomes import PAGE, Check, failing_check, outcomes, page

every_fixture = pytest.mark.parametrize("fixture", fixtures(), ids=lambda each: each.name)


@contextmanager
def expecting(check: Check, fixture: Fixture) -> Generator[None]:
    """Expect of a check what `docs/supported-models.md` says, no less and no more."""
    failing = failing_check(fixture)
    if failing is None or list(Check).index(check) < list(Check).index(failing):
        yield
    elif failing is not check:
        pytest.skip(f"known to fail the check '{failing}'")
    else:
        with pytest.raises((DiagnosticException, AssertionError)):
            yield


@every_fixture
def test_levels(fixture: Fixture) -> None:
    with expecting(Check.LEVELS, fixture):
        check_levels(fixture)


@every_fixture
def test_writers_agree(fixture: Fixture) -> None:
    with expecting(Check.AGREEMENT, fixture):
        check_agreement(fixture)


@every_fixture
def test_project(fixture: Fixture, builds: Path) -> None:
    with expecting(Check.PROJECT, fixture):
        check_project(fixture, builds)


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a test run share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if own.name.startswith("pytest-") else own.parent) / "builds"
    folder.mkdir(exist_ok=True)
    return folder


def test_page_is_current() -> None:
    """When this fails: `python -m tests.models.survey --write`."""
    assert PAGE.read_text() == page()
    assert list(outcomes()) == [each.name for each in fixtures()]


def test_manifest_is_complete() -> None:
    """Every file is what the manifest says, and there is no other."""
    files = {each.name for each in FOLDER.glob("*.onnx")}
    assert files == {each.file.name for each in fixtures()}
    for each in fixtures():
        recorded = manifest()["families"][each.family]["files"][each.writer]
        assert sha256(each.file.read_bytes()).hexdigest() == recorded["sha256"]
        assert each.file.stat().st_size < 300_000


def test_every_family_has_the_reference() -> None:
    assert all(REFERENCE in family["files"] for family in manifest()["families"].values())
