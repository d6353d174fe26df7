"""Names of layers, from the ONNX nodes that they came from."""

import re
from collections.abc import Iterable

from xdsl.dialects.builtin import (
    ArrayAttr,
    FusedLoc,
    LocationAttr,
    NameLoc,
    NoneAttr,
    UnknownLoc,
)
from xdsl.ir import Attribute, Operation
from xdsl.utils.hints import isa

from vaqf.dialects.node_names import layer_of_node


def layer_of(location: Attribute) -> str | None:
    """The layer that a location names; None when it names none."""
    match location:
        case NameLoc():
            return layer_of_node(location.desc.data)
        case FusedLoc(locations=ArrayAttr(data=inner)) if inner:
            return layer_of(inner[0])
        case _:
            return None


def identifier(name: str) -> str:
    """
    `name` as a name for IR values: letters, digits and underscores, a letter first.

    xDSL takes an underscore with digits at the end for a number that it gave itself, and drops it.
    """
    cleaned = re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_")
    return f"n{cleaned}" if cleaned[:1].isdigit() else cleaned


def layer_identifier(op: Operation, otherwise: str) -> str:
    """The layer of an op as a name for IR values."""
    layer = layer_of(op.location)
    return otherwise if layer is None else identifier(layer) or otherwise


def fused(operations: Iterable[Operation]) -> LocationAttr:
    """One location for an op that stands for several; in their order, each location once."""
    locations: dict[LocationAttr, None] = {}
    for op in operations:
        match op.location:
            case UnknownLoc():
                continue
            case FusedLoc(locations=ArrayAttr(data=inner)):
                locations.update((each, None) for each in inner if isa(each, LocationAttr))
            case location:
                locations[location] = None
    match tuple(locations):
        case ():
            return UnknownLoc()
        case (location,):
            return location
        case several:
            return FusedLoc(several, NoneAttr())
