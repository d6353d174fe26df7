"""What a run of a network lets one look at, and which tensors of two runs are of one layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import Float32Type
from xdsl.ir import Attribute

from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.interpreters.arithmetic.formats import dequantize

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Tensor:
    """A value that a run computes for each sample."""

    number: int
    """Its place among those of the run, in the order of the program."""

    node: str
    """The ONNX node that it is the value of, or the name of an output of the model."""

    shape: tuple[int, ...]
    """Of one sample."""

    element: Attribute
    """`f32`, a number format, or a plain integer, which has no scale."""

    is_output: bool = False
    """Whether it is an output of the model, and not of a node."""

    @property
    def is_real(self) -> bool:
        """Whether its values are reals, or stand for some."""
        return isinstance(self.element, Float32Type | IntType | UnsignedType)

    def real(self, values: Array) -> Array:
        """The reals that values of this tensor stand for; plain integers as they are."""
        match self.element:
            case IntType(scale=scale) | UnsignedType(scale=scale):
                return dequantize(values.astype(np.int64), scale.data)
            case _:
                return values


@dataclass(frozen=True)
class Network:
    """What a run computes."""

    tensors: Sequence[Tensor]
    """All that can be looked at, in the order of the program; several may be of one node."""

    followers: Mapping[int, int] = field(default_factory=dict[int, int])
    """
    The tensor that is only another one, moved about, scaled, or with a parameter added, where
    nothing else uses that one.
    """

    permuted: frozenset[str] = frozenset()
    """Nodes whose tensors have their channels in another order than the node."""

    inner: frozenset[int] = frozenset()
    """Tensors of which another one of the same node is made: they are not its value."""

    partial: frozenset[int] = frozenset()
    """Tensors to which their user adds what belongs to their layer, such as its bias."""


@dataclass(frozen=True)
class Layer:
    """Tensors of two runs that should be equal."""

    name: str
    """Of the node or output, with a number where it has several tensors."""

    reference: tuple[Tensor, ...]
    """Of the reference; several are put side by side along their channels."""

    other: tuple[Tensor, ...]
    """Of the other side."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample, as the reference has it."""
        return joined_shape(self.reference) or ()


@dataclass(frozen=True)
class Matching:
    """The layers of two networks."""

    layers: Sequence[Layer]
    """Those of both, in the order of the reference."""

    different: Sequence[str]
    """Names of nodes whose tensors cannot be compared: their shapes or kinds differ."""

    only_reference: Sequence[str]
    """Names of nodes that only the reference has."""

    only_other: Sequence[str]
    """Names of nodes that only the other side has."""


def joined_shape(tensors: Sequence[Tensor]) -> tuple[int, ...] | None:
    """The shape of tensors side by side along their channels; None where they do not fit."""
    first = tensors[0]
    if (
        len({each.shape[:-1] for each in tensors}) > 1
        or len({each.is_real for each in tensors}) > 1
    ):
        return None
    if len(tensors) == 1:
        return first.shape
    return (*first.shape[:-1], sum(each.shape[-1] for each in tensors)) if first.shape else None


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _fit(reference: Sequence[Tensor], other: Sequence[Tensor]) -> bool:
    """Whether tensors can be compared: a batch of one more or less is no difference."""
    one, two = joined_shape(reference), joined_shape(other)
    if one is None or two is None or prod(one) != prod(two):
        return False
    if _without_ones(one) != _without_ones(two):
        return False
    if reference[0].is_real or other[0].is_real:
        return reference[0].is_real and other[0].is_real
    return {each.element for each in reference} == {each.element for each in other}


Key = tuple[bool, str]
"""Whether it is an output, and its name."""


def _by_key(network: Network) -> dict[Key, list[Tensor]]:
    found: dict[Key, list[Tensor]] = {}
    for each in network.tensors:
        if each.number not in network.inner:
            found.setdefault((each.is_output, each.node), []).append(each)
    return found


class _Run:
    """One of the two networks that are matched."""

    def __init__(self, network: Network, others: Mapping[Key, Sequence[Tensor]]):
        self.network = network
        self.named_by_other = others

    def candidates(self, tensor: Tensor) -> list[Tensor]:
        """
        A tensor, and those that follow from it alone up to the next that the other side has: what
        one operation there may be the result of, the last first. None where it is still without
        something that belongs to the layer.
        """
        found = [tensor]
        while (number := self.network.followers.get(found[-1].number)) is not None:
            follower = self.network.tensors[number]
            if (False, follower.node) in self.named_by_other:
                break
            found.append(follower)
        return [] if found[-1].number in self.network.partial else found[::-1]


def match(reference: Network, other: Network) -> Matching:
    """
    Find the layers of two networks, by the names of their nodes.

    An operation may stand for several nodes, of which it has the name of one: of the tensors that
    follow from that one alone, the last that fits is the one that it computes.
    """
    first, second = _by_key(reference), _by_key(other)
    one, two = _Run(reference, second), _Run(other, first)
    layers: list[Layer] = []
    different: list[str] = []
    for key, tensors in first.items():
        if key not in second:
            continue
        found = _layers(key[1], (one, tensors), (two, second[key]))
        layers += found
        if not found:
            different.append(key[1])
    return Matching(
        layers,
        different,
        [name for is_output, name in first if (is_output, name) not in second],
        [name for is_output, name in second if (is_output, name) not in first],
    )


def _layers(
    name: str, one: tuple[_Run, list[Tensor]], two: tuple[_Run, list[Tensor]]
) -> list[Layer]:
    """The layers of one name; none where the tensors do not fit."""
    (run, tensors), (other_run, others) = one, two
    if len(tensors) == len(others):
        several = len(tensors) > 1
        pairs = (
            (f"{name}[{place}]" if several else name, _pair((run, each), (other_run, other)))
            for place, (each, other) in enumerate(zip(tensors, others, strict=True))
        )
        return [Layer(each, *pair) for each, pair in pairs if pair is not None]
    if name in run.network.permuted or name in other_run.network.permuted:
        return []
    if len(tensors) == 1:
        fitting = (each for each in run.candidates(tensors[0]) if _fit([each], others))
        return [Layer(name, (each,), tuple(others)) for each in fitting][:1]
    if len(others) == 1:
        fitting = (each for each in other_run.candidates(others[0]) if _fit(tensors, [each]))
        return [Layer(name, tuple(tensors), (each,)) for each in fitting][:1]
    return []


def _pair(
    one: tuple[_Run, Tensor], two: tuple[_Run, Tensor]
) -> tuple[tuple[Tensor], tuple[Tensor]] | None:
    """The last tensors that follow from two, and can be compared."""
    for tensor in one[0].candidates(one[1]):
        for other in two[0].candidates(two[1]):
            if _fit([tensor], [other]):
                return (tensor,), (other,)
    return None
