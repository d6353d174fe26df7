"""Engines that move matrices from and to the memory outside of the device."""

from __future__ import annotations

from math import ceil

from vaqf.compiler.search.closed_form.choice import Choice
from vaqf.compiler.search.closed_form.loops import words
from vaqf.compiler.search.workload import Loading, Spent, Storing
from vaqf.dialects.accel.memory import storage_bits
from vaqf.dialects.accel.timing import BURST_LATENCY, CALL_OVERHEAD


def loading_calls(engine: Loading, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine that reads a matrix takes."""
    lanes, port = choice.tiling.lanes, choice.word_bits
    tiles = ceil(engine.channels / lanes)
    moved = tiles * engine.tokens * words(lanes, engine.bits, port)
    # Rows of whole words come in one burst for each tile of channels.
    bursts = tiles if lanes * storage_bits(engine.bits) >= port else 1
    return (transfer(bursts, moved),) * len(engine.calls)


def storing_calls(engine: Storing, choice: Choice) -> tuple[Spent, ...]:
    """What each call of an engine that writes a matrix takes."""
    moved = words(engine.tokens * engine.channels, engine.bits, choice.word_bits)
    return (transfer(1, moved),) * len(engine.calls)


def transfer(bursts: int, moved: int) -> Spent:
    """Bursts that move so many words together."""
    return Spent(CALL_OVERHEAD + bursts * BURST_LATENCY + moved, moved)
