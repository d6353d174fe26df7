"""The widths that rules give to activations: to those that a layer takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import describe, fail
from vaqf.passes.layer_precision import Precision, PrecisionLayer
from vaqf.passes.structure import source_of


@dataclass(frozen=True)
class Request:
    """What a rule asks of an activation."""

    bits: int
    """Its width."""

    layer: Operation
    """The layer that takes it."""

    def expect(self, bits: int, reason: str) -> None:
        """
        Check that an activation may have the width that a rule gives it.

        Args:
            bits: the width that it has to have.
            reason: why.

        Raises:
            PassFailedException: when it is another.
        """
        if bits != self.bits:
            fail(
                self.layer,
                f"a rule gives the activations that it takes {self.bits} bits, but {reason}: "
                f"expected {bits} bits, or no rule",
            )


def taken_by(layer: PrecisionLayer) -> Iterator[SSAValue]:
    """The activations whose width is that of a layer: of attention, queries, keys and values."""
    match layer:
        case vit.LinearOp():
            yield source_of(layer.input)
        case vit.PatchEmbeddingOp():
            yield source_of(layer.image)
        case vit.AttentionValuesOp():
            yield source_of(layer.value)
            softmax = source_of(layer.probabilities).owner
            scores = softmax.input.owner if isinstance(softmax, vit.SoftmaxOp) else None
            if isinstance(scores, vit.AttentionScoresOp):
                yield source_of(scores.query)
                yield source_of(scores.key)


def requested_widths(
    network: FuncOp, precisions: Mapping[PrecisionLayer, Precision]
) -> Mapping[SSAValue, Request]:
    """
    What rules ask of each activation of which they say something.

    What a GELU takes has the width of what it gives.

    Raises:
        PassFailedException: when layers that take the same activation ask for several widths.
    """
    requests: dict[SSAValue, Request] = {}
    for layer, precision in precisions.items():
        if precision.activation_bits is None:
            continue
        request = Request(precision.activation_bits, layer)
        for value in taken_by(layer):
            first = requests.setdefault(value, request)
            request.expect(first.bits, f"{describe(first.layer)} takes the same with {first.bits}")
    for op in network.body.block.ops:
        if isinstance(op, vit.GeluOp) and op.result in requests:
            requests[source_of(op.input)] = requests[op.result]
    return requests
