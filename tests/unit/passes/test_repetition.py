"""The longest repetition of a sequence, against a search through all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.passes.repetition import Repetition, longest_repetition


def repetitions(items: str) -> list[Repetition]:
    """Every repetition there is."""
    found: list[Repetition] = []
    for start in range(len(items)):
        for period in range(1, len(items)):
            for count in range(2, (len(items) - start) // period + 1):
                piece = items[start : start + period]
                if items[start:].startswith(piece * count):
                    found.append(Repetition(start, period, count))
    return found


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("", None),
        ("a", None),
        ("abc", None),
        ("aa", Repetition(0, 1, 2)),
        ("xababy", Repetition(1, 2, 2)),
        ("xabcabcabcy", Repetition(1, 3, 3)),
        # What covers most items wins, not what repeats most often.
        ("aaabcdbcd", Repetition(3, 3, 2)),
        # Of equal length, the one with the shortest period, and of those the first.
        ("aaaa", Repetition(0, 1, 4)),
        ("aabb", Repetition(0, 1, 2)),
        # A piece that is cut off at the end takes no part.
        ("abababa", Repetition(0, 2, 3)),
    ],
)
def test_examples(items: str, expected: Repetition | None):
    assert longest_repetition(items) == expected


@given(st.text(alphabet="abc", max_size=14))
def test_every_sequence(items: str):
    found = repetitions(items)
    best = max(found, key=lambda each: (each.length, -each.period, -each.start), default=None)
    assert longest_repetition(items) == best


@given(
    st.text(alphabet="abcd", min_size=1, max_size=5),
    st.integers(3, 6),
    st.text(alphabet="xyz", max_size=2),
)
def test_blocks_of_a_network(block: str, depth: int, head: str):
    """Blocks are found, whatever stands before and after them."""
    found = longest_repetition(f"12{block * depth}{head}3")
    assert found is not None and found.length == len(block) * depth
    assert found.start == 2
