"""What random networks are refused for, though nothing is wrong with them."""

from collections.abc import Generator
from contextlib import contextmanager

from hypothesis import reject
from xdsl.utils.exceptions import PassFailedException

DEGENERATE = "needs to multiply by up to"
"""
A linear layer whose sums cancel gives almost nothing: binary weights of one sign, on what a
LayerNorm without factors gives. Steps that fine have no multiplier.
"""


@contextmanager
def degenerate_networks_are_rejected() -> Generator[None]:
    """Let hypothesis draw another network in the place of one that is refused for its numbers."""
    try:
        yield
    except PassFailedException as error:
        if DEGENERATE not in str(error):
            raise
        reject()
