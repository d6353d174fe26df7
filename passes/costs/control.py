"""What is neither arithmetic nor storage: ports, loops, addresses, word packing."""

from __future__ import annotations

from vaqf.passes.costs.resources import Resources, logic

INDEX_BITS = 16
"""Counters and addresses have at most this many bits."""


def memory_port(word_bits: int) -> Resources:
    """
    An AXI4 master with its adapter and buffer for bursts.

    What Vitis HLS reports for one port of 32 to 512 bits grows from about 700 LUTs by about one and
    a half a bit, with a buffer of 512 words.
    """
    return logic(700 + 1.5 * word_bits, 900 + 2.5 * word_bits) + Resources(
        bram18=-(-word_bits // 36)
    )


def control_port() -> Resources:
    """The AXI4-Lite registers: start, completion, and an address for each memory."""
    return logic(300, 500)


def loop_control() -> Resources:
    """A counter with its comparison, and the state that starts and ends the loop."""
    return logic(2 * INDEX_BITS + 8)


def index_arithmetic() -> Resources:
    """An addition or comparison of indices."""
    return logic(INDEX_BITS)


def unpacking(word_bits: int) -> Resources:
    """Registers that take words of a burst apart."""
    return logic(word_bits / 2, word_bits)
