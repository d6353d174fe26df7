"""Networks that answer: models, IR of any level, and projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.evaluation.preprocessing import Pair, recorded_pixels
from vaqf.compiler.project import MANIFEST
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.onnx_runtime import has_onnx_runtime
from vaqf.interpreters.samples import Input

LOGITS = "logits"
"""What the output that tells classes is called, where there are several."""


@dataclass(frozen=True)
class Predictor:
    """A network that is ready to answer."""

    how: str
    """What executes it."""

    input: Input
    classes: int
    """How many it tells apart."""

    scores: Callable[[Floats], NDArray[np.floating]]
    """From images to images x classes."""


@dataclass(frozen=True)
class Target:
    """What a user calls a network; each process opens it for itself."""

    path: Path
    """An ONNX file, IR, or the folder of a project."""

    model: Path | None = None
    """The model file of IR, wherever that says it is."""

    def expect_there(self) -> None:
        """
        Check that it exists, before anything takes long.

        Raises:
            UserError: when it does not.
        """
        expected = "expected a model (.onnx), IR (.mlir), or the folder of a project"
        if not self.path.exists():
            raise UserError(f"{self.path}: no such file, {expected}")
        if self.path.is_dir() and not (self.path / MANIFEST).exists():
            raise UserError(f"{self.path}: is a folder without {MANIFEST}, {expected}")

    def open(self) -> Predictor:
        """
        Get it ready.

        Raises:
            UserError: when it is not what its name says, or does not tell classes.
        """
        self.expect_there()
        if self.path.is_dir():
            return _project(self.path)
        if _onnx_runtime_can(self.path):
            return _onnx_runtime(self.path)
        return _interpreted(self.path, self.model)

    @property
    def source(self) -> Path | None:
        """The float model that it was made from, if that is there and unchanged."""
        from vaqf.compiler.module_file import is_model

        if is_model(self.path):
            return None
        try:
            return _source_of_project(self.path) if self.path.is_dir() else self._source_of_ir()
        except UserError:
            return None

    @property
    def recorded_pixels(self) -> Pair | None:
        """How the model that it is, or was made from, says that pixels are normalized."""
        from vaqf.compiler.module_file import is_model

        model = self.path if is_model(self.path) else self.source
        return None if model is None else recorded_pixels(model)

    def _source_of_ir(self) -> Path | None:
        from vaqf.compiler.model_resolution import ModelSearch, open_model, searching_models
        from vaqf.compiler.module_file import read_module

        search = ModelSearch(ir_file=self.path, override=self.model)
        with searching_models(search):
            open_model(read_module(self.path))
        return next(iter(search.opened), None)


def _onnx_runtime_can(path: Path) -> bool:
    """
    Whether ONNX Runtime is there and can execute a file. It does not know QONNX, unless the model
    has functions that say what that means, as those of `vaqf train` have.
    """
    from vaqf.compiler.module_file import is_model
    from vaqf.frontends.onnx.model_file import ModelFile
    from vaqf.frontends.onnx.registry import QONNX_DOMAINS

    if not is_model(path) or not has_onnx_runtime():
        return False
    model = ModelFile.open(path).model
    explained = {each.domain for each in model.functions}
    return {each.domain for each in model.opset_import}.isdisjoint({*QONNX_DOMAINS} - explained)


def _source_of_project(folder: Path) -> Path | None:
    from vaqf.compiler.project import is_json_object, read_manifest
    from vaqf.frontends.onnx.model_file import ModelFile

    match read_manifest(folder).get("model"):
        case {"file": str(file), "sha256": str(sha256)} as model if is_json_object(model):
            path = Path(file)
            is_same = path.is_file() and ModelFile.open(path).sha256 == sha256
            return path if is_same else None
        case _:
            return None


def _chosen(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> tuple[str, int]:
    """
    The output that tells classes, and how many.

    Raises:
        UserError: when there is none.
    """
    told = {name: shape[-1] for name, shape in shapes.items() if np.prod(shape) == shape[-1]}
    if not told:
        listed = ", ".join(f"'{name}' of shape {shape}" for name, shape in shapes.items())
        raise UserError(f"{path}: gives {listed}, expected scores of classes, (1, classes)")
    name = LOGITS if LOGITS in told else next(iter(told))
    return name, told[name]


def _only_input(path: Path, inputs: Sequence[Input]) -> Input:
    if len(inputs) != 1:
        raise UserError(f"{path}: has {len(inputs)} inputs, expected one, for an image")
    return inputs[0]


def _interpreted(path: Path, model: Path | None) -> Predictor:
    from vaqf.compiler.model_resolution import ModelSearch, open_parameters, searching_models
    from vaqf.compiler.module_file import is_model, read_module
    from vaqf.interpreters.execute import OpenNetwork, network_inputs, network_outputs

    module = read_module(path)
    override = path if is_model(path) else model
    input = _only_input(path, network_inputs(module))
    name, classes = _chosen(path, network_outputs(module))
    with searching_models(ModelSearch(ir_file=path, override=override)):
        parameters = open_parameters(module)
    network = cache(lambda: OpenNetwork.of(module, parameters, is_fast=True))

    def scores(images: Floats) -> NDArray[np.floating]:
        answers = network().execute({input.name: images})[name]
        return answers.reshape(len(images), -1).astype(np.float64)

    return Predictor("VAQF", input, classes, scores)


def _onnx_runtime(path: Path) -> Predictor:
    import onnxruntime

    from vaqf.compiler.module_file import read_module
    from vaqf.interpreters.execute import network_inputs, network_outputs

    module = read_module(path)
    input = _only_input(path, network_inputs(module))
    name, classes = _chosen(path, network_outputs(module))

    @cache
    def session() -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        # Every process has a core for itself.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            # Its errors have no base of their own.
            if not type(error).__module__.startswith(onnxruntime.__name__):
                raise
            raise UserError(f"{path}: ONNX Runtime cannot execute it: {error}") from error

    def scores(images: Floats) -> NDArray[np.floating]:
        given = images.reshape(-1, *input.shape)
        answers = [np.asarray(session().run([name], {input.name: each})[0]) for each in given]
        return np.stack(answers).reshape(len(given), -1).astype(np.float64)

    return Predictor("ONNX Runtime", input, classes, scores)


def _project(folder: Path) -> Predictor:
    from vaqf.compiler.simulation import Simulation

    simulation = Simulation.of(folder)
    simulation.build()
    name, classes = _chosen(folder, {each.name: each.shape for each in simulation.outputs})
    port = simulation.input

    def scores(images: Floats) -> NDArray[np.floating]:
        given = simulation.images(images)
        return simulation.results(given)[name].reshape(len(given), -1).astype(np.float64)

    return Predictor("its C++", Input(port.name, port.shape, None), classes, scores)
