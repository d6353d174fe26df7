"""From a model file to IR of a level, stage by stage."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from io import StringIO
from itertools import zip_longest
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import DiagnosticException, VerifyException

from vaqf.compiler.context import full_context
from vaqf.compiler.errors import said_by
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pipeline import Stage
from vaqf.compiler.printing import IrPrinter, Texts
from vaqf.compiler.verification import verify
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


class Verified(Enum):
    """When a module is verified on its way."""

    NEVER = auto()

    LEVELS = auto()
    """At the end of each level."""

    PASSES = auto()
    """After every pass, which takes longer, but names the pass that went wrong."""


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
    Import a model and take it through stages. The module is verified at the end of each level.

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
        VerifyException: when a pass left an operation that is not valid, with its name.
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
    if not is_verified:
        return _compile(model, recorded_name, stages, report, Verified.NEVER)
    try:
        return _compile(model, recorded_name, stages, report, Verified.LEVELS)
    except VerifyException:
        # Which pass is to blame only the same again can tell.
        _compile(model, recorded_name, stages, lambda _: None, Verified.PASSES)
        raise


def _compile(
    model: ModelFile,
    recorded_name: str,
    stages: Sequence[Stage],
    report: Report,
    verified: Verified,
) -> ModuleOp:
    started = time.perf_counter()
    module = import_file(model, recorded_name)
    if verified is not Verified.NEVER:
        verify(module)
    report(Finished("onnx", module, time.perf_counter() - started))
    with searching_models(ModelSearch(override=model.path, opened={model.path: model})):
        run_stages(module, stages, report, verified=verified)
    return module


def run_stages(
    module: ModuleOp,
    stages: Sequence[Stage],
    report: Report = lambda _: None,
    *,
    verified: Verified = Verified.NEVER,
) -> None:
    """
    Take a module through stages.

    Raises:
        UserError: when a pass fails, with its name.
        ReportError: when a pass gives all reasons why it fails.
        VerifyException: when a pass left an operation that is not valid.
    """
    context = full_context()
    for stage, following in zip_longest(stages, stages[1:]):
        started = time.perf_counter()
        for each in stage.passes:
            try:
                each.apply(context, module)
            except ReportError:
                raise
            except DiagnosticException as error:
                raise UserError(said_by(each.name, error)) from error
            except Exception as error:
                error.add_note(f"in the pass {each.name}")
                raise
            if verified is Verified.PASSES:
                verify(module, after=each)
        is_last = following is None or following.level != stage.level
        if verified is Verified.LEVELS and is_last:
            verify(module)
        report(Finished(stage.name, module, time.perf_counter() - started))
