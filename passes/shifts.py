"""The shift that a group of layers shares, so that hardware shifts by a constant."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from xdsl.ir import Operation

from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS

MAXIMUM_SHIFT = 40
"""As `docs/numerics.md` says: only factors below 2^-23 would gain from a larger one."""


@dataclass(frozen=True)
class Epilogue:
    """What a layer does to its accumulators, in steps of its result: `acc * factor + offset`."""

    factor: float
    """Largest magnitude of a factor over the channels."""

    offset: float = 0.0
    """Largest magnitude of an offset over the channels."""

    def fits(self, shift: int) -> bool:
        """
        Whether integers hold the factors and offsets times `2^shift`.

        A multiplier has 17 bits and a sign. An offset has 47 and a sign, and holds the half that
        makes the shift round.
        """
        multiplier = floor(self.factor * 2**shift + 0.5)
        offset = floor(self.offset * 2**shift + 0.5) + (1 << shift - 1)
        return multiplier.bit_length() < MULTIPLIER_BITS and offset.bit_length() < OFFSET_BITS


def largest_shift(epilogues: Sequence[Epilogue]) -> int:
    """
    The largest shift, 1 to 40, with which all epilogues fit.

    What fits with one shift fits with every smaller one.

    Args:
        epilogues: Each fits with a shift of 1.
    """
    shifts = range(MAXIMUM_SHIFT, 0, -1)
    return next(shift for shift in shifts if all(each.fits(shift) for each in epilogues))


def shared_shifts(
    layers: Mapping[Operation, tuple[Hashable, Epilogue]],
) -> Mapping[Operation, int]:
    """
    The shift of every layer, the same for all layers of a group.

    Args:
        layers: The group and the epilogue of each layer.

    Raises:
        PassFailedException: at a layer whose numbers do not fit with any shift.
    """
    groups = defaultdict[Hashable, list[Epilogue]](list)
    for op, (group, epilogue) in layers.items():
        if not epilogue.fits(1):
            fail(
                op,
                f"needs to multiply by up to {epilogue.factor:g} and to add up to "
                f"{epilogue.offset:g} steps of the result, accepted is less than "
                f"{float(1 << MULTIPLIER_BITS - 2):g} and {float(1 << OFFSET_BITS - 2):g}",
            )
        groups[group].append(epilogue)
    shifts = {group: largest_shift(epilogues) for group, epilogues in groups.items()}
    return {op: shifts[group] for op, (group, _) in layers.items()}
