"""Small models as a search sees them, and their estimates by lowering them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import PassFailedException

from vaqf.compiler.compilation import compile_file
from vaqf.compiler.context import full_context
from vaqf.compiler.pipeline import Options, stages
from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.reference import Estimate, Reference, estimated, lowering
from vaqf.dialects.accel.tiles import BINARY_FORMS
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.tile_engines import TileEnginesPass

FAMILIES = Path(__file__).parents[3] / "models" / "families"
MNIST = Path(__file__).parents[4] / "examples" / "mnist" / "mnist_vit.onnx"

WORD_BITS = 128


@cache
def shared_engines(
    model: Path, weight_bits: int, activation_bits: int, frames: int = 1
) -> ModuleOp:
    """A model after `share-engines`."""
    every = stages(Options(weight_bits, activation_bits, assume_ranges=True, frames=frames))
    last = next(number for number, each in enumerate(every) if each.name == "tile-engines")
    return compile_file(ModelFile.open(model), model.name, every[:last], is_verified=False)


@cache
def reference_of(
    model: Path,
    weight_bits: int,
    activation_bits: int,
    frames: int = 1,
    memory_bits: int | None = None,
    word_bits: int = WORD_BITS,
) -> Reference:
    """The reference of a model."""
    module = shared_engines(model, weight_bits, activation_bits, frames)
    return Reference.of(module, word_bits, memory_bits)


def lowered(module: ModuleOp, choice: Choice) -> Estimate | None:
    """What is read off the lowered IR; None when it cannot be lowered."""
    module = module.clone()
    try:
        for each in lowering(choice):
            each.apply(full_context(), module)
    except PassFailedException:
        return None
    return estimated(module)


def random_choice(
    random: Random, memory_bits: int | None = None, word_bits: int = WORD_BITS
) -> Choice:
    """Any parameters; not all of them go together."""
    lanes = random.choice((8, 16, 24, 32, 48, 64, 64, 96, 128))
    inputs = [each for each in range(1, lanes + 1) if lanes % each == 0]
    tiling = TileEnginesPass(
        lanes=lanes,
        binary_matmul=(
            lanes * random.choice((1, 2, 3)),
            random.choice(inputs),
            random.choice((1, 2, 3, 4, 6, 8)),
        ),
        binary_form=random.choice(BINARY_FORMS),
        integer_matmul=(
            lanes * random.choice((1, 2)),
            random.choice(inputs),
            random.choice((1, 1, 2)),
        ),
        keys=random.randint(1, 60),
        queries=random.randint(1, 60),
        pack_values=random.choice((True, False)),
        norm_tokens=random.randint(1, 70),
    )
    vector_lanes = random.choice((1, 4, 8, 16, 32, 64, 128))
    return Choice(tiling, vector_lanes, word_bits, random.choice((0, 0, 20, 100)), memory_bits)
