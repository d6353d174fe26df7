"""`vaqf-opt -t hls`: the text files of the HLS project that a module describes."""

from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from vaqf.backends.hls.project import source_files
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class HlsTarget(Target):
    """
    Print one text file of the project, or all of them, each after a line with its path.

    What a compilation adds is not there: weights, golden vectors, the IR of every stage, reports.
    """

    name = "hls"

    file: str | None = None
    """Path of the file within the project; all of them by default."""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        files = source_files(module)
        if self.file is None:
            for path, text in files.items():
                output.write(f"// ----- {path}\n{text}\n")
        elif self.file in files:
            output.write(files[self.file])
        else:
            raise UserError(
                f"the project has no text file '{self.file}', it has {', '.join(files)}"
            )
