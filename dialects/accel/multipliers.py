"""
What one multiplier of a device can do: a DSP48E2 multiplies 27 by 18 bits and adds 48.

Two products that share a factor fit one multiplication: `(high * 2^18 + low) * shared` holds
`low * shared` in its lower 18 bits and `high * shared` above, less one where the lower product is
negative. The sum `high * 2^18 + low` is formed by the adder in front of the multiplier. Such packed
products can be added up in the accumulator as long as the lower sum still fits its 18 bits.
"""

from __future__ import annotations

from math import ceil

WIDE_PORT_BITS, NARROW_PORT_BITS = 27, 18
"""Widths of the two factors of a DSP48E2, both signed."""

FIELD_BITS = 18
"""Bits of the lower one of two packed products."""

LARGEST_PACKED = 1 << (WIDE_PORT_BITS - FIELD_BITS - 2)
"""Largest magnitude of the two factors that fit the wide port together."""


def signed_magnitude(bits: int) -> int:
    """The largest magnitude of an activation of `bits` bits; one bit is -1 or +1."""
    return 1 if bits == 1 else 1 << (bits - 1)


def packed_terms(largest_shared: int, largest_packed: int) -> int:
    """
    How many packed products can be added up before they are taken apart; 0 when none is possible.

    Args:
        largest_shared: largest magnitude of the factor that both products share.
        largest_packed: largest magnitude of the two factors that are packed.
    """
    fits = largest_packed <= LARGEST_PACKED and largest_shared < 1 << (NARROW_PORT_BITS - 1)
    if not fits or min(largest_shared, largest_packed) < 2:
        return 0
    return ((1 << (FIELD_BITS - 1)) - 1) // (largest_shared * largest_packed)


def slices_of_product(left: int, right: int) -> int:
    """
    DSP48E2 slices for one product of signed factors of these widths.

    A factor of one bit, -1 or +1, takes none: it selects a sign.
    """
    if min(left, right) == 1:
        return 0
    wide, narrow = WIDE_PORT_BITS - 1, NARROW_PORT_BITS - 1
    return ceil((max(left, right) - 1) / wide) * ceil((min(left, right) - 1) / narrow)
