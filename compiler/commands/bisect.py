"""`vaqf bisect`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from vaqf.compiler.named_pipelines import NAMED
from vaqf.compiler.plugins import add_plugin_argument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xdsl.passes import ModulePass

    from vaqf.compiler.bisection.bisection import Verdict
    from vaqf.compiler.bisection.question import Question

FOUND = 0
"""Exit code when a pass breaks the module."""

NOTHING_BREAKS = 1
"""Exit code when none does."""

EXAMPLES = """\
examples:
  which pass gives up, or leaves IR that does not verify:
    vaqf bisect model.onnx --vaqf-vit --vaqf-quantize -o broken.mlir
    vaqf-opt --run-reproducer broken.mlir
  which pass changes the result by more than 0.001:
    vaqf bisect model.onnx --vaqf-vit --input images.npz --tolerance 1e-3 -o broken.mlir
  which pass changes a bit of the integers; then only the operations that show it:
    vaqf bisect quantized.mlir --vaqf-lower --input images.npz --exact -o broken.mlir --reduce
  which pass takes the result away from that of the float model:
    vaqf bisect vit.mlir -p '...' --reference model.onnx --input images.npz --tolerance 0.5
  again, what a reproducer shows:
    vaqf bisect broken.mlir --input broken.inputs.npz --exact

The passes run once, as in vaqf-opt, and the IR is verified after each. With --input it is executed,
too: at first after the last pass, then by bisection. Differences are absolute, between real values
of the results; --tolerance of vaqf compare is a share of the largest value of a layer.
IR that cannot be executed any more is a difference. The first pass that breaks it is told, with
what was measured before and after it.

The reproducer is the IR before that pass, with the pass in its first line. --reduce leaves out all
operations that are not needed to break it in the same way; what needed them takes arguments, with
the values that they had. These are written beside it, to NAME.inputs.npz. Passes that round change
every layer a little: relative to its largest value, what is left differs at least half as much as
the whole. At the accel level, which is slow to execute, it takes many minutes; interrupted by
Ctrl-C, it writes what is left so far.

The exit code is 0 when a pass was found, 1 when none breaks it, 2 for a mistake.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("file", metavar="FILE", help="an ONNX model, IR of any level, or a reproducer")
    add(
        "-p",
        "--passes",
        metavar="PASSES",
        help="passes to run, as vaqf-opt takes them and vaqf compile prints them "
        "(default: those of the reproducer)",
    )
    for name, meaning in NAMED.items():
        add(f"--{name}", action="store_true", help=f"before -p, run those {meaning}")
    add(
        "--until",
        choices=("crashes", "does-not-verify", "differs"),
        help="what counts as broken (default: any, as far as what is needed for it is given)",
    )
    add("--input", metavar="FILE.npz", help="arrays for the inputs, see vaqf run")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--tolerance", type=float, metavar="T", help="the largest difference that is accepted"
    )
    how.add_argument("--exact", action="store_true", help="accept no difference")
    add(
        "--reference",
        metavar="FILE",
        help="a model or IR that computes the right values (default: FILE before all passes)",
    )
    add(
        "--linear",
        action="store_true",
        help="execute after each pass from the first on, to find what a later pass hides",
    )
    add("--model", metavar="MODEL.onnx", help="the model file, wherever the IR says it is")
    add_plugin_argument(parser)
    add("-o", "--output", metavar="FILE.mlir", help="file to write the reproducer to")
    add("--reduce", action="store_true", help="write only what is needed to break it")


def run(arguments: argparse.Namespace) -> int:
    """Bisect; gives the exit code."""
    from vaqf.compiler.bisection.bisection import bisect
    from vaqf.compiler.progress import Progress

    question = _question(arguments)
    with Progress([]) as progress:
        verdict = bisect(question, progress.line)
    print("\n".join(_told(verdict, question)))
    return FOUND if verdict.culprit is not None else NOTHING_BREAKS


def _question(arguments: argparse.Namespace) -> Question:
    """
    What the user asks.

    Raises:
        UserError: when that does not fit together.
    """
    from math import isfinite

    from vaqf.compiler.bisection.failure import Criterion
    from vaqf.compiler.bisection.question import Execution, Question
    from vaqf.dialects.diagnostics import UserError

    until = None if arguments.until is None else Criterion(arguments.until)
    tolerance: float | None = 0.0 if arguments.exact else arguments.tolerance
    if arguments.input is None:
        if until is Criterion.DIFFERS:
            raise UserError("--until differs executes the IR: give arrays with --input")
        for flag in ("exact", "tolerance", "reference", "linear"):
            if getattr(arguments, flag):
                raise UserError(f"--{flag} is about results: give arrays with --input")
    elif tolerance is None:
        raise UserError("--input needs --tolerance T or --exact: what difference is accepted?")
    elif not (isfinite(tolerance) and tolerance >= 0):
        raise UserError(f"--tolerance is {tolerance:g}, accepted are 0 and more")
    elif until not in (None, Criterion.DIFFERS):
        raise UserError(f"--until {until} executes nothing, leave out --input")
    if arguments.reduce and arguments.output is None:
        raise UserError("--reduce needs a file for the reproducer: give it with -o")
    file, execution = Path(arguments.file), None
    if arguments.input is not None and tolerance is not None:
        reference = _path(arguments.reference)
        execution = Execution(Path(arguments.input), tolerance, reference, arguments.linear)
    question = Question(
        file=file,
        passes=_passes(arguments, file),
        criteria=frozenset(Criterion if until is None else [until]),
        execution=execution,
        model=_path(arguments.model),
        output=_path(arguments.output),
        is_reduced=arguments.reduce,
        plugins=arguments.plugins,
    )
    question.expect_place_for_output()
    return question


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def _passes(arguments: argparse.Namespace, file: Path) -> Sequence[ModulePass]:
    """
    The passes that the user names, or the reproducer does.

    Raises:
        UserError: when there are none.
    """
    from xdsl.universe import Universe

    from vaqf.compiler.module_file import is_model
    from vaqf.compiler.named_pipelines import named_pipelines
    from vaqf.compiler.plugins import with_plugins
    from vaqf.compiler.reproducer import HEADER, passes_of
    from vaqf.compiler.specification import parse_passes
    from vaqf.dialects.diagnostics import UserError

    named = [each for each in NAMED if getattr(arguments, each.replace("-", "_"))]
    text: str | None = arguments.passes
    if text is None and not named and not is_model(file):
        start = file.read_bytes().decode(errors="replace")
        text = passes_of(arguments.file, start) if start.startswith(HEADER) else None
    available = with_plugins(Universe.get_multiverse().all_passes, arguments.plugins)
    passes = (*named_pipelines(named), *parse_passes(available, text or ""))
    if not passes:
        flags = ", ".join(f"--{each}" for each in NAMED)
        raise UserError(f"there is no pass to run: name some with -p, or with {flags}")
    return passes


def _told(verdict: Verdict, question: Question) -> list[str]:
    """Lines about what was found."""
    from vaqf.compiler.bisection.search import Divergence
    from vaqf.compiler.specification import print_specification

    culprit = verdict.culprit
    count = len(question.passes)
    if culprit is None:
        what = "1 pass" if count == 1 else f"{count} passes"
        notes = list(verdict.notes)
        if question.execution is not None and not question.execution.is_linear and count > 1:
            notes.append(("between", "not executed; --linear finds what a later pass hides"))
        return [f"nothing breaks in {what}", *(_row(*each) for each in notes)]
    rows = [("criterion", str(culprit.criterion))]
    found = culprit.found
    if isinstance(found, Divergence):
        rows += [
            ("before", str(found.before)),
            ("after", str(found.after)),
            ("pass alone", str(found.alone)),
        ]
    else:
        rows += [("before", "verifies"), ("after", found.message)]
    rows += verdict.notes
    name = print_specification(question.passes[culprit.index])
    return [f"pass {culprit.index + 1} of {count}: {name}", *(_row(*each) for each in rows)]


def _row(title: str, text: str) -> str:
    first, *others = text.splitlines() or [""]
    return "\n".join([f"  {title:11} {first}", *(f"  {'':11} {each}".rstrip() for each in others)])
