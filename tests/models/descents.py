"""
Models on their way down through the pipeline, and the IR at every step.

    python -m tests.models.descents    # what each pass did to each model, as JSON
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from tests.models.checks import REFERENCE
from tests.models.fixtures import fixtures
from vaqf.compiler.compilation import print_ir
from vaqf.compiler.context import full_context
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pass_statistics import Census, Changes
from vaqf.compiler.pipeline import Level, Options, stages
from vaqf.compiler.recipe import parse_rules
from vaqf.dialects.shapes import shape_of
from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.interpreters.execute import entry_function
from vaqf.passes.statistics import statistics_of
from vaqf.passes.tile_engines import TileEnginesPass

MODELS = Path(__file__).parent

TILES = TileEnginesPass(lanes=12, binary_matmul=(24, 12, 4), integer_matmul=(12, 4, 2), keys=8)


@dataclass(frozen=True)
class Step:
    """The IR before the first pass, or after one."""

    level: Level
    """That of the stage; `onnx` after the import."""

    by: ModulePass | None
    """The pass that made it; None after the import."""

    module: ModuleOp
    """The IR; the next pass changes it."""


@dataclass(frozen=True)
class Descent:
    """A model, and how far down it goes."""

    path: str
    """Of the model file, in this folder."""

    options: Options = field(default_factory=Options)

    last: str = "integerize-interface"
    """The last pass: executing what comes after `tile-engines` takes minutes for most models."""

    @property
    def name(self) -> str:
        """As tests print it."""
        return Path(self.path).stem

    @property
    def file(self) -> Path:
        """The model."""
        return MODELS / self.path

    def steps(self, model: ModelFile) -> Iterator[Step]:
        """The IR after the import, and after each pass, not verified."""
        module = import_file(model, self.path)
        yield Step(Level.ONNX, None, module)
        context = full_context()
        with searching_models(ModelSearch(override=model.path, opened={model.path: model})):
            for level, each in self.passes():
                each.apply(context, module)
                yield Step(level, each, module)

    def passes(self) -> Iterator[tuple[Level, ModulePass]]:
        """What it goes through, and the level of each."""
        for stage in stages(self.options):
            for each in stage.passes:
                yield stage.level, each
                if each.name == self.last:
                    return


def images(module: ModuleOp, count: int) -> NDArray[np.float32]:
    """Random images for an imported model."""
    (pixels,) = entry_function(module).args
    shape = (count, *shape_of(pixels)[1:])
    return np.random.default_rng(7).standard_normal(shape, np.float32)


DESCENTS = (
    # All the way, with two frames, and widths that differ.
    Descent(
        "families/timm_patch8.legacy17.onnx",
        Options(tiling=TILES, frames=2, rules=parse_rules("blocks[*].mlp: a6", "rules")),
        "estimate-performance",
    ),
    Descent("families/timm_deit3.legacy17_ort_extended.onnx"),
    Descent("families/timm_average.legacy14.onnx", Options(assume_ranges=True)),
    Descent("families/hf_deit_teacher.dynamo18.onnx", Options(weight_bits=8)),
    Descent("families/timm_dinov2_registers.dynamo18_onnxsim.onnx"),
    Descent("quantized/qonnx_w1a4.onnx"),
    Descent("quantized/qdq_int8_per_channel.onnx"),
    Descent("../../examples/mnist/mnist_vit.onnx", last="roll-layers"),
)
"""Models that differ in what they are made of, through writers that differ."""

_IN_DESCENTS = {each.name for each in DESCENTS}

REFERENCES = tuple(
    Descent(f"families/{each.name}.onnx")
    for each in fixtures()
    if each.writer == REFERENCE and each.name not in _IN_DESCENTS
)
"""One model of each family: below `vit`, those of other writers are the same."""

OTHERS = tuple(
    Descent(f"families/{each.name}.onnx", last="select-token-early")
    for each in fixtures()
    if each.writer != REFERENCE and each.name not in _IN_DESCENTS
)
"""The models of all other writers, as far as they differ."""


def main() -> None:
    """Print what each pass did to each model."""
    found: dict[str, list[dict[str, object]]] = {}
    for descent in (*DESCENTS, *REFERENCES, *OTHERS):
        found[descent.name] = []
        census, before = Census.of(ModuleOp([])), ""
        for step in descent.steps(ModelFile.open(descent.file)):
            text, after = print_ir(step.module, locations=True), Census.of(step.module)
            changes = Changes.between(census, after)
            statistics = () if step.by is None else statistics_of(type(step.by))
            found[descent.name].append(
                {
                    "by": "import" if step.by is None else step.by.name,
                    "changed": text != before,
                    "sha256": sha256(text.encode()).hexdigest(),
                    "counts": {each.meaning: changes.counted(each) for each in statistics},
                }
            )
            census, before = after, text
    print(json.dumps(found))


if __name__ == "__main__":
    main()
