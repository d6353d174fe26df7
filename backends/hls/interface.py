"""Parameters of functions: how values of the IR are handed over in C++."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from vaqf.backends.hls.body import Body, Scalar
from vaqf.backends.hls.storage import Dram, Local, Matrix, Place
from vaqf.backends.hls.unit import is_integer_buffer, variable_name


@dataclass(frozen=True)
class Parameter:
    """A value that a function takes."""

    value: SSAValue
    slot: SSAValue | None = None
    """What selects the piece of a local array that is handed over; None for all of it."""


PlaceOf = Callable[[Parameter, str, str], Place]
"""Where a buffer is within a function, given its name there and that of its memory port."""


def declare(
    body: Body,
    parameters: Sequence[Parameter],
    memories: Mapping[SSAValue, str],
    place_of: PlaceOf,
    written: Collection[SSAValue],
) -> list[str]:
    """
    The declarations of parameters, which become known in the body of the function.

    The memory ports come first, each once: what lies in them is handed over as the index of its
    first word.

    Args:
        body: Of the function.
        parameters: What it takes.
        memories: For each parameter in DRAM, what to call the pointer to its memory.
        place_of: Where a buffer is within the function.
        written: The buffers that the function writes.
    """
    names = {each: body.names.fresh(each) for each in dict.fromkeys(memories.values())}
    pointers: dict[str, bool] = {}
    declarations: list[str] = []
    for each in parameters:
        value = each.value
        name = body.names.fresh(variable_name(value, "argument"))
        if not is_integer_buffer(value):
            declarations.append(f"{body.c_type(value)} {name}")
            body.scalars[value] = Scalar(name)
            continue
        place = place_of(each, name, names.get(memories.get(value, ""), ""))
        const = "" if value in written else "const "
        match place:
            case Dram():
                pointers[place.memory] = pointers.get(place.memory, False) or value in written
                declarations.append(f"int {place.at}")
            case Matrix():
                declarations.append(const + place.array.declaration())
            case Local():
                declarations.append(const + place.array.declaration())
        if each.slot is None:
            body.places[value] = place
        elif isinstance(place, Local):
            body.pieces[value, each.slot] = place
    ports = [
        f"{'' if is_written else 'const '}word_t* {memory}"
        for memory, is_written in pointers.items()
    ]
    return ports + declarations


def arguments(
    body: Body,
    parameters: Sequence[Parameter],
    piece_of: Callable[[Parameter], Local] | None = None,
) -> list[str]:
    """
    What a caller passes for the parameters that `declare` declared.

    Args:
        body: Of the caller.
        parameters: In the same order.
        piece_of: Which piece of an array to pass, for parameters that are one.
    """
    pointers: dict[str, None] = {}
    passed: list[str] = []
    for each in parameters:
        if not is_integer_buffer(each.value):
            passed.append(body.scalar(each.value))
            continue
        if each.slot is not None and piece_of is not None:
            passed.append(piece_of(each).array.name)
            continue
        match body.places[each.value]:
            case Dram() as place:
                pointers[place.memory] = None
                passed.append(place.at)
            case Matrix() | Local() as place:
                passed.append(place.array.name)
    return [*pointers, *passed]
