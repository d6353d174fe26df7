"""What a layer does with its results, one after another of what an engine can do."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, IntegerType, StringAttr
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers.common import expect_matrix
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.quant.weights import expect_shift

STORE, GELU, ADD = "store", "gelu", "add"

EPILOGUES = (STORE, GELU, ADD)
"""What a layer does with requantized values: keep them, look up their GELU, add them to the
residual stream."""

BITS_WIDTH = 6
"""Width of a number that counts the bits of a value, up to 16."""


def expect_epilogues(
    epilogues: ArrayAttr[StringAttr],
    accepted: Sequence[str],
    shifts: DenseArrayBase[IntegerType],
    destinations: Sequence[SSAValue],
    epilogue: SSAValue | None,
) -> None:
    """
    Check what a layer can do with its results.

    Raises:
        VerifyException: for an unknown epilogue, the same one twice, or another number of shifts or
            destinations.
    """
    names = [each.data for each in epilogues]
    if not names or not set(names) <= set(accepted):
        raise VerifyException(f"'epilogues' is {names}, expected some of {list(accepted)}")
    for kind, count in (("shifts", len(shifts)), ("destinations", len(destinations))):
        if count != len(names):
            raise VerifyException(f"'{kind}' has {count} entries, expected {len(names)}")
    for shift in shifts.get_values():
        expect_shift(shift)
    for destination in destinations:
        expect_matrix("destinations", destination)
    widths = map(element_width, destinations)
    if len(set(zip(names, shifts.get_values(), widths, strict=True))) != len(names):
        raise VerifyException("'epilogues' has one twice, with equal shifts and destinations")
    if (epilogue is None) != (len(names) == 1):
        raise VerifyException("'epilogue' selects among several epilogues, and only then")
