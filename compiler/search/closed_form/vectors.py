"""Units that work on lanes of numbers, and what they hand over."""

from __future__ import annotations

from vaqf.compiler.search.workload import (
    Epilogue,
)
from vaqf.dialects.accel.layers import ADD, GELU
from vaqf.dialects.quant.activations import (
    MAXIMUM_GELU_SEGMENTS,
)
from vaqf.passes.costs import vector_units
from vaqf.passes.costs.memories import (
    array_storage,
    registers,
)
from vaqf.passes.costs.resources import Resources
from vaqf.passes.parallel_access import MOST_REGISTERS


def store_lane(scaled_bits: int, epilogue: Epilogue) -> Resources:
    """One lane of an epilogue."""
    bits, shift = epilogue.bits, epilogue.shift
    if epilogue.name == ADD:
        return vector_units.add_lane(scaled_bits, shift, bits)
    if epilogue.name == GELU:
        interpolated = 1 << bits > MAXIMUM_GELU_SEGMENTS
        return vector_units.lookup_lane(scaled_bits, shift, bits, interpolated)
    return vector_units.round_lane(scaled_bits, shift, bits)


def in_memory(turns: int, rows: int) -> bool:
    """Whether a number for each row, in several sets, is too much for registers."""
    return turns * rows > MOST_REGISTERS


def scalars(turns: int, rows: int, width: int) -> Resources:
    """A number for each row, in several sets that take turns."""
    if not in_memory(turns, rows):
        return registers(turns * rows, width)
    return array_storage((turns, rows), width, {}, 1)
