"""
Run every check on every fixture, and say what works.

    python -m tests.models.survey [--write] [FAMILY or FAMILY.WRITER ...]

With `--write` what was found becomes what the tests expect, and the page of supported models.
"""

import argparse
import json
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.models.checks import check_agreement, check_levels, check_project
from tests.models.fixtures import Fixture, fixtures
from tests.models.outcomes import OUTCOMES, PAGE, Check, outcomes, page

_SHOWN = 200
"""Characters of a message."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="update what the tests expect")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a family or a fixture")
    arguments = parser.parse_args()
    names: list[str] = arguments.names
    found = dict(outcomes()) if OUTCOMES.exists() else {}
    chosen = [
        each for each in fixtures() if not names or each.family in names or each.name in names
    ]
    with TemporaryDirectory() as builds:
        for fixture in chosen:
            check, message = _first_failure(fixture, Path(builds))
            found[fixture.name] = check
            print(f"{fixture.name:45} {check or 'passes':10} {message[:_SHOWN]}", flush=True)
    passed = sum(not found[each.name] for each in chosen)
    print(f"{passed} of {len(chosen)} fixtures pass everything")
    if arguments.write:
        known = {each.name: found.get(each.name, Check.LEVELS) for each in fixtures()}
        OUTCOMES.write_text(json.dumps(known, indent=1) + "\n")
        outcomes.cache_clear()
        PAGE.write_text(page())
    sys.exit(passed != len(chosen))


def _first_failure(fixture: Fixture, builds: Path) -> tuple[str, str]:
    """The first check that a fixture fails, and why; empty when it passes all."""
    checks = {
        Check.LEVELS: lambda: check_levels(fixture),
        Check.AGREEMENT: lambda: check_agreement(fixture),
        Check.PROJECT: lambda: check_project(fixture, builds),
    }
    for check, run in checks.items():
        try:
            with redirect_stderr(StringIO()):
                run()
        # A survey goes on whatever is wrong with one model.
        except Exception as error:
            return check, f"{type(error).__name__}: {' '.join(str(error).split())}"
    return "", ""


if __name__ == "__main__":
    main()
