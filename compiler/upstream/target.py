"""`vaqf-opt -t upstream-mlir`: IR that the tools of upstream MLIR read with our IRDL file."""

from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.targets.mlir import MLIRTarget

from vaqf.compiler.upstream.printing import UpstreamPrinter
from vaqf.compiler.upstream.writing import to_upstream


@dataclass(frozen=True)
class UpstreamMlirTarget(MLIRTarget):
    """
    Print the module for `mlir-opt`, which knows our dialects from `vaqf-opt --export-irdl`.

    The format is always generic. What `mlir-opt --mlir-print-op-generic` prints reads as any IR.
    """

    name = "upstream-mlir"

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        printer = UpstreamPrinter(
            stream=output, print_generic_format=True, print_debuginfo=self.print_debuginfo
        )
        printer.print_op(to_upstream(module))
        output.write("\n")
