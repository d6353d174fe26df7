"""Groups of activations that get one width: what a search decides about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from vaqf.dialects import vit
from vaqf.passes.layer_precision import PrecisionLayer, layer_name, precision_layers
from vaqf.passes.requested_widths import taken_by
from vaqf.passes.structure import activations_of, source_of, users_of


class Kind(StrEnum):
    """What takes an activation, the same in every block."""

    ATTENTION = "attention"
    QKV = "qkv"
    PROJ = "proj"
    FC1 = "fc1"
    FC2 = "fc2"


@dataclass(frozen=True)
class Group:
    """The activations that layers of one kind take, in one block or in all."""

    kind: Kind
    """What takes them."""

    block: int | None = None
    """Number of the block, from 0 on; None for all of them."""

    def __str__(self) -> str:
        return f"{self.kind}" if self.block is None else f"blocks[{self.block}].{self.kind}"


@dataclass(frozen=True)
class Members:
    """What belongs to a group."""

    layers: tuple[str, ...]
    """Names of the layers, each once, in the order of the text; empty where there are no names."""

    values: tuple[SSAValue, ...]
    """The activations that they take, and what a GELU among them takes."""


def kind_of(layer: PrecisionLayer) -> Kind | None:
    """The kind of a layer; None outside of encoder blocks."""
    if isinstance(layer, vit.AttentionValuesOp):
        return Kind.ATTENTION
    if not isinstance(layer, vit.LinearOp):
        return None
    users = users_of(layer.result)
    if any(isinstance(user, vit.AttentionScoresOp | vit.AttentionValuesOp) for user in users):
        return Kind.QKV
    match source_of(layer.input).owner:
        case vit.AttentionValuesOp():
            return Kind.PROJ
        case vit.GeluOp():
            return Kind.FC2
        case _:
            return Kind.FC1 if any(isinstance(user, vit.GeluOp) for user in users) else None


def groups_of(network: FuncOp) -> Mapping[Group, Members]:
    """
    All groups of a network at the `vit` level: for each kind all blocks together, then each alone.

    A block begins with the linears for queries, keys and values.
    """
    found: dict[Group, list[PrecisionLayer]] = {}
    names = precision_layers(network)
    finished = 0
    for layer in names:
        if (kind := kind_of(layer)) is None:
            continue
        # Attention follows its linears, and what else there is in a block follows attention.
        block = finished if kind in (Kind.QKV, Kind.ATTENTION) else max(finished - 1, 0)
        finished += kind == Kind.ATTENTION
        for group in (Group(kind), Group(kind, block)):
            found.setdefault(group, []).append(layer)
    ordered = sorted(
        found, key=lambda group: (group.block is not None, list(Kind).index(group.kind))
    )
    return {group: _members(network, found[group]) for group in ordered}


def _members(network: FuncOp, layers: Sequence[PrecisionLayer]) -> Members:
    values = list(dict.fromkeys(value for layer in layers for value in taken_by(layer)))
    for value in tuple(values):
        if isinstance(value.owner, vit.GeluOp):
            values.append(source_of(value.owner.input))
    activations = activations_of(network)
    return Members(
        tuple(dict.fromkeys(filter(None, map(layer_name, layers)))),
        tuple(value for value in values if value in activations),
    )
