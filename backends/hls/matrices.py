"""How much room on-chip matrices need, and which memory a parameter lies in."""

from __future__ import annotations

from xdsl.dialects import memref
from xdsl.ir import SSAValue

from vaqf.backends.hls.access import source_of
from vaqf.backends.hls.design import Design, Engine, Port
from vaqf.dialects import accel
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of


def words_of(matrix: SSAValue, design: Design) -> int:
    """
    Words of channels that a matrix of the top function has.

    Tiles of engines may hang over the last channel: there is room for them.
    """
    slots = design.hardware.channel_slots
    return -(-shape_of(matrix)[1] // slots) * slots // design.hardware.lanes


def words_passed(engine: Engine, argument: SSAValue, design: Design) -> int:
    """Words of channels of the largest matrix that callers pass for an argument."""
    position = engine.arguments.index(argument)
    return max(words_of(source_of(call.arguments[position]), design) for call in engine.calls)


def port_of(value: SSAValue, design: Design) -> Port | None:
    """The memory port behind which a parameter of the top function lies."""
    match value.owner:
        case accel.ViewOp(memory=memory):
            return port_of(memory, design)
        case accel.SelectOp(input=parameters):
            return port_of(parameters, design)
        case memref.CastOp(source=source):
            return port_of(source, design)
        case _:
            return design.ports_by_argument.get(value)


def common_port(engine: Engine, argument: SSAValue, design: Design) -> Port:
    """
    The memory port that all callers use for an argument.

    Raises:
        PassFailedException: when they differ: hardware cannot switch a pointer between ports.
    """
    position = engine.arguments.index(argument)
    found = [(call, port_of(call.arguments[position], design)) for call in engine.calls]
    first = found[0][1]
    for call, port in found:
        if port is None or first is None or port.name != first.name:
            fail(
                call,
                f"passes '{argument.name_hint}' from the port "
                f"'{'unknown' if port is None else port.name}', the first call from "
                f"'{'unknown' if first is None else first.name}': an engine reads each argument "
                "through one port",
            )
    assert first is not None
    return first


def unit_rank_of(value: SSAValue) -> int | None:
    """How many of the last dimensions of a parameter of the top function were packed as a unit."""
    match value.owner:
        case accel.ViewOp(unit_rank=unit_rank):
            return unit_rank.value.data
        case accel.SelectOp(input=parameters):
            return unit_rank_of(parameters)
        case memref.CastOp(source=source):
            return unit_rank_of(source)
        case _:
            return None


def common_unit_rank(engine: Engine, argument: SSAValue) -> int | None:
    """
    `unit_rank_of` what callers pass for an argument; None when it is the image or the result.

    Raises:
        PassFailedException: when they differ.
    """
    position = engine.arguments.index(argument)
    ranks = {call: unit_rank_of(call.arguments[position]) for call in engine.calls}
    first = ranks[engine.calls[0]]
    for call, rank in ranks.items():
        if rank != first:
            fail(
                call,
                f"passes '{argument.name_hint}' packed in units of rank {rank}, the first call "
                f"in units of rank {first}",
            )
    return first
