"""How a search uses processes."""

from __future__ import annotations

import gc
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

PROCESSES = 2
"""Processes that search at the same time: more would have too little to do."""


def processes() -> ProcessPoolExecutor:
    """
    Processes that collect no garbage: what they make is small and needed, and looking for more of
    it would take a quarter of their time.
    """
    return ProcessPoolExecutor(PROCESSES, initializer=gc.disable)


@contextmanager
def without_collection() -> Generator[None]:
    """Let no garbage be collected meanwhile, as in the processes; imports are quicker too."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
