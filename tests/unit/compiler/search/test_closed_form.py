"""Estimates in closed form are what is read off the lowered IR."""

from pathlib import Path
from random import Random

import pytest

from tests.unit.compiler.search.lowering import (
    FAMILIES,
    MNIST,
    lowered,
    random_choice,
    reference_of,
    shared_engines,
)
from vaqf.compiler.search.frontier import REFERENCES

MODELS = [
    (MNIST, 1, 8, 1, None, 128),
    (MNIST, 1, 7, 2, 100, 64),
    (FAMILIES / "timm_fused.legacy17.onnx", 1, 16, 2, 33, 256),
    (FAMILIES / "timm_fused.legacy17.onnx", 8, 8, 1, 64, 128),
    (FAMILIES / "timm_distilled.legacy17.onnx", 1, 8, 2, None, 512),
    (FAMILIES / "simple_vit.legacy17.onnx", 1, 5, 1, None, 64),
    (FAMILIES / "timm_average.legacy17.onnx", 1, 8, 2, 1, 128),
    (FAMILIES / "timm_patch32.legacy17.onnx", 16, 12, 1, None, 1024),
]
"""
With widths of weights and activations, the frames of a call, bits a cycle of the memory, and those
of a port.
"""

CONFIGURATIONS = 26
"""For each model, that can be lowered."""


@pytest.mark.parametrize(
    ("model", "weight_bits", "activation_bits", "frames", "memory_bits", "word_bits"), MODELS
)
def test_equal_to_the_ir(
    model: Path,
    weight_bits: int,
    activation_bits: int,
    frames: int,
    memory_bits: int | None,
    word_bits: int,
) -> None:
    module = shared_engines(model, weight_bits, activation_bits, frames)
    reference = reference_of(model, weight_bits, activation_bits, frames, memory_bits, word_bits)
    random, compared = Random(f"{model.name} {weight_bits} {activation_bits}"), 0
    while compared < CONFIGURATIONS:
        choice = random_choice(random, memory_bits, word_bits)
        if (expected := lowered(module, choice)) is not None:
            assert reference.estimate(choice) == expected, choice
            compared += 1


@pytest.mark.parametrize("bits", range(1, 17))
def test_other_widths(bits: int) -> None:
    """Cycles are exact; LUTs follow from shifts that ranges decide, and are off by a hundredth."""
    choice, frames = random_choice(Random(0)), 1 + bits % 2
    here = next(here for here, others in REFERENCES.items() if bits in others)
    computed = reference_of(MNIST, 1, here, frames).at(here, bits).estimate(choice)
    exact = reference_of(MNIST, 1, bits, frames).estimate(choice)
    assert computed.cycles == exact.cycles
    assert computed.resources.lut == pytest.approx(exact.resources.lut, rel=0.01)
    assert computed.resources.ff == pytest.approx(exact.resources.ff, rel=0.01)
    assert computed.resources.amounts[2:] == exact.resources.amounts[2:]
