"""What can be compared, by what a user calls it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.compare.tensors import Array, Network
from vaqf.compiler.project import MANIFEST
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.samples import Input

ONNX_RUNTIME = "onnxruntime:"
"""What a model is called after that ONNX Runtime executes."""

EXPECTED = (
    f"expected a model (.onnx), {ONNX_RUNTIME}MODEL.onnx, IR (.mlir), or the folder of a project"
)


class Side(Protocol):
    """A run of a network."""

    @property
    def inputs(self) -> Sequence[Input]:
        """What it is given."""
        ...

    @property
    def network(self) -> Network:
        """What it computes."""
        ...

    def run(
        self, inputs: Mapping[str, Floats], wanted: Collection[int]
    ) -> Iterator[Mapping[int, Array]]:
        """
        Compute some tensors.

        Args:
            inputs: real values for each input by its name, samples x its shape.
            wanted: numbers of tensors.

        Gives:
            Those tensors, for one sample after the other.

        Raises:
            UserError: when the inputs are not what the network takes, or it cannot be executed.
        """
        ...


def open_side(text: str, model: Path | None) -> Side:
    """
    What a user means.

    Args:
        text: a file, a folder, or a model after `onnxruntime:`.
        model: the model file of IR, wherever that says it is.

    Raises:
        UserError: when there is no such file, or it is none of that.
        ParseError: when IR is no IR.
    """
    if text.startswith(ONNX_RUNTIME):
        from vaqf.compiler.compare.onnx_runtime import OnnxRuntime

        return OnnxRuntime.open(_existing(text.removeprefix(ONNX_RUNTIME)))
    path = _existing(text)
    if path.is_dir():
        if not (path / MANIFEST).exists():
            raise UserError(f"{text}: is a folder without {MANIFEST}, {EXPECTED}")
        from vaqf.compiler.compare.simulated import SimulatedProject

        return SimulatedProject.open(path)
    match path.suffix:
        case ".onnx":
            from vaqf.frontends.onnx import import_model

            return _side_of(import_model(path, str(path)), path, path)
        case ".mlir":
            return _side_of(_read(path), path, model)
        case _:
            raise UserError(f"{text}: is of no known kind, {EXPECTED}")


def _existing(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise UserError(f"{text}: no such file, {EXPECTED}")
    return path


def _side_of(module: ModuleOp, path: Path, model: Path | None) -> Side:
    """A run of a module by the interpreter."""
    from vaqf.compiler.compare.accelerators import InterpretedAccelerator
    from vaqf.compiler.compare.tensor_level import InterpretedNetwork
    from vaqf.compiler.model_resolution import ModelSearch, open_parameters, searching_models
    from vaqf.interpreters.accelerator import is_accelerator
    from vaqf.interpreters.execute import entry_function

    with searching_models(ModelSearch(ir_file=path, override=model)):
        parameters = open_parameters(module)
    if is_accelerator(entry_function(module)):
        return InterpretedAccelerator.of(module, parameters)
    return InterpretedNetwork.of(module, parameters)


def _read(path: Path) -> ModuleOp:
    """The IR in a file."""
    from vaqf.compiler.context import full_context
    from vaqf.compiler.located_parser import parse_ir
    from vaqf.compiler.verification import verify

    module = parse_ir(full_context(), path.read_bytes(), str(path))
    verify(module)
    return module
