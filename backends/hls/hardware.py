"""The sizes that a module gives to the hardware."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp

from vaqf.dialects.accel.schedule import HARDWARE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail

BYTE_BITS = 8


@dataclass(frozen=True)
class Hardware:
    """Module attribute `accel.hardware`."""

    lanes: int
    """Channels in one word of an on-chip matrix."""

    token_slots: int
    """Tokens for which an on-chip matrix has room."""

    channel_slots: int
    """Every matrix has room for a multiple of this many channels, so that tiles fit."""

    word_bits: int
    """Width of a memory port."""

    memory_bits: int | None
    """What all ports together move in a cycle; None for as much as they take."""

    @staticmethod
    def of(module: ModuleOp) -> Hardware:
        """
        The sizes that `tile-engines` and `pack-parameters` recorded.

        Raises:
            PassFailedException: when one is missing or cannot be.
        """
        attribute = module.attributes.get(HARDWARE_ATTRIBUTE)
        if not isinstance(attribute, DictionaryAttr):
            fail(
                module,
                f"has no attribute '{HARDWARE_ATTRIBUTE}': "
                "run tile-engines and the passes after it",
            )
        numbers = {
            name: value.value.data
            for name, value in sorted(attribute.data.items())
            if isinstance(value, IntegerAttr)
        }
        for name in ("lanes", "token_slots", "channel_slots", "word_bits"):
            if numbers.get(name, 0) < 1:
                fail(
                    module,
                    f"'{HARDWARE_ATTRIBUTE}' has '{name}' = {numbers.get(name)}, "
                    "expected a positive number",
                )
        word_bits = numbers["word_bits"]
        if word_bits % BYTE_BITS or word_bits & (word_bits - 1):
            fail(
                module,
                f"'{HARDWARE_ATTRIBUTE}' has 'word_bits' = {word_bits}, "
                "expected a power of two of at least 8",
            )
        if numbers["channel_slots"] % numbers["lanes"]:
            fail(
                module,
                f"'{HARDWARE_ATTRIBUTE}' has 'channel_slots' = {numbers['channel_slots']}, "
                f"expected a multiple of the {numbers['lanes']} lanes",
            )
        return Hardware(
            numbers["lanes"],
            numbers["token_slots"],
            numbers["channel_slots"],
            word_bits,
            numbers.get("memory_bits"),
        )
