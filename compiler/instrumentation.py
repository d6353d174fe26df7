"""What `vaqf-opt` shows of the passes that it runs, under the names that `mlir-opt` has for it."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.hints import did_you_mean
from vaqf.compiler.pass_statistics import Census, Changes
from vaqf.compiler.plugins import PLUGIN_FLAG
from vaqf.compiler.reproducer import reproducer
from vaqf.compiler.specification import print_pipeline, print_specification
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.statistics import statistics_of

Print = Callable[[ModuleOp], str]
"""Gives the text of a module."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    add = parser.add_argument_group("what the passes do", "All of it goes to the standard error.")
    flag = add.add_argument
    for when in ("before", "after"):
        flag(
            f"--mlir-print-ir-{when}",
            metavar="PASSES",
            default="",
            help=f"print the IR {when} these passes, separated by commas",
        )
        flag(
            f"--mlir-print-ir-{when}-all",
            action="store_true",
            help=f"print the IR {when} each pass",
        )
    for name, meaning in {
        "after-change": "of the IR after passes, print only what differs from that before",
        "after-failure": "print the IR after a pass that failed",
    }.items():
        flag(f"--mlir-print-ir-{name}", action="store_true", help=meaning)
    flag(
        "--mlir-print-ir-tree-dir",
        metavar="DIR",
        help="write what is printed into this folder instead, one numbered file a pass",
    )
    flag("--dump-pass-pipeline", action="store_true", help="print the passes with their options")
    flag("--mlir-timing", action="store_true", help="print the time that each pass took")
    flag(
        "--mlir-pass-statistics",
        action="store_true",
        help="print what each pass did how often, such as layers binarized or loops pipelined",
    )
    flag(
        "--mlir-pass-pipeline-crash-reproducer",
        metavar="FILE",
        help="leave the IR before a pass that fails, and the pass itself, in this file",
    )


@dataclass
class Instrumentation:
    """Watches the passes that run."""

    arguments: argparse.Namespace

    print_ir: Print
    """The text of a module, as it is shown."""

    print_all: Print
    """The text of a module with everything that reading it again needs."""

    running: ModulePass | None = None
    """The pass that runs now."""

    seconds: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    """Of each pass that has run."""

    changes: list[tuple[str, Sequence[str]]] = field(
        default_factory=list[tuple[str, Sequence[str]]]
    )
    """What each pass that has run did."""

    _started: float = 0.0
    _census: Census | None = None
    _before: str = ""
    _reproducible: str = ""
    _replaced: bytes | None = None
    """What was in the file of the reproducer before; it stays when no pass fails."""

    _files: int = 0

    def begin(self, passes: Sequence[ModulePass]) -> None:
        """
        Before the first pass.

        Raises:
            UserError: when a flag names a pass that does not run, or another flag has to be given.
        """
        given = self.arguments
        names = [each.name for each in passes]
        for flag, wanted in (("before", self._named("before")), ("after", self._named("after"))):
            for name in wanted:
                if name not in names:
                    hint = did_you_mean(name, names) or f", passes are {', '.join(names) or 'none'}"
                    raise UserError(
                        f"--mlir-print-ir-{flag} names '{name}', which does not run{hint}"
                    )
        if given.mlir_print_ir_tree_dir == "":
            raise UserError("--mlir-print-ir-tree-dir is empty, expected a folder")
        if given.mlir_print_ir_tree_dir is not None:
            self._expect_dumps(Path(given.mlir_print_ir_tree_dir))
        if given.mlir_pass_pipeline_crash_reproducer is not None:
            file = self._reproducer
            if not file.parent.is_dir() or file.is_dir():
                raise UserError(
                    f"--mlir-pass-pipeline-crash-reproducer is '{file}', expected a file in a "
                    "folder that exists"
                )
            self._replaced = file.read_bytes() if file.is_file() else None
        if given.dump_pass_pipeline:
            count = "1 pass" if len(passes) == 1 else f"{len(passes)} passes"
            self._tell(f"Pass Manager with {count}:\n{print_pipeline(passes)}")

    def _expect_dumps(self, folder: Path) -> None:
        kinds = ("before", "after", "before_all", "after_all", "after_change", "after_failure")
        if not any(getattr(self.arguments, f"mlir_print_ir_{kind}") for kind in kinds):
            raise UserError(
                "--mlir-print-ir-tree-dir has nothing to write: give --mlir-print-ir-after-all, or "
                "another flag that prints IR"
            )
        if folder.exists() and not folder.is_dir():
            raise UserError(f"--mlir-print-ir-tree-dir is {folder}, which is no folder")

    def before(self, following: ModulePass, module: ModuleOp) -> None:
        """Before a pass."""
        self.running = following
        given = self.arguments
        if given.mlir_print_ir_after_change:
            self._before = self.print_all(module)
        if given.mlir_pass_pipeline_crash_reproducer is not None:
            self._reproducible = reproducer(following, self.print_all(module))
            if not self._is_special:
                # Written now, it is there even when the pass ends the process.
                write_atomically(self._reproducer, self._reproducible)
        if given.mlir_pass_statistics:
            self._census = Census.of(module)
        if given.mlir_print_ir_before_all or following.name in self._named("before"):
            self._show("Before", following, self.print_ir(module))
        self._started = time.perf_counter()

    def after(self, finished: ModulePass, module: ModuleOp) -> None:
        """After a pass."""
        self.seconds.append((finished.name, time.perf_counter() - self._started))
        self.running = None
        given = self.arguments
        if self._census is not None:
            changes = Changes.between(self._census, Census.of(module))
            lines = changes.lines(statistics_of(type(finished)))
            self.changes.append((finished.name, lines))
        wanted = given.mlir_print_ir_after_all or finished.name in self._named("after")
        every = not (given.mlir_print_ir_after_all or self._named("after"))
        if given.mlir_print_ir_after_change:
            wanted = (wanted or every) and self.print_all(module) != self._before
        if wanted:
            self._show("After", finished, self.print_ir(module))

    def failed(self, module: ModuleOp | None) -> None:
        """After the running pass has failed; `module` is what is left of the IR."""
        given, running = self.arguments, self.running
        if running is None:
            return
        if given.mlir_print_ir_after_failure and module is not None:
            self._show("After", running, self.print_ir(module), " Failed")
        if given.mlir_pass_pipeline_crash_reproducer is not None:
            if self._is_special:
                write_atomically(self._reproducer, self._reproducible)
            plugins = "".join(f" {PLUGIN_FLAG} {shlex.quote(each)}" for each in given.plugins)
            again = f"vaqf-opt --run-reproducer {shlex.quote(str(self._reproducer))}{plugins}"
            self._tell(f"wrote {self._reproducer}: {again}")

    def end(self) -> None:
        """After the last pass."""
        if self.arguments.mlir_pass_pipeline_crash_reproducer is not None:
            self._forget_reproducer()
        if self.arguments.mlir_pass_statistics:
            lines = ["===- Pass statistics report -==="]
            for name, changes in self.changes:
                lines += [name, *(changes or ["       nothing"])]
            self._tell("\n".join(lines))
        if self.arguments.mlir_timing:
            self._tell_times()
        self.changes.clear()
        self.seconds.clear()

    @property
    def _reproducer(self) -> Path:
        return Path(self.arguments.mlir_pass_pipeline_crash_reproducer)

    @property
    def _is_special(self) -> bool:
        """Whether it is something such as `/dev/stderr`, from which nothing can be taken back."""
        return self._reproducer.exists() and not self._reproducer.is_file()

    def _forget_reproducer(self) -> None:
        if self._replaced is not None:
            write_atomically(self._reproducer, self._replaced)
        elif self._reproducer.is_file():
            self._reproducer.resolve().unlink()

    def _tell_times(self) -> None:
        total = sum(seconds for _, seconds in self.seconds)
        lines = ["===- Pass execution timing report -==="]
        lines += [f"{'seconds':>9}  {'%':>5}  pass"]
        lines += [
            f"{seconds:9.4f}  {100 * seconds / (total or 1):5.1f}  {name}"
            for name, seconds in sorted(self.seconds, key=lambda each: -each[1])
        ]
        self._tell("\n".join([*lines, f"{total:9.4f}  100.0  all"]))

    def _named(self, when: str) -> list[str]:
        text: str = getattr(self.arguments, f"mlir_print_ir_{when}")
        return [name.strip() for name in text.split(",") if name.strip()]

    def _show(self, when: str, shown: ModulePass, text: str, state: str = "") -> None:
        title = f"// -----// IR Dump {when} {print_specification(shown)}{state} //----- //"
        folder: str | None = self.arguments.mlir_print_ir_tree_dir
        if folder is None:
            self._tell(f"{title}\n{text}")
            return
        name = f"{self._files:02}-{when.lower()}-{shown.name}{state.lower().replace(' ', '-')}.mlir"
        Path(folder).mkdir(parents=True, exist_ok=True)
        write_atomically(Path(folder) / name, f"{title}\n{text}")
        self._files += 1

    def _tell(self, text: str) -> None:
        print(text.rstrip("\n"), file=sys.stderr)
