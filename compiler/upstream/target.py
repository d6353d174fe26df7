"""`vaqf-opt -t upstream-mlir`: IR that the tools of upstream MLIR read with our IRDL file."""

from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from vaqf.compiler.upstream.printing import UpstreamPrinter
from vaqf.compiler.upstream.writing import to_upstream


@dataclass(frozen=True)
class UpstreamMlirTarget(Target):
    """
    Print the module for `mlir-opt`, which knows our dialects from `vaqf-opt --export-irdl`.

    What `mlir-opt --mlir-print-op-generic` prints can be read back as any IR.
    """

    name = "upstream-mlir"

    print_debuginfo: bool = False
    """Whether locations are printed."""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        printer = UpstreamPrinter(
            stream=output, print_generic_format=True, print_debuginfo=self.print_debuginfo
        )
        printer.print_op(to_upstream(module))
        output.write("\n")
