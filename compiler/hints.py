"""Help with misspelt names."""

import re
from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint to append to a message about an unknown name; empty when nothing is close to it."""
    close = get_close_matches(name, list(known), n=1)
    return f", did you mean '{close[0]}'?" if close else ""


def flag_meant(unknown: str, help: str) -> str:
    """A hint to append to a message about an unknown flag, perhaps with `=` and a value."""
    return did_you_mean(unknown.partition("=")[0], re.findall("--[a-z][a-z-]*", help))
