"""Writers: the exporters, versions and optimisers that ONNX files come from."""

# The signatures of torch and the optimisers are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import onnxruntime
import onnxsim
import onnxslim
import torch
from torch import nn

from tests.models.export.families import Family, Size

INPUT = "pixel_values"

KEPT_METADATA = "pkg.torch.onnx.name_scopes"
"""The only metadata that stays: the modules that a node came from."""


@dataclass(frozen=True)
class Export:
    """A way to call torch's exporter."""

    dynamo: bool
    """Whether to use the exporter on torch.export, not the one on TorchScript."""
    opset: int
    static: bool = False
    """Whether the batch is fixed at one, not symbolic."""

    def write(self, model: nn.Module, size: Size, output: str, file: Path) -> None:
        """Export to one file."""
        images = torch.randn(1 if self.static else 2, *size.image_shape)
        axes = {INPUT: {0: "batch"}, output: {0: "batch"}}
        shapes = ({0: torch.export.Dim("batch")},)
        only = (
            {
                "external_data": False,
                "verbose": False,
                "dynamic_shapes": None if self.static else shapes,
            }
            if self.dynamo
            else {"dynamic_axes": None if self.static else axes}
        )
        torch.onnx.export(
            model,
            (images,),
            str(file),
            input_names=[INPUT],
            output_names=[output],
            dynamo=self.dynamo,
            opset_version=self.opset,
            **only,
        )


@dataclass(frozen=True)
class Writer:
    """Where an ONNX file comes from."""

    name: str
    """In the names of files."""
    title: str
    """For readers."""
    export: Export
    then: Callable[[onnx.ModelProto], onnx.ModelProto] | None = None
    """What happens to the exported model."""
    tool: str = ""
    """The package that does that."""
    external: bool = False
    """Whether the weights go to a second file."""
    for_sizes: bool = False
    """Whether families that differ only in sizes are written too."""

    def save(self, exported: onnx.ModelProto, file: Path) -> None:
        """Write the model after all that happens to it."""
        model = onnx.ModelProto.FromString(exported.SerializeToString())
        if self.then is not None:
            model = self.then(model)
        _strip_metadata(model)
        if not self.external:
            file.write_bytes(model.SerializeToString(deterministic=True))
            return
        data = file.with_name(f"{file.name}.data")
        data.unlink(missing_ok=True)
        onnx.save(model, str(file), save_as_external_data=True, location=data.name)
        data.chmod(0o644)


def write_all(
    family: Family, size: Size, writers: tuple[Writer, ...], path: Callable[[Writer], Path]
) -> Generator[tuple[Writer, Path]]:
    """
    Write a model with writers; a new file is complete when it is given.

    Raises:
        Exception: whatever the tools raise.
    """
    exports: dict[Export, onnx.ModelProto] = {}
    for writer in writers:
        if writer.export not in exports:
            with TemporaryDirectory() as folder:
                exported = Path(folder) / "model.onnx"
                writer.export.write(family.model(size), size, family.output, exported)
                exports[writer.export] = onnx.ModelProto.FromString(exported.read_bytes())
        file = path(writer)
        writer.save(exports[writer.export], file)
        yield writer, file


def _weights_as_constants(model: onnx.ModelProto) -> onnx.ModelProto:
    """Put weights into the graph, as converters from other frameworks do."""
    graph = model.graph
    constants = [
        onnx.helper.make_node("Constant", [], [each.name], f"Constant_{each.name}", value=each)
        for each in graph.initializer
    ]
    nodes = list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.node.extend(constants + nodes)
    return model


def _onnx_runtime(level: str) -> Callable[[onnx.ModelProto], onnx.ModelProto]:
    """ONNX Runtime's offline optimisation."""

    def optimise(model: onnx.ModelProto) -> onnx.ModelProto:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "model.onnx"
            options = onnxruntime.SessionOptions()
            options.graph_optimization_level = getattr(
                onnxruntime.GraphOptimizationLevel, f"ORT_ENABLE_{level}"
            )
            options.optimized_model_filepath = str(file)
            options.log_severity_level = 3
            onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
            return onnx.ModelProto.FromString(file.read_bytes())

    return optimise


def _onnxslim(model: onnx.ModelProto) -> onnx.ModelProto:
    slim = onnxslim.slim(model)
    assert isinstance(slim, onnx.ModelProto)
    return slim


def _onnxsim(model: onnx.ModelProto) -> onnx.ModelProto:
    simple, is_equal = onnxsim.simplify(model)
    assert is_equal
    return simple


def _strip_metadata(model: onnx.ModelProto) -> None:
    """Drop what says how and where the file was made, and intermediate shapes."""
    graph = model.graph
    del graph.value_info[:]
    for item in (model, graph, *graph.initializer, *graph.input, *graph.output):
        del item.metadata_props[:]
        item.ClearField("doc_string")
    for node in graph.node:
        kept = [each for each in node.metadata_props if each.key == KEPT_METADATA]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
        node.ClearField("doc_string")


_LEGACY = Export(dynamo=False, opset=17)
_DYNAMO = Export(dynamo=True, opset=18)
_NEWER = Export(dynamo=True, opset=20)

WRITERS = (
    Writer("legacy14", "TorchScript, opset 14", Export(False, 14), for_sizes=True),
    Writer("legacy17", "TorchScript, opset 17", _LEGACY, for_sizes=True),
    Writer("legacy17_static", "… static batch", Export(False, 17, static=True)),
    Writer("legacy17_constants", "… weights in `Constant`", _LEGACY, _weights_as_constants),
    Writer("dynamo18", "dynamo, opset 18", _DYNAMO, for_sizes=True),
    Writer("dynamo18_static", "… static batch", Export(True, 18, static=True)),
    Writer(
        "dynamo20_external",
        "dynamo, opset 20, external data",
        _NEWER,
        external=True,
        for_sizes=True,
    ),
    Writer("dynamo23", "dynamo, opset 23", Export(True, 23), for_sizes=True),
    Writer(
        "legacy17_ort_basic",
        "TorchScript 17, ONNX Runtime basic",
        _LEGACY,
        _onnx_runtime("BASIC"),
        tool="onnxruntime",
    ),
    Writer(
        "legacy17_ort_extended",
        "TorchScript 17, ONNX Runtime extended",
        _LEGACY,
        _onnx_runtime("EXTENDED"),
        tool="onnxruntime",
    ),
    Writer(
        "dynamo18_ort_extended",
        "dynamo 18, ONNX Runtime extended",
        _DYNAMO,
        _onnx_runtime("EXTENDED"),
        tool="onnxruntime",
    ),
    Writer("legacy17_onnxslim", "TorchScript 17, onnxslim", _LEGACY, _onnxslim, tool="onnxslim"),
    Writer("dynamo20_onnxslim", "dynamo 20, onnxslim", _NEWER, _onnxslim, tool="onnxslim"),
    Writer("legacy17_onnxsim", "TorchScript 17, onnxsim", _LEGACY, _onnxsim, tool="onnxsim"),
    Writer("dynamo18_onnxsim", "dynamo 18, onnxsim", _DYNAMO, _onnxsim, tool="onnxsim"),
)

logging.getLogger("torch.onnx").setLevel(logging.ERROR)


def writers_of(family: Family) -> tuple[Writer, ...]:
    """The writers that a family is written with."""
    return tuple(each for each in WRITERS if each.for_sizes or not family.is_size)
