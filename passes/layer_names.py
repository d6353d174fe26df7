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


def layer_of(location: Attribute) -> str | None:
    """
    The layer that a location names: the path of its ONNX node without the node's own name, such as
    `blocks.0.mlp.fc1` for `/blocks/blocks.0/mlp/fc1/MatMul`. None when the location has no path.
    """
    match location:
        case NameLoc():
            parts = [part for part in location.desc.data.split("/") if part][:-1]
        case FusedLoc(locations=ArrayAttr(data=inner)) if inner:
            return layer_of(inner[0])
        case _:
            return None
    # Exporters write the container and the member, as in `blocks/blocks.0`.
    kept = [
        part
        for part, following in zip(parts, [*parts[1:], ""], strict=True)
        if not following.startswith(part + ".")
    ]
    return ".".join(kept) or None


def identifier(name: str) -> str:
    """`name` as a name for IR values: letters, digits and underscores, not a digit first."""
    cleaned = re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_")
    return f"_{cleaned}" if cleaned[:1].isdigit() else cleaned


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
