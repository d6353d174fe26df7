"""From a model file to IR of a level, stage by stage."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import DiagnosticException

from vaqf.compiler.context import full_context
from vaqf.compiler.errors import said_by
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pipeline import Stage, passes_of
from vaqf.compiler.printing import IrPrinter, Texts
from vaqf.compiler.verification import RepeatedVerification, verify
from vaqf.dialects.diagnostics import ReportError, UserError
from vaqf.frontends.onnx import ModelFile, import_file


@dataclass(frozen=True)
class Finished:
    """A stage that is done."""

    name: str
    """Of the stage; `onnx` for the import."""

    module: ModuleOp
    """The IR after it; later stages change it."""

    seconds: float
    """Time that it took."""


Report = Callable[[Finished], None]
"""Called after every stage."""


def print_ir(module: ModuleOp, *, locations: bool = False, known: Texts | None = None) -> str:
    """
    IR as text, with a line break at its end.

    Args:
        module: the IR.
        locations: whether they are printed.
        known: what has been printed before, which saves time.
    """
    output = StringIO()
    texts = Texts() if known is None else known
    IrPrinter(output, print_debuginfo=locations, texts=texts).print_op(module)
    return output.getvalue() + "\n"


def compile_model(
    path: Path, recorded_name: str, stages: Sequence[Stage], report: Report
) -> tuple[ModuleOp, ModelFile]:
    """
    Import a model and take it through stages. The module is verified after every pass.

    Args:
        path: the model file.
        recorded_name: what the IR calls that file.
        stages: what to run after the import.
        report: called after the import and after every stage.

    Returns:
        The IR after the last stage, and the open model file.

    Raises:
        UserError: when the model cannot be compiled.
        ReportError: as well, with all reasons.
    """
    model = ModelFile.open(path)
    return compile_file(model, recorded_name, stages, report), model


def compile_file(
    model: ModelFile,
    recorded_name: str,
    stages: Sequence[Stage],
    report: Report = lambda _: None,
    *,
    is_verified: bool = True,
) -> ModuleOp:
    """As `compile_model`, for a file that is open already; can leave out to verify."""
    started = time.perf_counter()
    module = import_file(model, recorded_name)
    verify(module)
    report(Finished("onnx", module, time.perf_counter() - started))
    with searching_models(ModelSearch(override=model.path, opened={model.path: model})):
        run_stages(module, stages, report, is_verified=is_verified)
    return module


def run_stages(
    module: ModuleOp, stages: Sequence[Stage], report: Report, *, is_verified: bool = True
) -> None:
    """
    Take a module through stages, and verify it after every pass if that is wanted.

    Raises:
        UserError: when a pass fails, with its name.
        ReportError: when a pass gives all reasons why it fails.
    """
    context, verification = full_context(), RepeatedVerification()
    for stage in stages:
        started = time.perf_counter()
        for each in stage.passes:
            try:
                each.apply(context, module)
            except ReportError:
                raise
            except DiagnosticException as error:
                raise UserError(said_by(each.name, error)) from error
            if is_verified:
                verification.verify(module, after=each)
        report(Finished(stage.name, module, time.perf_counter() - started))
    if is_verified and (passes := passes_of(stages)):
        verify(module, after=passes[-1])
