"""Two runs of a network, compared layer by layer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from vaqf.compiler.compare.measures import Measure
from vaqf.compiler.compare.sides import Side
from vaqf.compiler.compare.tensors import Array, Layer, Matching, Tensor, match
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.arithmetic.integers import Floats

DEFAULT_TOLERANCE = 1e-3
"""Accepted error, as a part of the largest magnitude of a layer: float arithmetic stays below."""


@dataclass(frozen=True)
class Criterion:
    """When a layer is beyond what is accepted."""

    tolerance: float = DEFAULT_TOLERANCE
    """The largest error of a layer, as a part of the largest magnitude of the reference there."""

    exact: bool = False
    """Whether a differing bit is too much already."""

    def __post_init__(self) -> None:
        if not self.tolerance >= 0:
            raise UserError(f"the tolerance is {self.tolerance:g}, it must not be negative")

    def is_beyond(self, measure: Measure) -> bool:
        """Whether a layer is."""
        return measure.differing > 0 if self.exact else measure.relative > self.tolerance

    def __str__(self) -> str:
        if self.exact:
            return "bit for bit"
        return f"within {self.tolerance:g} of the largest magnitude of a layer"


@dataclass(frozen=True)
class Compared:
    """A layer, and how far apart both sides of it are."""

    layer: Layer
    measure: Measure = field(default_factory=Measure)


@dataclass(frozen=True)
class Comparison:
    """All layers that two runs have in common."""

    matching: Matching
    layers: Sequence[Compared]
    """In the order of the program of the reference."""

    criterion: Criterion
    samples: int
    """How many were compared."""

    @property
    def first_divergence(self) -> Compared | None:
        """The first layer in the order of the program that is beyond what is accepted."""
        return next((each for each in self.layers if self.criterion.is_beyond(each.measure)), None)

    @property
    def worst_first(self) -> Sequence[Compared]:
        """By relative error; where only bits differ, by how many do."""
        return sorted(
            self.layers,
            key=lambda each: (-each.measure.relative, -each.measure.differing),
        )


Tell = Callable[[str, float], None]
"""Called with what is done, and the seconds that it took."""


def compare(
    reference: Side,
    other: Side,
    inputs: Mapping[str, Floats],
    criterion: Criterion,
    samples: int = 1,
    tell: Tell = lambda what, seconds: None,
) -> Comparison:
    """
    Run two networks, and compare what they have in common.

    Args:
        reference: what is right.
        other: what may not be.
        inputs: real values for each input, one sample or several along a first axis.
        criterion: what is accepted.
        samples: how many at most.
        tell: told when a side is done with a sample.

    Raises:
        UserError: when the inputs are not what the networks take, when one cannot be executed, or
            when they have nothing in common.
    """
    matching = match(reference.network, other.network)
    if not matching.layers:
        raise UserError(
            "there is no layer in common: of the nodes of both sides none has the same name and "
            f"shape; {len(matching.only_reference)} are only in A, "
            f"{len(matching.only_other)} only in B, {len(matching.different)} have other shapes"
        )
    layers = [Compared(each) for each in matching.layers]
    first = reference.run(
        _first_samples(reference, inputs, samples),
        _numbers(each.reference for each in matching.layers),
    )
    second = other.run(
        _first_samples(other, inputs, samples), _numbers(each.other for each in matching.layers)
    )
    done = 0
    for one, two in zip(_timed("A", first, tell), _timed("B", second, tell), strict=True):
        for each in layers:
            _add(each, done, one, two)
        done += 1
    return Comparison(matching, layers, criterion, done)


def _first_samples(side: Side, inputs: Mapping[str, Floats], count: int) -> Mapping[str, Floats]:
    """The first samples of the inputs, as a side takes them."""
    return {each.name: each.split(inputs[each.name])[0][:count] for each in side.inputs}


def _numbers(tensors: Iterable[tuple[Tensor, ...]]) -> frozenset[int]:
    return frozenset(each.number for several in tensors for each in several)


def _add(
    compared: Compared, sample: int, one: Mapping[int, Array], two: Mapping[int, Array]
) -> None:
    """Measure a sample of a layer."""
    reference = _joined(compared.layer.reference, one)
    compared.measure.add(sample, reference, _joined(compared.layer.other, two))


def _joined(tensors: Sequence[Tensor], values: Mapping[int, Array]) -> Array:
    """The reals of tensors, side by side along their channels."""
    reals = [each.real(values[each.number]) for each in tensors]
    return np.concatenate(reals, axis=-1) if len(reals) > 1 else reals[0]


def _timed(
    name: str, samples: Iterator[Mapping[int, Array]], tell: Tell
) -> Iterator[Mapping[int, Array]]:
    """Samples, of which each is told when it is done."""
    started = time.perf_counter()
    for number, each in enumerate(samples):
        tell(f"{name}, sample {number}", time.perf_counter() - started)
        yield each
        started = time.perf_counter()
