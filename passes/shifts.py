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

SHARED_LOSS = 7
"""How many of its 17 bits a multiplier may lose to a shift that is shared: 10 still round well."""


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


@dataclass(frozen=True)
class Group:
    """What decides which layers share a shift."""

    engine: Hashable
    """What layers of one engine have in common."""

    widths: Hashable
    """Number formats in which they may differ; equal ones always share a shift."""


def _together(groups: Mapping[Group, Sequence[Epilogue]]) -> Mapping[Group, Hashable]:
    """
    Of groups of one engine, those that share a shift have the same name.

    Each multiplier of a group is at most `2^SHARED_LOSS` times smaller than the largest.
    """
    names: dict[Group, Hashable] = {}
    largest: dict[Hashable, tuple[float, Group]] = {}
    factors = {group: max(each.factor for each in found) for group, found in groups.items()}
    for group in sorted(groups, key=lambda group: -factors[group]):
        first = largest.get(group.engine)
        if first is None or factors[group] * 2**SHARED_LOSS < first[0]:
            first = largest[group.engine] = factors[group], group
        names[group] = first[1]
    return names


def shared_shifts(
    layers: Mapping[Operation, tuple[Group, Epilogue]],
) -> Mapping[Operation, int]:
    """
    The shift of every layer.

    It is the same for layers of an engine with equal widths; and with different widths as long as
    that costs a multiplier at most `SHARED_LOSS` of its 17 bits.

    Args:
        layers: The group and the epilogue of each layer.

    Raises:
        PassFailedException: at a layer whose numbers do not fit with any shift.
    """
    groups = defaultdict[Group, list[Epilogue]](list)
    for op, (group, epilogue) in layers.items():
        if not epilogue.fits(1):
            fail(
                op,
                f"needs to multiply by up to {epilogue.factor:g} and to add up to "
                f"{epilogue.offset:g} steps of the result, accepted is less than "
                f"{float(1 << MULTIPLIER_BITS - 2):g} and {float(1 << OFFSET_BITS - 2):g}",
            )
        groups[group].append(epilogue)
    names = _together(groups)
    together = defaultdict[Hashable, list[Epilogue]](list)
    for group, epilogues in groups.items():
        together[names[group]] += epilogues
    shifts = {name: largest_shift(epilogues) for name, epilogues in together.items()}
    return {op: shifts[names[group]] for op, (group, _) in layers.items()}
