"""How a model is written down changes nothing in its vit level but names."""

import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto
from xdsl.utils.exceptions import DiagnosticException

from tests.models.fixtures import Fixture, fixtures
from tests.models.mutations import MUTATIONS, Mutation
from tests.models.outcomes import Check, failing_check
from tests.models.vit_level import Computation, raise_to_vit, without_names
from vaqf.frontends.onnx import ModelFile, import_file

SUPPORTED = tuple(each for each in fixtures() if failing_check(each) is not Check.LEVELS)

seeds = st.integers(0, 2**32 - 1)


def vit_level(fixture: Fixture, mutate: Callable[[ModelProto], None]) -> tuple[str, Computation]:
    """The vit level of a fixture that was changed: its text without names, and what it does."""
    proto = ModelProto.FromString(fixture.file.read_bytes())
    mutate(proto)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        file.write_bytes(proto.SerializeToString())
        for data in fixture.data:
            shutil.copy(data, folder)
        model = ModelFile.open(file)
        module = import_file(model, "model.onnx")
        raise_to_vit(module)
        inputs = {proto.graph.input[0].name: fixture.images()}
        return without_names(module), Computation.of(module, model, inputs)


@cache
def unchanged(fixture: Fixture) -> tuple[str, Computation]:
    return vit_level(fixture, lambda _: None)


def check_mutations(fixture: Fixture, mutations: Sequence[Mutation], seed: int) -> None:
    def mutate(model: ModelProto) -> None:
        random = Random(seed)
        for mutation in mutations:
            mutation(model, random)

    text, computation = unchanged(fixture)
    mutated_text, mutated_computation = vit_level(fixture, mutate)
    assert mutated_text == text
    mutated_computation.check_equal(computation)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.__name__)
@settings(max_examples=20)
@given(fixture=st.sampled_from(SUPPORTED), seed=seeds)
def test_mutation(mutation: Mutation, fixture: Fixture, seed: int) -> None:
    check_mutations(fixture, [mutation], seed)


@settings(max_examples=40)
@given(
    fixture=st.sampled_from(SUPPORTED),
    mutations=st.permutations(MUTATIONS),
    seed=seeds,
)
def test_mutations_together(fixture: Fixture, mutations: Sequence[Mutation], seed: int) -> None:
    check_mutations(fixture, mutations, seed)


def exchange_weights(model: ModelProto, random: Random) -> None:
    """Give two layers the weights of each other."""
    (first, second) = (each for each in model.graph.initializer if "norm2.weight" in each.name)
    first.name, second.name = second.name, first.name


def exchange_operands(model: ModelProto, random: Random) -> None:
    """Exchange the operands of a product of matrices, of activations with activations."""
    node = next(each for each in model.graph.node if "attn/MatMul" in each.name)
    node.input[:] = node.input[::-1]


def change_constant(model: ModelProto, random: Random) -> None:
    """Change a number of a layer norm."""
    node = next(each for each in model.graph.node if each.op_type == "LayerNormalization")
    (epsilon,) = (each for each in node.attribute if each.name == "epsilon")
    epsilon.f *= 2


@pytest.mark.parametrize("mutation", [exchange_weights, exchange_operands, change_constant])
def test_other_models_differ(mutation: Mutation) -> None:
    """The check finds changes that do change what a model computes."""
    with pytest.raises((AssertionError, DiagnosticException)):
        check_mutations(Fixture("timm_fused", "legacy17"), [mutation], 0)
