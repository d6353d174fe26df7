"""Delta debugging: a small part of something that still has a property."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def minimal(items: Sequence[Item], holds: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """
    Some of `items` of which none can be left out.

    Parts are left out from the back, first all, then halves, quarters, ..., single ones.

    Args:
        items: for which it holds.
        holds: whether it still does for some of them, in their order.
    """
    kept, size = list(items), len(items)
    while size > 0:
        before = len(kept)
        for end in range(len(kept), 0, -size):
            fewer = kept[: max(0, end - size)] + kept[end:]
            if holds(fewer):
                kept = fewer
        if size > 1 or len(kept) == before:
            size //= 2
    return kept
