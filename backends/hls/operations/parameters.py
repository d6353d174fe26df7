"""Where parameters lie in the memories outside of the device."""

from __future__ import annotations

from math import prod

from vaqf.backends.hls.analysis import constant_of
from vaqf.backends.hls.body import Body
from vaqf.backends.hls.identifiers import constant_name, counted
from vaqf.backends.hls.storage import Dram
from vaqf.backends.hls.unit import variable_name
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, packed_words
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of

MEMORY_MAP = "where parameters lie in memory"
"""Section of the constants for it."""


def unit_words(place: Dram, rank: int, word_bits: int) -> int:
    """Words of one unit: the last `rank` dimensions of a parameter."""
    return packed_words(place.shape[len(place.shape) - rank :], place.width, word_bits)


def emit_view(body: Body, op: accel.ViewOp) -> None:
    """A parameter, at a constant place of a memory."""
    memory = body.place(op, op.memory, Dram)
    name = variable_name(op.result, "parameter")
    shape, width = shape_of(op.result), element_width(op.result)
    sizes = " x ".join(map(str, shape))
    at = body.unit.emission.sizes.define(
        MEMORY_MAP,
        constant_name(f"{name}_at"),
        str(op.word.value.data),
        f"in {memory.memory}: {sizes}, {counted(width, 'bit')} each",
    )
    body.places[op.result] = Dram(memory.memory, at, shape, width, op.unit_rank.value.data)


def emit_select(body: Body, op: accel.SelectOp) -> None:
    """The parameters of one layer, or what a port holds for one frame: all follow each other."""
    place = body.place(op, op.input, Dram)
    if place.unit_rank is None or place.unit_rank >= len(place.shape):
        fail(op, "selects within a unit, or from a parameter whose units are not known")
    design = body.unit.emission.design
    rank = len(place.shape) - place.unit_rank
    words = prod(place.shape[1:rank]) * unit_words(
        place, place.unit_rank, design.hardware.word_bits
    )
    number, at = constant_of(op.index), place.at
    if number != 0:
        name = variable_name(op.input, variable_name(op.result, "parameter"))
        of_what = "frame" if op.input in design.ports_by_argument else "layer"
        constant = body.unit.emission.sizes.define(
            MEMORY_MAP, constant_name(f"{name}_words"), str(words), f"words a {of_what}"
        )
        offset = constant if number == 1 else f"{body.scalar(op.index, 6)} * {constant}"
        at = offset if at == "0" else f"{at} + {offset}"
    body.places[op.result] = Dram(place.memory, at, place.shape[1:], place.width, place.unit_rank)
