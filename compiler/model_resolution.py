"""Finding the model file that IR refers to."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp

from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.model_reference import ModelReference

if TYPE_CHECKING:
    from vaqf.frontends.onnx.model_file import ModelFile
    from vaqf.interpreters.parameters import ParameterSource


@dataclass(frozen=True)
class ModelSearch:
    """Where to look for model files; one model is opened and hashed only once."""

    ir_file: Path | None = None
    """The file with the IR: a relative path in it is looked up beside it first."""

    override: Path | None = None
    """The model to use whatever path is recorded; its content still has to be the recorded one."""

    opened: dict[Path, ModelFile] = field(default_factory=lambda: dict[Path, "ModelFile"]())
    """Models that were found before."""

    def candidates(self, recorded: str) -> tuple[Path, ...]:
        """The paths that may be meant by the recorded one, in the order to try them."""
        if self.override is not None:
            return (self.override,)
        if self.ir_file is None or Path(recorded).is_absolute():
            return (Path(recorded),)
        return (self.ir_file.parent / recorded, Path(recorded))

    def open(self, reference: ModelReference) -> ModelFile:
        """
        Open the model that is referred to.

        Raises:
            UserError: when it is nowhere, damaged, or not the file that the IR was made from.
        """
        # Needed by few invocations, and slow to import.
        from vaqf.frontends.onnx.model_file import ModelFile

        candidates = self.candidates(reference.file)
        path = next((each for each in candidates if each.is_file()), None)
        if path is None:
            tried = " and ".join(f"'{each}'" for each in dict.fromkeys(candidates))
            raise UserError(
                f"the model file is not there: looked for {tried}; --model names another"
            )
        if path not in self.opened:
            self.opened[path] = ModelFile.open(path)
        model = self.opened[path]
        if model.sha256 != reference.sha256:
            raise UserError(
                f"{path}: is not the model that the IR was made from, "
                f"expected SHA-256 {reference.sha256}, got {model.sha256}"
            )
        return model


_search: ContextVar[ModelSearch | None] = ContextVar("model search", default=None)


@contextmanager
def searching_models(search: ModelSearch) -> Generator[ModelSearch]:
    """Let `open_parameters` look in other places than the working directory."""
    token = _search.set(search)
    try:
        yield search
    finally:
        _search.reset(token)


def open_model(module: ModuleOp) -> ModelFile | None:
    """
    The model file of a module; None when the module names none.

    Raises:
        UserError: when it is nowhere, damaged, or not the file that the IR was made from.
    """
    reference = ModelReference.of(module)
    return None if reference is None else (_search.get() or ModelSearch()).open(reference)


def open_parameters(module: ModuleOp) -> ParameterSource:
    """
    Where the tensors of a module are: its model file. A module that names none has no tensors.

    Raises:
        UserError: when the file is nowhere, damaged, or not the one that the IR was made from.
    """
    from vaqf.interpreters.parameters import NoTensors

    return open_model(module) or NoTensors()
