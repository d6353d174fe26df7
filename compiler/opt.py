"""`vaqf-opt`: run any passes on any level of IR, or on an ONNX model."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from importlib.metadata import version
from io import BytesIO, StringIO
from itertools import zip_longest
from pathlib import Path
from typing import IO, NoReturn

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass, PassPipeline
from xdsl.targets.mlir import MLIRTarget
from xdsl.tools.command_line_tool import CommandLineTool
from xdsl.universe import Universe
from xdsl.utils.exceptions import DiagnosticException, ParseError
from xdsl.utils.target import Target
from xdsl.xdsl_opt_main import xDSLOptMain

from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.errors import Terminated, run_tool, said_by
from vaqf.compiler.expected_diagnostics import Diagnostic, differences, expectations
from vaqf.compiler.hints import flag_meant
from vaqf.compiler.instrumentation import Instrumentation
from vaqf.compiler.instrumentation import add_arguments as add_instrumentation
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.named_pipelines import NAMED, named_pipelines
from vaqf.compiler.plugins import (
    add_plugin_argument,
    is_of_plugin,
    said_in_plugin,
    with_plugins,
)
from vaqf.compiler.printing import Printing
from vaqf.compiler.reproducer import passes_of
from vaqf.compiler.specification import parse_passes, parse_target, print_specification
from vaqf.compiler.universe import PASSES, TARGETS
from vaqf.compiler.verification import verify
from vaqf.dialects.diagnostics import ReportError, UserError
from vaqf.dialects.elision import ELISION_FLAG

EXAMPLES = f"""\
examples:
  vaqf-opt model.onnx                                        the graph as it was exported
  vaqf-opt model.onnx -p fold-onnx-constants                 without what follows from shapes alone
  vaqf-opt ir.mlir -p 'quantize-activations{{bits=6}},cse'     passes with options
  vaqf-opt model.onnx --vaqf-vit --vaqf-quantize             down to integers, as vaqf compile does
  vaqf-opt ir.mlir -p ... --mlir-print-ir-after-all >/dev/null   the IR after each pass
  vaqf-opt ir.mlir -p ... --mlir-print-ir-after-change --mlir-print-ir-tree-dir=dumps
  vaqf-opt ir.mlir -p ... --mlir-pass-pipeline-crash-reproducer=failed.mlir
  vaqf-opt --run-reproducer failed.mlir
  vaqf-opt ir.mlir -t 'hls{{file=src/top.cpp}}'                a file of the HLS project
  vaqf-opt --export-irdl -o vaqf.irdl.mlir                   our dialects for upstream MLIR:
  vaqf-opt ir.mlir -t upstream-mlir | mlir-opt --irdl-file=vaqf.irdl.mlir

passes of VAQF, in the order of `vaqf compile`; --list-passes says what each of them does, with its
options, and adds those of xDSL:
  {", ".join(PASSES)}
targets of VAQF: {", ".join(TARGETS)}
"""


UNEXPECTED = 1
"""Exit code when other errors came than `--verify-diagnostics` found comments for."""

TRUTHS = {"true": True, "1": True, "false": False, "0": False}
"""How the value of a flag is written."""


class VaqfOptMain(xDSLOptMain):
    """
    The driver of xDSL, with ONNX models as input and messages for people.

    What it changes: an error is one line with a place, and exit code 2; the standard output carries
    the result and nothing else; an output file is written whole or not at all.
    """

    targets: dict[str, Callable[[], type[Target]]]
    """Every target by its name."""

    target: Target
    """What to write."""

    instrumentation: Instrumentation
    """Shows what passes do."""

    exit_code: int = 0
    """Of the process, when nothing is raised."""

    def register_all_frontends(self) -> None:
        super().register_all_frontends()
        self.available_frontends["onnx"] = lambda _: self._import_model()

    def register_all_targets(self) -> None:
        self.targets = Universe.get_multiverse().all_targets
        self.available_targets.update(self.targets)

    def register_all_arguments(self, arg_parser: argparse.ArgumentParser) -> None:
        CommandLineTool.register_all_arguments(self, arg_parser)

        def refuse(message: str) -> NoReturn:
            unknown = re.match("unrecognized arguments: ([^ ]*)", message)
            hint = flag_meant(unknown[1], arg_parser.format_help()) if unknown else ""
            raise UserError(f"{message}{hint or ' (see vaqf-opt --help)'}")

        arg_parser.error = refuse
        arg_parser.prog = "vaqf-opt"
        arg_parser.usage = "vaqf-opt [FILE] [-p PASSES] [-t TARGET] [-o FILE] [options]"
        arg_parser.formatter_class = argparse.RawDescriptionHelpFormatter
        arg_parser.epilog = EXAMPLES
        add = arg_parser.add_argument
        add("-p", "--passes", default="", help="passes to run, separated by commas")
        add(
            "-t",
            "--target",
            default="mlir",
            type=self._read_target,
            help="what to write (default: %(default)s)",
        )
        add("-o", "--output-file", help="file to write instead of the standard output")
        add("--model", metavar="MODEL", help="the model file, wherever the IR says it is")
        for flag, meaning in {
            "--list-passes": "print the names of all passes, and exit",
            "--list-targets": "print the names of all targets, and exit",
            "--export-irdl": "write the dialects of VAQF for mlir-opt --irdl-file, and exit",
            "--split-input-file": "treat the parts between lines `// -----` as separate files",
            "--verify-diagnostics": "compare errors with comments `// expected-error@+1 {{text}}`, "
            "as mlir-opt does; print what differs, and no IR",
            "--print-op-generic": "print operations in the generic format",
            "--print-no-properties": "print properties as attributes",
            "--syntax-highlight": "print in colours",
            "--run-reproducer": "run the passes that the first line of the input names",
        }.items():
            add(flag, action="store_true", help=meaning)
        add(
            "--mlir-print-debuginfo",
            "--print-debuginfo",
            dest="print_debuginfo",
            action="store_true",
            help="print locations",
        )
        add(
            ELISION_FLAG,
            dest="elided_above",
            type=_read_count,
            metavar="N",
            help="print constants of more than N different elements without them; such text is "
            "for reading, and refused where the elements are needed",
        )
        add(
            "--verify-each",
            type=_read_truth,
            default=True,
            metavar="{true,false}",
            help="whether the IR is verified after each pass (default: true)",
        )
        add_plugin_argument(arg_parser)
        add_instrumentation(arg_parser)
        group = arg_parser.add_argument_group(
            "passes of vaqf compile", "They run in the order of the levels, before those of -p."
        )
        for name, meaning in NAMED.items():
            group.add_argument(f"--{name}", action="store_true", help=meaning)
        versions = f"vaqf {version('vaqf')}, xdsl {version('xdsl')}"
        add("-v", "--version", action="version", version=versions)

    def setup_pipeline(self) -> None:
        self.available_passes = with_plugins(self.available_passes, self.args.plugins)
        named = [each for each in NAMED if getattr(self.args, each.replace("-", "_"))]
        passes = parse_passes(self.available_passes, self.args.passes)
        self.pipeline = PassPipeline((*named_pipelines(named), *passes), self._between_passes)
        self.instrumentation = Instrumentation(self.args, self._shown, self._readable)

    def run(self) -> None:
        """
        Read, run the passes, and write.

        Raises:
            DiagnosticException, ParseError, OSError: for a mistake of the user.
        """
        if self.args.list_passes:
            from vaqf.compiler.pass_reference import reference_of, references

            for each in references():
                print("\n".join(each.lines))
            others = {name: self.available_passes[name]() for name in self.available_passes}
            for title, wanted in (("--load-pass-plugin", True), ("xDSL", False)):
                chosen = [
                    others[name]
                    for name in sorted(others)
                    if name not in PASSES and is_of_plugin(others[name]) is wanted
                ]
                if chosen:
                    print(f"\npasses of {title}:")
                for each in chosen:
                    print("\n".join(reference_of(each).lines))
            return
        if self.args.export_irdl:
            self._export_irdl()
            return
        if self.args.list_targets:
            print("\n".join(sorted(self.targets)))
            return
        chunks, extension = self.prepare_input()
        whole = StringIO()
        output = whole if self.args.output_file else sys.stdout
        with searching_models(self._model_search()):
            for index, (chunk, offset) in enumerate(chunks):
                if index > 0 and not self.args.verify_diagnostics:
                    output.write("// -----\n")
                with chunk:
                    self._process(chunk, extension, offset, output)
        if self.args.output_file and not self.args.verify_diagnostics:
            write_atomically(Path(self.args.output_file), whole.getvalue())

    def _export_irdl(self) -> None:
        from vaqf.compiler.upstream.irdl import export_irdl

        if self.args.output_file:
            write_atomically(Path(self.args.output_file), export_irdl())
        else:
            sys.stdout.write(export_irdl())

    def prepare_input(self) -> tuple[list[tuple[IO[bytes], int]], str]:
        try:
            return super().prepare_input()
        except ValueError as error:
            raise UserError(
                f"{self.get_input_name()}: ends neither in .mlir nor in .onnx, say which with -f"
            ) from error

    def parse_chunk(
        self, chunk: IO[bytes], file_extension: str, start_offset: int = 0
    ) -> ModuleOp | None:
        if file_extension != "mlir":
            if self.args.run_reproducer:
                raise UserError(f"{self.get_input_name()}: is a model, no reproducer")
            return super().parse_chunk(chunk, file_extension, start_offset)
        text = chunk.read()
        if self.args.run_reproducer:
            passes = passes_of(self.get_input_name(), text.decode(errors="replace"))
            parsed = parse_passes(self.available_passes, passes)
            self.pipeline = PassPipeline(parsed, self._between_passes)
        return parse_ir(
            self.ctx,
            text,
            self.get_input_name(),
            line_offset=start_offset,
            implicit_module=not self.args.no_implicit_module,
        )

    def output_resulting_program(self, prog: ModuleOp) -> str:
        if type(self.target) is MLIRTarget:
            return self._shown(prog)
        output, target = StringIO(), self.target
        if isinstance(target, MLIRTarget):
            target = replace(target, print_debuginfo=self.args.print_debuginfo)
        target.emit(self.ctx, prog, output)
        return output.getvalue()

    def _process(self, chunk: IO[bytes], extension: str, offset: int, output: IO[str]) -> None:
        """
        Take one part of the input through the passes, and write the result.

        With `--verify-diagnostics`, compare what goes wrong with the comments instead.
        """
        self.instrumentation.running = None
        if not self.args.verify_diagnostics:
            output.write(self._transformed(chunk, extension, offset))
            return
        content = chunk.read()
        name = self.get_input_name()
        text = content.decode(errors="replace") if extension == "mlir" else ""
        expected = expectations(name, text, offset + 1)
        told: Sequence[Diagnostic] = ()
        try:
            self._transformed(BytesIO(content), extension, offset)
        except (DiagnosticException, ParseError) as error:
            told = Diagnostic.all_of(name, error)
        for line in differences(name, expected, told):
            print(line, file=sys.stderr)
            self.exit_code = UNEXPECTED

    def _transformed(self, chunk: IO[bytes], extension: str, offset: int) -> str:
        """
        The text of one part of the input after the passes.

        Raises:
            DiagnosticException: for a mistake of the user.
        """
        module = self.parse_chunk(chunk, extension, offset)
        if module is None:
            return ""
        self.instrumentation.begin(self.pipeline.passes)
        try:
            # What passes print is no part of the result.
            with redirect_stdout(sys.stderr):
                self.apply_passes(module)
        except BaseException as error:
            self.instrumentation.failed(module)
            running = self.instrumentation.running
            if running is None or isinstance(error, ReportError):
                raise
            if not isinstance(error, DiagnosticException):
                is_of_pass = isinstance(error, Exception | SystemExit)
                is_of_pass = is_of_pass and not isinstance(error, Terminated)
                if is_of_pass and is_of_plugin(type(running)):
                    raise UserError(f"{running.name}: {said_in_plugin(error)}") from error
                error.add_note(f"in the pass {running.name}")
                raise
            raise UserError(said_by(running.name, error)) from error
        self.instrumentation.end()
        return self.output_resulting_program(module)

    def _model_search(self) -> ModelSearch:
        file, model = self.args.input_file, self.args.model
        return ModelSearch(file and Path(file), model and Path(model))

    def _import_model(self) -> ModuleOp:
        """Import by path, not from the open file: external data lies beside it."""
        from vaqf.frontends.onnx import import_model

        name = self.args.input_file
        if not isinstance(name, str):
            raise UserError("an ONNX model is read from a file, not from the standard input")
        return import_model(Path(name), name)

    def _read_target(self, text: str) -> str:
        self.target = parse_target(self.targets, text)
        return print_specification(self.target)

    def _shown(self, module: ModuleOp) -> str:
        """The text of a module, printed as the result is."""
        printing = Printing(
            generic=self.args.print_op_generic,
            properties_as_attributes=self.args.print_no_properties,
            locations=self.args.print_debuginfo,
            colours=self.args.syntax_highlight,
            elided_above=self.args.elided_above,
        )
        return printing.text(self.ctx, module)

    def _readable(self, module: ModuleOp) -> str:
        """The text of a module, with locations and all constants."""
        return Printing(locations=True).text(self.ctx, module)

    def _between_passes(
        self, previous: ModulePass | None, module: ModuleOp, following: ModulePass | None
    ) -> None:
        if not self.args.disable_verify and (self.args.verify_each or previous is None):
            verify(module, after=previous)
        if previous is not None:
            self.instrumentation.after(previous, module)
        if following is not None:
            self.instrumentation.before(following, module)


def _read_truth(text: str) -> bool:
    """
    The value of a flag, as MLIR reads it.

    Raises:
        argparse.ArgumentTypeError: when it is none.
    """
    if text not in TRUTHS:
        raise argparse.ArgumentTypeError(f"'{text}' is neither true nor false")
    return TRUTHS[text]


def _as_argparse_reads_it(argv: Sequence[str]) -> list[str]:
    """
    Arguments that mlir-opt knows: `--verify-each` alone, and `-` for the standard input, or behind
    `-o` for the standard output.
    """
    found: list[str] = []
    for argument, following in zip_longest(argv, argv[1:]):
        if argument == "-":
            if found[-1:] in (["-o"], ["--output-file"]):
                found.pop()
            continue
        is_alone = argument == "--verify-each" and following not in TRUTHS
        found.append("--verify-each=true" if is_alone else argument)
    return found


def _read_count(text: str) -> int:
    """
    The value of a flag.

    Raises:
        argparse.ArgumentTypeError: when it is no number from 0.
    """
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is no number of elements")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """
    Entry point of `vaqf-opt`; gives the exit code. The arguments are those of the process if None.
    """

    def work() -> int:
        given = _as_argparse_reads_it(sys.argv[1:] if argv is None else argv)
        tool = VaqfOptMain(
            "Run passes of VAQF and xDSL on IR of any level, or on an ONNX model.", given
        )
        tool.run()
        return tool.exit_code

    return run_tool("vaqf-opt", work)


if __name__ == "__main__":
    sys.exit(main())
