"""Help with misspelt names."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint to append to a message about an unknown name; empty when nothing is close to it."""
    close = get_close_matches(name, list(known), n=1)
    return f", did you mean '{close[0]}'?" if close else ""
