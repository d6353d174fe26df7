"""The page about one layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.backends.hls.sources import names_in
from vaqf.compiler.estimate import cycles_of
from vaqf.compiler.estimate_table import table
from vaqf.compiler.explanation.hardware import (
    EngineCall,
    area_of,
    calls_in_source,
    calls_of,
    definition_in_source,
    shapes_of,
)
from vaqf.compiler.explanation.layers import Layer, Project, read, texts_of
from vaqf.compiler.explanation.numbers import numbers_of
from vaqf.compiler.model_resolution import ModelSearch, open_parameters, searching_models
from vaqf.compiler.specification import parse_passes
from vaqf.compiler.universe import Universe
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.accel_functions import function_named
from vaqf.passes.pipeline_loops import PipelineLoopsPass
from vaqf.passes.tile_engines import TileEnginesPass

Kind = TypeVar("Kind", bound=ModulePass)

LEVELS = {
    "vit": "as an operation of the model",
    "quantized": "in integers",
    "lower-vit-to-accel": "as a layer of the accelerator",
    "estimate-performance": "as calls of engines",
}
"""The stages that are shown, and what a layer is in them."""

LAST = "estimate-performance"
"""The stage that the C++ is written from."""


def layer_page(
    project: Project, layer: Layer, inputs: Mapping[str, NDArray[np.float32]] | None
) -> str:
    """
    Everything about one layer, in Markdown.

    Args:
        project: whose layer it is.
        layer: which one.
        inputs: samples on which values are counted; None for none.

    Raises:
        UserError: when a part of the project is missing or damaged, or the samples do not fit.
    """
    modules = {name: read(project.stage(name)) for name in ("onnx", *LEVELS)}
    last = modules[LAST]
    calls = calls_of(last, layer)
    lines = [f"# {layer.name}", ""]
    lines += [f"A layer of {_model(project)}, in the project {project.folder}.", ""]
    lines += ["## Nodes of the model", "", *_code(_nodes(modules["onnx"], layer)), ""]
    for name, meaning in LEVELS.items():
        lines += [f"## {name}: {meaning}", "", *_level(modules[name], layer, name), ""]
    lines += ["## Numbers", "", *_numbers(project, modules["quantized"], layer, inputs), ""]
    lines += ["## Hardware", "", *_hardware(project, last, calls), ""]
    lines += ["## C++", "", *_source(project, calls)]
    return "\n".join(lines) + "\n"


def _model(project: Project) -> str:
    match project.manifest.get("model"):
        case {"file": str() as file}:
            return file
        case _:
            return "a model"


def _nodes(module: ModuleOp, layer: Layer) -> list[str]:
    found = list(layer.operations(module))
    names = (", ".join(names_in(op.location)) for op in found)
    pairs = zip(names, texts_of(module, found), strict=True)
    return [line for name, text in pairs for line in (f"// {name}", text)]


def _level(module: ModuleOp, layer: Layer, stage: str) -> list[str]:
    # Before, parameters are prepared as the levels above say.
    found = list(layer.operations(module, "forward" if stage == LAST else None))
    if not found:
        return ["Nothing of its own: it has become part of another layer."]
    return _code(texts_of(module, found))


def _numbers(
    project: Project,
    module: ModuleOp,
    layer: Layer,
    inputs: Mapping[str, NDArray[np.float32]] | None,
) -> list[str]:
    with searching_models(ModelSearch(ir_file=project.stage("quantized"))):
        numbers = numbers_of(module, layer, inputs, open_parameters(module))
    if not numbers:
        return ["It has no activations of its own."]
    header = ["value", "format", "scale", "range"]
    if inputs is None:
        note = ["", "With `--input images.npz` it is counted how much of these ranges is used."]
    else:
        header += ["of the samples", "smallest or largest, perhaps cut off"]
        note = []
    return [*table(header, (each.row for each in numbers)), *note]


def _hardware(project: Project, module: ModuleOp, calls: Sequence[EngineCall]) -> list[str]:
    if not calls:
        return ["No engine is called for it."]
    total = cycles_of(function_named(module, "forward"))
    passes = _passes(project)
    rows = (
        (
            each.engine,
            ", ".join(each.layers),
            str(each.times),
            f"{each.cycles:,}",
            f"{each.cycles / total:.2%}",
            f"{each.words:,}",
            each.binds,
        )
        for each in calls
    )
    header = ("engine", "computes", "executions", "cycles of one", "of all", "words", "binds")
    lines = table(header, rows)
    for engine in dict.fromkeys(each.engine for each in calls):
        area = ", ".join(f"{amount:,} {kind}" for kind, amount in area_of(module, engine).items())
        lines += ["", f"`{engine}` takes {area}, for all layers that share it."]
        lines += [f"- {each}" for each in shapes_of(module, engine, *passes)]
    return lines


def _passes(project: Project) -> tuple[TileEnginesPass, PipelineLoopsPass]:
    """The passes that gave the engines their sizes."""
    pipeline = project.manifest.get("pipeline")
    known = Universe.get_multiverse().all_passes
    found = parse_passes(known, pipeline) if isinstance(pipeline, str) else ()
    return _only(TileEnginesPass, found), _only(PipelineLoopsPass, found)


def _only(kind: type[Kind], passes: Sequence[ModulePass]) -> Kind:
    for each in passes:
        if isinstance(each, kind):
            return each
    raise UserError(f"the manifest of the project has no '{kind.name}' in its pipeline")


def _source(project: Project, calls: Sequence[EngineCall]) -> Iterator[str]:
    for each in calls_in_source(project.folder, calls):
        yield f"`{each.file}:{each.first}`"
        yield ""
        yield from _code([line.removeprefix("    ") for line in each.text], "cpp")
        yield ""
    for engine in dict.fromkeys(each.engine for each in calls):
        if (found := definition_in_source(project.folder, engine)) is not None:
            yield f"The engine is the function at `{found.file}:{found.first}`."


def _code(lines: Sequence[str], language: str = "mlir") -> list[str]:
    return [f"```{language}", *lines, "```"]
